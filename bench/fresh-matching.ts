/** `fresh-matching.ts STORE`: prints the milliseconds from opening the store to the findings, the first thing this process does. */
import { openStore } from '../packages/advisories/src/index.ts'
import { matchPackages } from '../packages/matching/src/index.ts'
import { debian, samplePackages } from './store.ts'

const packages = samplePackages()
const started = performance.now()
matchPackages({ packages, distribution: debian, now: new Date() }, openStore(process.argv[2] ?? ''))
process.stdout.write(String(performance.now() - started))
