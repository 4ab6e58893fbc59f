import type { PolicyPreviewResult } from '@lanner/sdk'
import type { Terminal } from '../command.ts'
import { columns, counted, formatDuration, grouped, paint, printable } from './text.ts'

type Action = PolicyPreviewResult['by_policy'][number]['to']

/** What a preview tells, for people: by policy, then image by image, then exclusions without effect. */
export function previewText(preview: PolicyPreviewResult, terminal: Terminal): string {
  const { by_policy, flips, flipped, exclusions_unmatched: unmatched } = preview
  const parts: string[][] = []
  if (by_policy.length > 0)
    parts.push(
      table(
        ['POLICY', 'FROM', 'TO', 'IMAGES'],
        by_policy.map(({ policy, from, to, images }) => [
          policy ?? '-',
          word(from),
          word(to),
          grouped(images),
        ]),
        terminal,
        [60, 10, 10, 12],
      ),
    )
  if (flips.length > 0) {
    const rows = flips.map(({ image, before, after }) => [
      nameOf(image),
      image.architecture,
      shown(before),
      shown(after),
    ])
    const lines = table(['IMAGE', 'ARCH', 'BEFORE', 'AFTER'], rows, terminal, [90, 10, 50, 50])
    const more = flipped - flips.length
    parts.push(more > 0 ? [...lines, `and ${counted(more, 'more image')}`] : lines)
  }
  if (unmatched.length > 0) {
    const rows = unmatched.map(({ prop, op, value, description }) => [
      `${prop} ${op} ${value.slice(0, 3).join(', ')}${value.length > 3 ? ` and ${value.length - 3} more` : ''}`,
      description,
    ])
    parts.push(table(['EXCLUSION THAT COVERS NOTHING', 'WHY IT IS THERE'], rows, terminal, [90, 90]))
  }
  return parts.length === 0 ? '' : `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** The same in a line. */
export function previewSummary(preview: PolicyPreviewResult): string {
  const { images, undecided, denied, flipped, took_ms: took } = preview
  const turn = flipped === 0 ? 'no image would turn' : `${counted(flipped, 'image')} would turn`
  const open =
    undecided === 0
      ? ''
      : undecided === 1
        ? '; 1 image is not assessed, and no policy says anything of it'
        : `; ${grouped(undecided)} images are not assessed, and no policy says anything of them`
  return `${turn} of ${grouped(images)}; ${grouped(denied.before)} are denied now, ${grouped(denied.after)} would be${open} (${formatDuration(took)})`
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  terminal: Terminal,
  limits: readonly number[],
): string[] {
  const [first = '', ...others] = columns([head, ...rows], limits)
  return [paint(terminal, 'dim', first), ...others]
}

function nameOf({ registry, repository, tag, image_digest }: PolicyPreviewResult['flips'][number]['image']) {
  const name = registry === '' ? repository : `${registry}/${repository}`
  return printable(tag === '' ? `${name}@${image_digest}` : `${name}:${tag}`)
}

function shown({ action, policy }: { readonly action: Action; readonly policy: string | null }): string {
  return action === null ? word(action) : `${word(action)} (${policy ?? '-'})`
}

/** No policy says anything of what is not assessed. */
function word(action: Action): string {
  return action ?? 'undecided'
}
