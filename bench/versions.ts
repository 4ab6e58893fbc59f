import { comparator, schemes } from '../packages/versions/src/index.ts'
import { median, type Row, timed } from './measure.ts'

const samples: Readonly<Record<string, readonly string[]>> = {
  deb: ['1.1.1d-0+deb10u1', '1.1.1d-0+deb10u8', '3.0.11-1~deb12u2', '2:9.0.1378-2', '1.0~rc1-1'],
  rpm: ['1:1.1.1k-9.el8_7', '2.34-60.el9', '0:4.18.0-372.9.1.el8', '20211016-1.amzn2023'],
  apk: ['1.31.1-r9', '3.1.4-r5', '1.2.3_rc1-r0', '20230506-r0'],
  npm: ['4.17.4', '4.17.21', '1.0.0-beta.11', '18.2.0'],
  pep440: ['2.19.0', '2.31.0', '1!2.0rc1', '1.0.post1.dev3'],
  maven: ['2.14.1', '2.15.0', '1.0-SNAPSHOT', '29.0-jre'],
  go: ['v0.0.0-20200822124328-c89045814202', 'v1.21.3', 'v2.0.0+incompatible'],
  gem: ['7.0.4.3', '1.16.0.rc1', '3.2.1'],
}

/** How many comparisons a second: one installed version against many bounds, as matching does. */
export async function benchVersions(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [id, texts] of Object.entries(samples)) {
    const scheme = schemes[id as keyof typeof schemes]
    const count = 200_000
    const run = () => {
      for (let index = 0; index < count / texts.length; index++) {
        const compare = comparator(scheme, texts[index % texts.length])
        for (const other of texts) compare(other)
      }
    }
    const text = () => {
      let sum = 0
      for (let index = 0; index < count; index++)
        sum += texts[index % texts.length] < texts[(index + 1) % texts.length] ? 1 : 0
      return sum
    }
    run()
    const ours = median(await Promise.all([timed(run), timed(run), timed(run)]))
    const plain = median([await timed(text), await timed(text), await timed(text)])
    rows.push({
      what: `version order, ${id}`,
      figure: `${(count / ours / 1000).toFixed(1)} M/s`,
      against: `parsed anew each time; plain text order ${(count / plain / 1000).toFixed(0)} M/s`,
    })
  }
  return rows
}
