/**
 * Loaded before every test: connections to anything but loopback and local sockets fail at once, so that no test can
 * depend on the network, and one that tries says so.
 */
import dns from 'node:dns'
import net from 'node:net'

const loopback =
  /^(?:localhost|(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3}|0\.0\.0\.0|::)$/i

const connect = net.Socket.prototype.connect

net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
  // node:http and undici pass one normalised array, direct callers an options object or (port, host).
  const first = Array.isArray(args[0]) ? args[0][0] : args[0]
  const options =
    first !== null && typeof first === 'object' ? (first as { host?: string; path?: string }) : undefined
  const host = options ? options.host : typeof args[1] === 'string' ? args[1] : undefined
  if (!options?.path && host !== undefined && !loopback.test(host)) {
    const error = Object.assign(new Error(`a test tried to reach ${host}: tests have no network`), {
      code: 'ENETUNREACH',
    })
    queueMicrotask(() => this.destroy(error))
    return this
  }
  return Reflect.apply(connect, this, args)
} as typeof connect

const lookup = dns.lookup

dns.lookup = ((hostname: string, ...rest: unknown[]) => {
  const callback = rest.at(-1)
  if (!loopback.test(hostname) && typeof callback === 'function') {
    const error = Object.assign(new Error(`a test tried to look up ${hostname}: tests have no network`), {
      code: 'ENOTFOUND',
    })
    queueMicrotask(() => callback(error))
    return
  }
  return Reflect.apply(lookup, dns, [hostname, ...rest])
}) as typeof lookup
