import assert from 'node:assert/strict'
import { FalconClient, ResponseError } from 'crowdstrike-falcon'
import type { Credentials } from './platform.ts'

/** What the vendor's client is told of a server that has the demo image `demo/shop:1.0`. */
export interface Ground {
  readonly credentials: Credentials
  readonly falcon: FalconClient
}

/** A part of the API as somebody uses it from beginning to end. */
export interface Journey {
  readonly name: string
  run(ground: Ground): Promise<void>
}

/** The client knows the vendor's clouds only: what it sends there goes to our server. */
export function groundOf(credentials: Credentials): Ground {
  const cloud = 'https://api.crowdstrike.com'
  const falcon = new FalconClient({
    cloud: 'us-1',
    clientId: credentials.client_id,
    clientSecret: credentials.client_secret,
    fetchApi: (input: string | URL | Request, init?: RequestInit) => {
      const address = String(input)
      assert.ok(address.startsWith(cloud), address)
      return fetch(credentials.url + address.slice(cloud.length), init)
    },
  })
  return { credentials, falcon }
}

export const demo = { repository: 'demo/shop', tag: '1.0' }
export const demoFilter = "repository:'demo/shop'+tag:'1.0'"

/** The message of a call that has to be refused with the status. */
export async function refused(status: number, call: Promise<unknown>): Promise<string> {
  let answer: unknown
  try {
    answer = await call
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error
    const text = await error.response.text()
    assert.equal(error.response.status, status, text)
    const { errors } = JSON.parse(text) as { errors: readonly { code: number; message: string }[] }
    assert.equal(errors[0]?.code, status)
    return errors[0]?.message ?? ''
  }
  assert.fail(`not refused: ${JSON.stringify(answer)}`)
}

export function only<T>(resources: readonly T[] | undefined): T {
  assert.equal(resources?.length, 1, JSON.stringify(resources))
  return (resources as readonly [T])[0]
}

export function single<T>(resource: T | undefined): T {
  assert.ok(resource && !Array.isArray(resource), JSON.stringify(resource))
  return resource
}
