import { RequestFault } from './request-fault.ts'

/** Members of a credential as they were sent; which are needed depends on the type of registry. */
export type CredentialMembers = Readonly<Record<string, unknown>>

/** Sets of members of which one has to be there, by type of registry. */
const needed: Readonly<Record<string, readonly (readonly string[])[]>> = {
  acr: [
    ['username', 'password'],
    ['cert', 'auth_type', 'tenant_id', 'client'],
  ],
  artifactory: [['username', 'password']],
  docker: [['username', 'password']],
  dockerhub: [['username', 'password']],
  ecr: [['aws_iam_role', 'aws_external_id']],
  gar: [['project_id', 'scope_name', 'service_account_json']],
  gcr: [['project_id', 'service_account_json']],
  github: [['username', 'password', 'domain_url', 'credential_type']],
  gitlab: [['username', 'password', 'domain_url', 'credential_type']],
  harbor: [['username', 'password']],
  icr: [['username', 'password']],
  mirantis: [['username', 'password']],
  nexus: [['username', 'password']],
  openshift: [['username', 'password']],
  oracle: [['username', 'password']],
  'quay.io': [['username', 'password']],
}

/** What may be shown again; anything else is a secret, also what nobody has heard of. */
const shownMembers: ReadonlySet<string> = new Set([
  'username',
  'domain_url',
  'credential_type',
  'aws_iam_role',
  'aws_external_id',
  'aws_gov_using_commercial_connection',
  'project_id',
  'scope_name',
  'compartment_ids',
  'auth_type',
  'tenant_id',
  'client',
])

const notMembers: ReadonlySet<string> = new Set(['details', 'type'])
const maxBytes = 64 * 1024

/**
 * The members of a credential, whichever level clients wrote them on: inside `details`, beside it, or both (then the inner
 * ones hold). Undefined where nothing was given: what is stored stays as it is.
 */
export function credentialMembers(sent: unknown): CredentialMembers | undefined {
  if (!isObject(sent)) return undefined
  const { details } = sent
  const members = new Map<string, unknown>()
  for (const level of [sent, details]) {
    if (!isObject(level)) continue
    for (const [name, value] of Object.entries(level)) {
      if (level === sent && notMembers.has(name)) continue
      if (value !== null && value !== undefined && value !== '') members.set(name, value)
    }
  }
  return members.size === 0 ? undefined : Object.fromEntries(members)
}

/** Throws `invalid` that names what a registry of this type needs and was not given. */
export function checkCredential(type: string, members: CredentialMembers | undefined): CredentialMembers {
  const given = members ?? {}
  const sets = needed[type] ?? []
  const missing = sets.map((set) => set.filter((member) => given[member] === undefined))
  if (missing.every((set) => set.length > 0)) {
    const fewest = missing.reduce((a, b) => (b.length < a.length ? b : a))
    const others = sets.length > 1 ? ` (or all of ${sets.at(-1)?.join(', ')})` : ''
    throw new RequestFault(
      'invalid',
      `credential of a registry of type ${type}: ${fewest.join(', ')} missing${others}`,
    )
  }
  if (type === 'oracle' && (given['scope_name'] === undefined) !== (given['compartment_ids'] === undefined))
    throw new RequestFault(
      'invalid',
      'credential of a registry of type oracle: scope_name and compartment_ids go together',
    )
  if (JSON.stringify(given).length > maxBytes)
    throw new RequestFault('invalid', `the credential has more than ${maxBytes} bytes`)
  return given
}

/** What of a credential may be shown again. */
export function shownPart(members: CredentialMembers): CredentialMembers {
  return Object.fromEntries(Object.entries(members).filter(([name]) => shownMembers.has(name)))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
