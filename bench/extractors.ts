import { assess, openSource } from '../packages/assessment/src/index.ts'
import { extractors } from '../packages/extractors/src/extractors.ts'
import type { BenchImage } from './image.ts'
import { paired, type Row, times } from './measure.ts'

/** What each family of extractors adds to reading the layer alone. */
export async function benchExtractors(image: BenchImage): Promise<Row[]> {
  const scan = (family: string) => async () => {
    const source = await openSource(`oci:${image.layout}`, { version: 'bench', offline: true })
    const chosen = extractors.filter(({ id }) => family === 'all' || id.startsWith(`${family}/`))
    await assess(source, { version: 'bench', extractors: chosen })
    await source.close()
  }
  const rows: Row[] = []
  for (const family of ['os', 'language', 'binary', 'all']) {
    const { ratio } = await paired(3, scan(family), scan('none'))
    rows.push({ what: `extractors: ${family}`, figure: times(ratio), against: 'the layer read without any' })
  }
  return rows
}
