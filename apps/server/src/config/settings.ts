import { availableParallelism } from 'node:os'
import { parseMasterKeys } from '../secrets/master-key.ts'
import { logLevels } from '../telemetry/log.ts'
import { ConfigurationFault } from './configuration-fault.ts'
import {
  bytes,
  choice,
  flag,
  integer,
  list,
  optional,
  Problem,
  type Setting,
  secret,
  text,
} from './setting.ts'

/** Every setting of the server, by the member that holds its value. */
export const serverSettings = {
  host: text({
    name: 'LANNER_HOST',
    help: 'Address to listen on; 0.0.0.0 or :: opens the server to the network.',
    fallback: '127.0.0.1',
  }),
  port: integer({
    name: 'LANNER_PORT',
    help: 'Port to listen on; 0 picks a free one.',
    fallback: 8080,
    least: 0,
    most: 65_535,
  }),
  dataFolder: text({
    name: 'LANNER_DATA_DIR',
    help: 'Folder of everything that the server keeps: database, blobs, keys, advisories.',
    fallback: '.lanner',
  }),
  publicUrl: optional({
    name: 'LANNER_PUBLIC_URL',
    help: 'Address under which clients reach the server, where a proxy stands before it.',
    type: 'http or https URL',
    check: httpUrl,
  }),
  trustedProxies: list({
    name: 'LANNER_TRUSTED_PROXIES',
    help: 'Addresses or networks whose X-Forwarded headers are believed.',
  }),
  databaseUrl: secret({
    name: 'DATABASE_URL',
    help: 'PostgreSQL (15 or newer) to use instead of the embedded one.',
    type: 'postgresql URL',
    shown: 'the embedded PostgreSQL',
    check: databaseUrl,
  }),
  databaseConnections: integer({
    name: 'LANNER_DATABASE_CONNECTIONS',
    help: 'Connections to the database, at most.',
    fallback: 12,
    least: 2,
    most: 500,
  }),
  databasePrepare: choice({
    name: 'LANNER_DATABASE_PREPARE',
    help: 'Whether statements are prepared; off behind a pooler that shares connections between transactions.',
    choices: ['on', 'off'],
    fallback: 'on',
  }),
  tls: choice({
    name: 'LANNER_TLS',
    help: 'Whether to speak HTTPS with a certificate of our own making.',
    choices: ['off', 'self-signed'],
    fallback: 'off',
  }),
  tlsCertificate: optional({
    name: 'LANNER_TLS_CERT',
    help: 'File with the certificate and its chain, PEM; read again when it changes.',
    type: 'path',
  }),
  tlsKey: optional({
    name: 'LANNER_TLS_KEY',
    help: 'File with the key of the certificate, PEM.',
    type: 'path',
  }),
  tlsNames: list({
    name: 'LANNER_TLS_NAMES',
    help: 'Further names and addresses in the certificate of our own making.',
  }),
  masterKey: secret({
    name: 'LANNER_MASTER_KEY',
    help: 'Key that seals what is stored, 32 bytes; after a change the older keys follow, separated by commas.',
    type: 'hex or base64',
    shown: 'a key file in the data directory, made at first start',
    check: masterKey,
  }),
  clientId: optional({
    name: 'LANNER_CLIENT_ID',
    help: 'Id of the first API client; some clients take 32 hex digits only.',
    shown: 'made at first start',
    check: (given) => (/^[\w-]{1,64}$/.test(given) ? undefined : 'is not 1 to 64 letters, digits, _ or -'),
  }),
  clientSecret: secret({
    name: 'LANNER_CLIENT_SECRET',
    help: 'Secret of the first API client; some clients take 40 word characters only.',
    shown: 'made at first start',
    check: (given) =>
      /^[\x21-\x7e]{16,128}$/.test(given) ? undefined : 'is not 16 to 128 visible characters',
  }),
  workers: integer({
    name: 'LANNER_WORKERS',
    help: 'Assessments that run at the same time in this process; 0 leaves them to other processes.',
    fallback: Math.max(1, availableParallelism() - 1),
    least: 0,
    most: 256,
    shown: 'one less than the cores',
  }),
  rateLimit: integer({
    name: 'LANNER_RATE_LIMIT',
    help: 'API calls a minute of one client; 0 sets no limit.',
    fallback: 6000,
    least: 0,
    most: 100_000_000,
  }),
  logLevel: choice({
    name: 'LANNER_LOG_LEVEL',
    help: 'How much is logged, to stderr, a JSON object a line.',
    choices: logLevels,
    fallback: 'info',
  }),
  offline: flag({ name: 'LANNER_OFFLINE', help: 'Nothing is downloaded: advisories come by import only.' }),
  advisoriesUrl: optional({
    name: 'LANNER_ADVISORIES_URL',
    help: 'Base address of the OSV records: a mirror, or your own copy.',
    type: 'http or https URL',
    shown: 'the public OSV bucket',
    check: httpUrl,
  }),
  advisoriesFolder: optional({
    name: 'LANNER_ADVISORIES',
    help: 'Folder of the advisory store.',
    type: 'path',
    shown: 'advisories in the data directory',
  }),
  quota: bytes({
    name: 'LANNER_QUOTA',
    help: 'Bytes of blobs that one tenant may push; 0 sets no limit.',
    fallback: 0,
  }),
  diskReserve: bytes({
    name: 'LANNER_DISK_RESERVE',
    help: 'Bytes of the disk that pushes leave free, so that the database can go on; 0 leaves none.',
    fallback: 256 * 2 ** 20,
    shown: '256M',
  }),
  auditDays: integer({
    name: 'LANNER_AUDIT_DAYS',
    help: 'Days that sign-ins and acts of administration are kept; 0 keeps them for ever.',
    fallback: 400,
    least: 0,
    most: 36_500,
  }),
  assessmentDays: integer({
    name: 'LANNER_ASSESSMENT_DAYS',
    help: 'Days that the history of assessments is kept; 0 keeps it for ever.',
    fallback: 400,
    least: 0,
    most: 36_500,
  }),
  jobDays: integer({
    name: 'LANNER_JOB_DAYS',
    help: 'Days that jobs which have ended are kept; 0 keeps them for ever.',
    fallback: 90,
    least: 0,
    most: 36_500,
  }),
  s3Endpoint: optional({
    name: 'LANNER_S3_ENDPOINT',
    help: 'Address of an S3-compatible store for blobs.',
    type: 'http or https URL',
    shown: 'blobs lie in the data directory',
    check: httpUrl,
  }),
  s3Bucket: optional({ name: 'LANNER_S3_BUCKET', help: 'Bucket of the blobs.' }),
  s3Region: text({ name: 'LANNER_S3_REGION', help: 'Region of the bucket.', fallback: 'us-east-1' }),
  s3Prefix: text({
    name: 'LANNER_S3_PREFIX',
    help: 'What the keys in the bucket begin with.',
    fallback: '',
    shown: 'nothing',
  }),
  s3AccessKeyId: optional({ name: 'LANNER_S3_ACCESS_KEY_ID', help: 'Access key for the bucket.' }),
  s3SecretAccessKey: secret({ name: 'LANNER_S3_SECRET_ACCESS_KEY', help: 'Secret of that access key.' }),
} as const satisfies Readonly<Record<string, Setting>>

