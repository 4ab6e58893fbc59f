import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchAdvisories } from './watch-advisories.ts'

test('looks again and again, one look at a time, and tells a trouble once', async () => {
  const failures: string[] = []
  let looks = 0
  let under = 0
  // The watch lets the process end.
  const alive = setInterval(() => {}, 60_000)
  await new Promise<void>((done) => {
    const stop = watchAdvisories(
      {
        async lookAgain() {
          assert.equal(under++, 0)
          await new Promise((resolve) => setImmediate(resolve))
          under--
          looks++
          if (looks === 2 || looks === 3 || looks === 5) throw new Error(`trouble ${looks}`)
          if (looks < 6) return
          stop()
          clearInterval(alive)
          done()
        },
      },
      { every: 1, failed: (error) => failures.push((error as Error).message) },
    )
  })
  assert.deepEqual(failures, ['trouble 2', 'trouble 5'])
})
