import { formatImageName } from './image-name.ts'
import { admissionLimits } from './limits.ts'
import { clipped } from './plain-text.ts'
import type { ImageVerdict, JudgedImage } from './verdict.ts'

/** Where an image is asked about, as the platform and `lanner policy-check` name it. */
export type ShownName = (judged: JudgedImage) => string

/**
 * Why an object is denied, for the developer who reads it: which image of which container, by which policy and rule, for
 * which findings, and what to do. Within `admissionLimits.message` characters; what does not fit is counted.
 */
export function denialMessage(denied: readonly JudgedImage[], shownName: ShownName): string {
  const reserve = 160
  const blocks: string[] = []
  let room: number = admissionLimits.message
  for (const judged of denied) {
    const block = denialOf(judged, shownName)
    const last = blocks.length + 1 === denied.length
    if (blocks.length > 0 && block.length + 1 + (last ? 0 : reserve) > room) break
    blocks.push(clipped(block, room - (last ? 0 : reserve), true))
    room -= block.length + 1
  }
  const left = denied.slice(blocks.length)
  if (left.length > 0) {
    const names = left.map(({ image }) => image.text || 'one without a name').join(', ')
    blocks.push(
      clipped(
        `${left.length} more ${left.length === 1 ? 'image is' : 'images are'} denied: ${names}`,
        reserve - 1,
      ),
    )
  }
  return blocks.join('\n')
}

/** The same in one line, for a warning. */
export function denialLine(judged: JudgedImage): string {
  return headline(judged)
}

function denialOf(judged: JudgedImage, shownName: ShownName): string {
  return [
    headline(judged),
    ...detailsOf(judged).map((line) => `  ${line}`),
    ...adviceOf(judged, shownName),
  ].join('\n')
}

function headline(judged: JudgedImage): string {
  const { image, answer, outcome } = judged
  const shown = image.name && image.text !== '' ? image.text : JSON.stringify(image.text)
  const subject = `image ${clipped(shown, 300)} of ${placesText(image.places)}`
  if (outcome === 'malformed') {
    const problem = image.problem ?? (answer?.kind === 'refused' ? answer.problem : 'it cannot be read')
    return clipped(`${subject} names no image: ${problem}`, 700)
  }
  if (answer?.kind === 'unanswered') return clipped(`${subject} could not be judged: ${answer.problem}`, 700)
  if (answer?.kind !== 'verdict') return `${subject} is denied`
  const { verdict } = answer
  if (outcome === 'denied') return clipped(`${subject} is denied by ${policyText(verdict)}`, 800)
  return clipped(`${subject} is ${stateText(verdict)}`, 700)
}

/** `container "app", init container "migrate"`, at most three of them. */
export function placesText(places: readonly string[]): string {
  const more = places.length > 3 ? ` and ${places.length - 3} more` : ''
  return `${places.slice(0, 3).join(', ')}${more}`
}

/** `policy "Production" (group "shop"), rule 1 (severity gte "high")`. */
export function policyText({ policy, group, rules }: ImageVerdict): string {
  const name = policy === undefined ? 'a policy' : `policy ${JSON.stringify(clipped(policy, 100))}`
  const reach = group === undefined ? '' : ` (group ${JSON.stringify(clipped(group, 60))})`
  const more = rules.length > 2 ? ` and ${rules.length - 2} more` : ''
  const matching =
    rules.length === 0
      ? ''
      : `, ${rules
          .slice(0, 2)
          .map((rule) => clipped(rule, 180))
          .join(', ')}${more}`
  return `${name}${reach}${matching}`
}

/** What is not known about an image, and why. */
export function stateText({ state, reason }: ImageVerdict): string {
  const because = reason === '' ? '' : `: ${clipped(reason, 300)}`
  if (state === 'unknown') return `not known to Lanner${because}`
  if (state === 'pending') return `not assessed yet${because}`
  if (state === 'not_assessable') return `not assessable${because}`
  return state === 'partially'
    ? `assessed only in part${because}`
    : 'assessed, and no policy decides about it'
}

function detailsOf({ answer }: JudgedImage): readonly string[] {
  if (answer?.kind !== 'verdict') return []
  const { verdict, age } = answer
  const { digest, decidedBy, matched, state } = verdict
  const worst = worstOf(verdict)
  const left = matched - worst.length
  return [
    ...(digest === undefined ? [] : [`digest ${digest}`]),
    ...(decidedBy === undefined ? [] : [`of its platforms, ${decidedBy} decided`]),
    ...(state === 'assessed' || verdict.action === undefined ? [] : [stateText(verdict)]),
    ...worst.map((line) => clipped(line, 160)),
    ...(left > 0 && worst.length > 0 ? [`and ${left} more`] : []),
    ...(age === undefined ? [] : [`as of ${age} s ago; the platform cannot be asked now`]),
  ]
}

function worstOf({ findings, others }: ImageVerdict): readonly string[] {
  return [
    ...findings.map(
      ({ vulnerability, severity, package: name, fixedVersion }) =>
        `${vulnerability} ${severity} in ${name}: ${fixedVersion === undefined ? 'no fix known' : `fixed in ${fixedVersion}`}`,
    ),
    ...others,
  ].slice(0, admissionLimits.findings)
}

function adviceOf({ image, answer, outcome }: JudgedImage, shownName: ShownName): readonly string[] {
  const more = `More: lanner policy-check ${shownName({ image, ...(answer ? { answer } : {}), outcome })}`
  if (outcome === 'malformed') return ['Correct the name; nothing else was looked at.']
  if (outcome === 'unanswered-denied')
    return ['Nothing is wrong with the image itself: try again in a moment.']
  if (answer?.kind !== 'verdict') return []
  const { verdict } = answer
  if (outcome === 'denied') {
    const fixes = verdict.findings.some(({ fixedVersion }) => fixedVersion !== undefined)
    return [
      fixes
        ? 'Build the image anew with the fixed versions, or ask who keeps the policy for an exclusion.'
        : 'Use another image, or ask who keeps the policy for an exclusion.',
      more,
    ]
  }
  const advice = {
    unknown: 'Push it to the platform, or have its registry watched, and wait until it is assessed.',
    pending: 'Try again once its assessment has ended.',
    not_assessable: 'Mend what keeps it from being assessed.',
    partially: 'Have a policy decide about it.',
    assessed: 'Have a policy decide about it.',
  }[verdict.state]
  return [advice, more]
}

/** As people ask for it: the name of the object, by the digest that was judged. */
export function nameByDigest({ image, answer }: JudgedImage): string {
  if (!image.name) return image.text
  const digest = answer?.kind === 'verdict' ? answer.verdict.digest : undefined
  const { registry, repository } = image.name
  return digest === undefined
    ? formatImageName(image.name)
    : `${registry === '' ? '' : `${registry}/`}${repository}@${digest}`
}
