import { openPool } from './pool.ts'
import { startPostgres } from './supervisor.ts'

/** A server's process as a test can kill it: starts the database in a folder and writes numbers, each said once it is acknowledged. */
const server = await startPostgres({ dataDir: process.argv[2] ?? '', durable: false })
const pool = openPool({ server: server.address, size: 2 })
await pool.query('create table if not exists written (n int8 primary key)')
process.stdout.write(`started ${server.pid}\n`)
// What a second Ctrl-C does.
process.once('SIGTERM', () => process.exit(1))
for (let n = 1; ; n++) {
  await pool.query('insert into written values ($1)', [n])
  process.stdout.write(`${n}\n`)
}
