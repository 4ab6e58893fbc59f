import { Type } from 'typebox'
import { jobType } from '../job-type.ts'
import { type RematchPorts, type RematchProgress, rematch } from './rematch.ts'

/** Names beyond which everything is matched anew: a payload has its bounds, and a walk over all is then as quick. */
export const maxChangedNames = 20_000

/** Carries a change of the advisories into the findings; without names, everything is matched anew. */
export const rematchJob = jobType({
  name: 'rematch-advisories',
  payload: Type.Object({ names: Type.Optional(Type.Array(Type.String(), { maxItems: maxChangedNames })) }),
  // Each change has names of its own: none may stand in for another.
  key: ({ names }) => (names ? crypto.randomUUID() : 'all'),
  attempts: 20,
  priority: 'user',
})

/** What follows when advisories change. */
export interface AdvisoryChanges {
  rematch(
    names: readonly string[] | undefined,
    signal: AbortSignal,
    onProgress: (progress: RematchProgress) => void,
  ): Promise<RematchProgress>
}

export function advisoryChanges(ports: RematchPorts): AdvisoryChanges {
  return {
    rematch: (names, signal, onProgress) => rematch(names, ports, signal, onProgress),
  }
}
