import type { Answer, falconContainer, Handlers } from '@lanner/contract'
import type { RegistryConnectionRow } from '../../use-cases/registries.ts'
import { RequestFault } from '../../use-cases/request-fault.ts'
import type { Services } from '../../use-cases/services.ts'
import { instant } from './words.ts'

type Own = Pick<
  Handlers<typeof falconContainer, Services>,
  | 'GetCredentials'
  | 'ReadRegistryEntities'
  | 'ReadRegistryEntitiesByUUID'
  | 'CreateRegistryEntities'
  | 'UpdateRegistryEntities'
  | 'DeleteRegistryEntities'
>

type Body = Answer<(typeof falconContainer)['operations']['CreateRegistryEntities']>['resource']

/** Seconds that a pull token lives. */
const pullTokenSeconds = 3600

/** Connected registries, and the credential of the own one. */
export const registryHandlers: Own = {
  async GetCredentials({ caller }, { registryAccess }) {
    const token = registryAccess.issuePullToken(caller.cid, pullTokenSeconds)
    return { resources: [{ token, ids: [], auto_authorize_scanners: false }] }
  },

  async ReadRegistryEntities({ query, caller }, { registries }) {
    const { limit, offset, sort = [] } = query
    const { ids, total } = await registries.ids(caller.cid, { limit, offset, sort })
    return { resources: ids, pagination: { limit, offset, total } }
  },

  async ReadRegistryEntitiesByUUID({ query, caller }, { registries }) {
    return { resources: (await registries.read(caller.cid, query.ids)).map(body) }
  },

  async CreateRegistryEntities({ body: wanted, caller }, { registries }) {
    const { type, url, credential, url_uniqueness_key, user_defined_alias } = wanted
    const created = await registries.connect(caller.cid, caller.actor, {
      type,
      url,
      credential,
      ...(url_uniqueness_key ? { uniquenessKey: url_uniqueness_key } : {}),
      ...(user_defined_alias ? { alias: user_defined_alias } : {}),
    })
    return { resource: body(created) }
  },

  async UpdateRegistryEntities({ query, body: change, caller }, { registries }) {
    const id = query.id || change.id
    if (!id) throw new RequestFault('invalid', 'id: which registry to change, in the query or in the body')
    const { credential, state, user_defined_alias } = change
    const updated = await registries.update(caller.cid, caller.actor, id, {
      credential,
      ...(state === undefined ? {} : { state }),
      ...(user_defined_alias === undefined ? {} : { alias: user_defined_alias }),
    })
    return { resource: body(updated) }
  },

  async DeleteRegistryEntities({ query, caller }, { registries }) {
    const removed = await registries.remove(caller.cid, caller.actor, query.ids)
    return { resources: removed.map(body), affected: removed.length }
  },
}

/** Times that are not set are empty. */
function body(row: RegistryConnectionRow): Body {
  const time = (date: Date | null): string => (date ? instant(date) : '')
  return {
    id: row.registry_id,
    type: row.type,
    url: row.url,
    url_uniqueness_alias: row.url_uniqueness_alias,
    user_defined_alias: row.user_defined_alias,
    state: row.state,
    state_changed_at: instant(row.state_changed_at),
    created_at: instant(row.created_at),
    updated_at: instant(row.updated_at),
    last_refreshed_at: time(row.last_refreshed_at),
    next_refresh_at: time(row.next_refresh_at),
    refresh_interval: row.refresh_interval,
    credential: {
      id: row.credential_id,
      details: row.shown_credential,
      expired: row.credential_expired_at !== null,
      expired_at: time(row.credential_expired_at),
      created_at: instant(row.credential_created_at),
      updated_at: instant(row.credential_updated_at),
    },
  }
}
