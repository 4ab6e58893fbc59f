import { addressKind, isLoopbackHost } from './address.ts'

/** As the variables HTTPS_PROXY, HTTP_PROXY and NO_PROXY have it. */
export interface ProxySettings {
  /** URL of the proxy for https addresses. */
  readonly https?: string
  /** URL of the proxy for http addresses. */
  readonly http?: string
  /** Hosts that are reached directly, separated by commas: `*`, `host`, `.domain`, `host:port`, `10.0.0.0/8`. */
  readonly no?: string
}

/** The proxy settings of an environment; lower-case names win, as with curl. HTTP_PROXY in capitals is read too. */
export function proxyFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): ProxySettings {
  const pick = (name: string) => environment[name] || environment[name.toUpperCase()] || undefined
  return { https: pick('https_proxy'), http: pick('http_proxy'), no: pick('no_proxy') }
}

/** The proxy through which to ask for `url`, or undefined. This machine is never asked for through a proxy. */
export function proxyFor(url: URL, settings: ProxySettings | undefined): string | undefined {
  const proxy = url.protocol === 'https:' ? settings?.https : settings?.http
  if (!proxy || isLoopbackHost(url.hostname)) return undefined
  if (settings?.no && bypasses(url, settings.no)) return undefined
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`
}

function bypasses(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list.split(',').some((part) => {
    const rule = part.trim().toLowerCase()
    return rule !== '' && (rule === '*' || matches(host, port, rule))
  })
}

function matches(host: string, port: string, rule: string): boolean {
  if (rule.includes('/')) return inNetwork(host, rule)
  const portAt = /^(.*[^:]):(\d{1,5})$/.exec(rule)
  if (portAt && addressKind(rule) === undefined) return portAt[2] === port && matches(host, port, portAt[1])
  const name = rule.replace(/^\*?\./, '').replace(/^\[|\]$/g, '')
  return host === name || (addressKind(host) === undefined && host.endsWith(`.${name}`))
}

/** IPv4 networks only; IPv6 networks are not worth a parser here and never match. */
function inNetwork(host: string, network: string): boolean {
  const [base, bits] = network.split('/')
  const address = ipv4Number(host)
  const start = ipv4Number(base)
  if (address === undefined || start === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32)
    return false
  const size = 2 ** (32 - Number(bits))
  return Math.floor(address / size) === Math.floor(start / size)
}

function ipv4Number(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part))) return undefined
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}
