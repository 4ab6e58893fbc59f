import { startEstate } from '../../apps/server/src/testing/estate.ts'
import { apiPages } from './page.ts'
import { runExamples } from './run.ts'

/** The pages of the API, with examples from a server that is started for them. Throws where one fails. */
export async function printApiPages(): Promise<(readonly [path: string, text: string])[]> {
  const steps: (() => unknown)[] = []
  try {
    const estate = await startEstate({ after: (step) => void steps.push(step as () => unknown) })
    const { collections, wrong } = await runExamples(estate)
    if (wrong.length > 0) throw new Error(`examples fail:\n${wrong.join('\n')}`)
    return apiPages(collections)
  } finally {
    for (const step of steps.reverse()) await step()
  }
}
