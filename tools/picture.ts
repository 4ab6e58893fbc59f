/** Draws the README's picture: what a scan of the demo image prints, as SVG. Run by `npm run generate`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reportTable } from '../apps/cli/src/output/table.ts'
import { importAdvisories, openStore } from '../packages/advisories/src/index.ts'
import { assess, openSource } from '../packages/assessment/src/index.ts'

const colours: Readonly<Record<string, string>> = {
  '1;31': '#ff6b6b',
  '31': '#ff8f6b',
  '33': '#ffd166',
  '36': '#7cc7ff',
  '35': '#d7a6ff',
  '2': '#8b96a8',
  '1': '#ffffff',
  '32': '#7ddc9a',
}

const escapeXml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** One line of terminal output as SVG spans. */
function spans(line: string): string {
  return line
    .split('\u001b[')
    .map((part, index) => {
      if (index === 0) return escapeXml(part)
      const end = part.indexOf('m')
      const fill = colours[part.slice(0, end)]
      const text = escapeXml(part.slice(end + 1))
      return fill && text ? `<tspan fill="${fill}">${text}</tspan>` : text
    })
    .join('')
}

/** The picture as SVG text; the same on every machine and day. */
export async function scanPicture(root: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'lanner-picture-'))
  try {
    const day = new Date('2026-11-01T00:00:00Z')
    await importAdvisories(join(root, 'demo', 'advisories'), folder, { now: () => day })
    using advisories = openStore(folder)
    const source = await openSource(`oci:${join(root, 'demo', 'image')}`, { version: '', offline: true })
    const { reports } = await assess(
      { ...source, reference: 'oci:demo/image' },
      { version: '', advisories, now: () => day },
    )
    await source.close()
    const report = { ...reports[0], reference: 'oci:demo/image' }
    const terminal = {
      out: process.stdout,
      err: process.stderr,
      interactive: false,
      colour: true,
      columns: 140,
    }
    const table = reportTable(report, terminal, { inventory: false, findings: report.findings })
    const lines = [
      '$ lanner scan oci:demo/image --advisories demo/advisories',
      '',
      ...table.trimEnd().split('\n'),
    ]
    const height = lines.length * 20 + 44
    const plain = (line: string) => line.replace(/\u001b\[[\d;]*m/g, '').length
    const width = Math.ceil(Math.max(...lines.map(plain)) * 8.43) + 44
    const text = lines
      .map((line, index) => `<text x="22" y="${36 + index * 20}" xml:space="preserve">${spans(line)}</text>`)
      .join('\n')
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A scan of the demo image">
<rect width="100%" height="100%" rx="8" fill="#12161d"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#d5dce6">
${text}
</g>
</svg>
`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
