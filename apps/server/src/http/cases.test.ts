import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { oAuth2 } from '@lanner/contract/falcon'
import { birdRoom } from '../testing/birds.ts'
import { readHttpCases, runHttpCase } from '../testing/http-cases.ts'
import { testServer } from '../testing/server.ts'
import type { IdentityServices } from '../use-cases/identity.ts'
import { type Room, room } from './dialect.ts'
import { oAuth2Handlers } from './falcon/o-auth2.ts'

const folder = join(import.meta.dirname, 'cases')
// Neither asks for more than identity.
const rooms = [room(oAuth2, oAuth2Handlers), birdRoom] as unknown as readonly Room<IdentityServices>[]

for (const file of readdirSync(folder).sort())
  test(`what ${file} says comes true`, async (t) => {
    const { call, tenant } = await testServer<IdentityServices>(t, { rooms })
    const { clientId, clientSecret, cid } = tenant
    const variables = new Map([
      ['client_id', clientId],
      ['client_secret', clientSecret],
      ['basic', Buffer.from(`${clientId}:${clientSecret}`).toString('base64')],
      ['cid', cid],
      ['upper_cid', cid.toUpperCase()],
    ])
    for (const one of readHttpCases(readFileSync(join(folder, file), 'utf8')))
      await t.test(one.name, () => runHttpCase(one, variables, call))
  })
