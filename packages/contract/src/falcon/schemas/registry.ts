import { Type } from 'typebox'
import { nullable, partial, record } from '../../parts.ts'

/** falconjs 0.7.0 takes the item for one of another operation and reads the last two only. */
export const PullToken = record('PullToken', {
  token: Type.String(),
  ids: Type.Array(Type.String()),
  auto_authorize_scanners: Type.Boolean(),
})

export const RegistryCredential = record('RegistryCredential', {
  created_at: Type.String(),
  details: Type.Unknown({ description: 'members that are no secrets' }),
  expired: Type.Boolean(),
  expired_at: Type.String(),
  id: Type.String(),
  updated_at: Type.String(),
})

/** A connected registry. Times that are not set are empty. */
export const Registry = record('Registry', {
  created_at: Type.String(),
  credential: Type.Optional(RegistryCredential),
  id: Type.String(),
  last_refreshed_at: Type.String(),
  next_refresh_at: Type.String(),
  refresh_interval: Type.Integer({ description: 'seconds between two searches of the registry' }),
  state: Type.String({ description: 'state of the connection; it changes some time after a request' }),
  state_changed_at: Type.String(),
  type: Type.String(),
  updated_at: Type.String(),
  url: Type.String(),
  url_uniqueness_alias: Type.String({
    description: 'the url_uniqueness_key that was given, otherwise a generated one',
  }),
  user_defined_alias: Type.String(),
})

export const ServiceAccountKey = partial('ServiceAccountKey', {
  type: Type.String(),
  project_id: Type.String(),
  private_key_id: Type.String(),
  private_key: Type.String(),
  client_email: Type.String(),
  client_id: Type.String(),
})

/** Which members are needed depends on the type of registry. */
export const CredentialDetails = partial('CredentialDetails', {
  username: Type.String(),
  password: Type.String({ description: 'password, API key or access token; write-only' }),
  domain_url: Type.String(),
  credential_type: Type.Enum(['PAT']),
  aws_iam_role: Type.String(),
  aws_external_id: Type.String(),
  aws_gov_using_commercial_connection: Type.Boolean(),
  project_id: Type.String(),
  scope_name: Type.String(),
  service_account_json: ServiceAccountKey,
  compartment_ids: Type.Array(Type.String()),
  cert: Type.String(),
  auth_type: Type.Enum(['cert']),
  tenant_id: Type.String(),
  client: Type.String(),
})

/** Clients write the members of a credential on one level or the other, some on both. */
const SentCredential = partial('SentCredential', {
  ...CredentialDetails.properties,
  details: nullable(CredentialDetails),
  type: Type.String(),
})

/** The kinds of registries that can be connected, by the vendor's names. */
export const registryTypes = [
  'acr',
  'artifactory',
  'docker',
  'dockerhub',
  'ecr',
  'gar',
  'gcr',
  'github',
  'gitlab',
  'harbor',
  'icr',
  'mirantis',
  'nexus',
  'openshift',
  'oracle',
  'quay.io',
] as const

const credential = nullable(SentCredential)

export const RegistryRequest = record('RegistryRequest', {
  type: Type.Enum([...registryTypes]),
  url: Type.String(),
  credential: Type.Optional(credential),
  url_uniqueness_key: Type.Optional(
    Type.String({ description: 'tells apart two connections to the same url' }),
  ),
  user_defined_alias: Type.Optional(Type.String({ description: 'display name' })),
})

export const RegistryChange = partial('RegistryChange', {
  id: Type.String({ description: 'instead of the one in the query' }),
  credential,
  state: Type.Enum(['pause', 'resume']),
  user_defined_alias: Type.String(),
})
