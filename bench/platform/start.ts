import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request as send } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { median, milliseconds, type Row } from '../measure.ts'

const root = join(import.meta.dirname, '..', '..')
const runs = 7

/** `npm start` on a data folder that an earlier start made, without npm itself: until it says that it is ready to answer. */
export async function benchStart(folder: string): Promise<Row[]> {
  const took: number[] = []
  for (let run = 0; run <= runs; run++) {
    const once = await start(join(folder, 'start'))
    // The first makes bundle, database and keys.
    if (run > 0) took.push(once)
  }
  return [
    {
      what: '`npm start`, warm, until /readyz answers',
      figure: milliseconds(median(took)),
      against: `the longest of ${runs} took ${milliseconds(Math.max(...took))}; at most 1500 ms`,
      holds: median(took) <= 1_500,
    },
  ]
}

async function start(dataFolder: string): Promise<number> {
  const port = await freePort()
  const args = ['start', '--', '--port', String(port), '--data-dir', dataFolder, '--offline']
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [join(root, 'tools', 'ready.mjs'), ...args.filter((it) => it !== '--')],
    {
      stdio: 'ignore',
    },
  )
  const ended = once(child, 'exit')
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    await after(3)
  }
  const took = performance.now() - started
  child.kill('SIGTERM')
  await ended
  return took
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const agent = new Agent({ keepAlive: false })
    const request = send({ host: '127.0.0.1', port, path: '/readyz', agent }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('error', () => resolve(false))
    request.end()
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
