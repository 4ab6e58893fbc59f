// Has two processes, one that idles and one that computes for ever, and says which; to be killed.
import { systemClock } from '@lanner/oci'
import { processHosts } from '../processes/process-host.ts'
import { TaskPool } from '../tasks/task-pool.ts'

const entry = new URL('./process.fixture.ts', import.meta.url)
const memory = { heap: 64 * 1024 ** 2, total: 320 * 1024 ** 2 }
const tasks = new TaskPool({
  start: processHosts({ entry, memory, answer: 1024 }),
  size: 2,
  clock: systemClock,
})
const pids = await Promise.all([tasks.run('pid', undefined), tasks.run('pid', undefined)])
void tasks.run('spin', undefined, { onEvent: () => process.stdout.write(`${JSON.stringify(pids)}\n`) })
