// Run as a process of its own, whose NODE_EXTRA_CA_CERTS names the CA of the server: Node reads it at its start.
import { readFileSync } from 'node:fs'
import { groundOf } from './falcon-ground.ts'
import { journeys } from './falcon-journeys.ts'
import type { Credentials } from './platform.ts'

const ground = groundOf(JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as Credentials)
for (const { name, run } of journeys) {
  await run(ground)
  process.stdout.write(`${name}\n`)
}