type Table = typeof serverSettings

/** The settings' values: read once, the same for the life of the process. */
export type ServerSettings = {
  readonly [Member in keyof Table]: Table[Member] extends Setting<infer Value> ? Value : never
}

export type SettingName = Table[keyof Table]['name']

/** Names with our prefix that other commands and the tests read. */
const elsewhere = ['LANNER_CACHE_DIR', 'LANNER_TEST_DATA', 'LANNER_URL']

const prefix = 'LANNER_'

/**
 * Reads the settings from the environment, where `given` (options of a command line, by the setting's name) goes first.
 * Throws one ConfigurationFault with everything that is wrong.
 */
export function readServerSettings(
  environment: Readonly<Record<string, string | undefined>>,
  given: Readonly<Partial<Record<SettingName, string>>> = {},
): ServerSettings {
  const problems: string[] = []
  const values: Record<string, unknown> = {}
  for (const [member, setting] of Object.entries(serverSettings) as [string, Setting][]) {
    const sent = given[setting.name as SettingName] ?? environment[setting.name]
    const value = setting.parse(sent === undefined || sent.trim() === '' ? undefined : sent.trim())
    if (value instanceof Problem)
      problems.push(`${setting.name}${setting.secret ? '' : ` (${JSON.stringify(sent)})`} ${value.reason}`)
    else values[member] = value
  }
  problems.push(...unknownNames(environment))
  // Nothing that was not parsed is looked at.
  if (problems.length === 0) problems.push(...contradictions(values as unknown as ServerSettings))
  if (problems.length > 0)
    throw new ConfigurationFault(
      'invalid',
      `the settings cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  return Object.freeze(values) as unknown as ServerSettings
}

function contradictions(settings: ServerSettings): string[] {
  const pair = (one: unknown, other: unknown, names: string) =>
    (one === undefined) === (other === undefined) ? [] : [`${names} go together: one of them is not set`]
  return [
    ...pair(settings.tlsCertificate, settings.tlsKey, 'LANNER_TLS_CERT and LANNER_TLS_KEY'),
    ...pair(settings.clientId, settings.clientSecret, 'LANNER_CLIENT_ID and LANNER_CLIENT_SECRET'),
    ...pair(settings.s3Endpoint, settings.s3Bucket, 'LANNER_S3_ENDPOINT and LANNER_S3_BUCKET'),
    ...pair(
      settings.s3AccessKeyId,
      settings.s3SecretAccessKey,
      'LANNER_S3_ACCESS_KEY_ID and LANNER_S3_SECRET_ACCESS_KEY',
    ),
    ...(settings.tls === 'self-signed' && settings.tlsCertificate !== undefined
      ? ['LANNER_TLS=self-signed and LANNER_TLS_CERT exclude each other']
      : []),
  ]
}

function unknownNames(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>([...Object.values(serverSettings).map(({ name }) => name), ...elsewhere])
  return Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && !known.has(name))
    .sort()
    .map((name) => {
      const near = nearest(name, known)
      return `${name} is no setting${near === undefined ? '' : `; did you mean ${near}?`}`
    })
}

function nearest(name: string, known: ReadonlySet<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const other of known) {
    const distance = editDistance(name.slice(prefix.length, 80), other.replace(prefix, ''))
    if (distance <= Math.max(2, other.length / 4) && (!best || distance < best.distance))
      best = { name: other, distance }
  }
  return best?.name
}

/** Letters to change, add or leave out. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)))
    row = next
  }
  return row.at(-1)!
}

function httpUrl(given: string): string | undefined {
  const url = URL.canParse(given) ? new URL(given) : undefined
  return url && /^https?:$/.test(url.protocol) ? undefined : 'is no http or https URL'
}

function databaseUrl(given: string): string | undefined {
  return /^postgres(?:ql)?:\/\//.test(given) && URL.canParse(given) ? undefined : 'is no postgresql URL'
}

function masterKey(given: string): string | undefined {
  try {
    parseMasterKeys(given, 'the key')
    return undefined
  } catch {
    return 'is not 32 bytes as 64 hex digits or base64 (several are separated by commas)'
  }
}
