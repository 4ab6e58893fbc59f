import type { Gate, QuestionOptions } from '@lanner/admission'
import type { OptionTable, ParsedOptions } from '../command.ts'
import { durationOf } from '../duration.ts'
import { UsageError } from '../exit.ts'
import type { CertificatePaths } from './certificate.ts'

export const admissionOptions: OptionTable = {
  'tls-cert': {
    type: 'string',
    value: 'FILE',
    help: 'Certificate of the webhook and its chain, PEM; read again when it changes. Required.',
  },
  'tls-key': { type: 'string', value: 'FILE', help: 'Key of the certificate, PEM. Required.' },
  'client-ca': {
    type: 'string',
    value: 'FILE',
    help: 'Take reviews only from who has a certificate of this authority (the API server), PEM.',
  },
  listen: {
    type: 'string',
    value: 'HOST:PORT',
    default: '0.0.0.0:8443',
    help: 'Where to listen; port 0 picks a free one.',
  },
  unassessed: {
    type: 'string',
    choices: ['deny', 'allow'],
    default: 'deny',
    help: 'What becomes of images that are not assessed and that no policy decides about.',
  },
  fail: {
    type: 'string',
    choices: ['closed', 'open'],
    default: 'closed',
    help: 'Whether images are denied (closed) or pass (open) that the platform cannot be asked about.',
  },
  'dry-run': { type: 'boolean', help: 'Deny nothing; warn of what would have been denied.' },
  'exempt-namespace': {
    type: 'string',
    value: 'NAME',
    multiple: true,
    help: 'Let everything pass in this namespace; may be given again.',
  },
  'judge-unchanged': {
    type: 'boolean',
    help: 'On updates, judge the images too that were in the object before.',
  },
  'trust-controllers': {
    type: 'boolean',
    help: "Let through what the cluster's own controllers make of templates, which were judged themselves.",
  },
  'registry-alias': {
    type: 'string',
    value: 'HOST=REGISTRY',
    multiple: true,
    help: 'Images under HOST are those of REGISTRY, as the platform names it; HOST= are those that were pushed to the platform. May be given again. The host of --url is always such a name.',
  },
  architecture: {
    type: 'string',
    value: 'ARCH',
    help: 'Judge only this platform of an image that has several, such as amd64. Default: the worst of all.',
  },
  'cache-seconds': {
    type: 'string',
    value: 'N',
    default: '30',
    help: 'How long an image that passes is not asked about again; 0 asks always.',
  },
  timeout: {
    type: 'string',
    value: 'DURATION',
    default: '8s',
    help: 'How long a review may wait for the platform; less than timeoutSeconds of the webhook.',
  },
  drain: {
    type: 'string',
    value: 'DURATION',
    default: '5s',
    help: 'How long to go on answering after SIGTERM, while /readyz says 503.',
  },
}

/** What the options say, understood. */
export interface AdmissionSettings {
  readonly listen: { readonly host: string; readonly port: number }
  readonly certificate: CertificatePaths
  readonly gate: Gate
  readonly question: QuestionOptions
  /** The platform's name of the registry by the host of an image's name; '' is the platform itself. */
  readonly aliases: ReadonlyMap<string, string>
  readonly architecture?: string
  readonly cacheSeconds: number
  /** Milliseconds. */
  readonly timeout: number
  /** Milliseconds. */
  readonly drain: number
}

/** Throws UsageError. */
export function admissionSettings(options: ParsedOptions): AdmissionSettings {
  const clientCa = options.text('client-ca')
  const architecture = options.text('architecture')
  return {
    listen: listenOf(options.text('listen') ?? ''),
    certificate: {
      certificate: required(options, 'tls-cert'),
      key: required(options, 'tls-key'),
      ...(clientCa === undefined ? {} : { clientCa }),
    },
    gate: {
      unassessed: options.text('unassessed') === 'allow' ? 'allow' : 'deny',
      fail: options.text('fail') === 'open' ? 'open' : 'closed',
      dryRun: options.flag('dry-run'),
    },
    question: {
      exemptNamespaces: new Set(options.list('exempt-namespace')),
      judgeUnchanged: options.flag('judge-unchanged'),
      trustControllers: options.flag('trust-controllers'),
    },
    aliases: aliasesOf(options.list('registry-alias')),
    ...(architecture === undefined ? {} : { architecture }),
    cacheSeconds: duration(options, 'cache-seconds', 0, 3600) / 1000,
    timeout: duration(options, 'timeout', 0.1, 30),
    drain: duration(options, 'drain', 0, 300),
  }
}

function required(options: ParsedOptions, name: string): string {
  const value = options.text(name)
  if (value === undefined)
    throw new UsageError(`--${name} is missing: Kubernetes asks webhooks over HTTPS only`, 'admission')
  return value
}

function listenOf(text: string): { readonly host: string; readonly port: number } {
  const { host = '', port } = /^(?<host>\[[\da-f:.]+\]|[\w.-]*):(?<port>\d{1,5})$/i.exec(text)?.groups ?? {}
  if (port === undefined || Number(port) > 65_535)
    throw new UsageError(
      `--listen ${text}: expected HOST:PORT, such as 0.0.0.0:8443 or [::]:8443`,
      'admission',
    )
  return { host: host === '' ? '0.0.0.0' : host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** Seconds are the bounds, milliseconds the answer. */
function duration(options: ParsedOptions, name: string, least: number, most: number): number {
  const text = options.text(name) ?? ''
  const milliseconds = durationOf(text)
  if (milliseconds === undefined || milliseconds < least * 1000 || milliseconds > most * 1000)
    throw new UsageError(`--${name} ${text}: a duration from ${least}s to ${most}s, such as 8s`, 'admission')
  return milliseconds
}

function aliasesOf(given: readonly string[]): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>()
  for (const each of given) {
    const { host, registry = '' } = /^(?<host>[^\s=/]+)=(?<registry>[^\s=]*)$/.exec(each)?.groups ?? {}
    if (host === undefined)
      throw new UsageError(
        `--registry-alias ${each}: expected HOST=REGISTRY, such as mirror.example.com=docker.io`,
        'admission',
      )
    aliases.set(host.toLowerCase(), registry.toLowerCase())
  }
  return aliases
}
