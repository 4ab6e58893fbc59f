import { messageOf } from '../../fault.ts'
import type { RecordOrRefusal } from '../osv/index.ts'
import { readDebianTracker, topLevelMembers } from './index.ts'

/** Every record of the tracker's document, a package at a time. Throws an Error when it is no JSON object or ends early. */
export function* readTrackerDocument(content: Buffer, modified: string): Generator<RecordOrRefusal> {
  for (const { name, value } of topLevelMembers(content)) {
    let json: unknown
    try {
      json = JSON.parse(value.toString())
    } catch (error) {
      yield { name: name.slice(0, 200), problem: `is no JSON: ${messageOf(error).slice(0, 200)}` }
      continue
    }
    const { records, refused } = readDebianTracker(name, json, modified)
    yield* records
    yield* refused
  }
}
