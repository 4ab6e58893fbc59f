import type { AddressInfo } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import { ConfigurationFault } from '../config/configuration-fault.ts'
import { type App, type Certificate, type connectionLimits, createApp } from './app.ts'
import { type DialectPorts, type Room, serveRooms } from './dialect.ts'
import { type Readiness, type ReadinessCheck, serveHealth } from './health.ts'

export interface ServerPorts<Services> extends DialectPorts<Services> {
  readonly rooms: readonly Room<Services>[]
  /** What must be so before the server is ready. */
  readonly checks: readonly ReadinessCheck[]
  /** Speaks HTTPS with it. */
  readonly certificate?: Certificate
  readonly trustedProxies?: readonly string[]
  /** Instead of `connectionLimits`. */
  readonly limits?: Partial<typeof connectionLimits>
  /** Further protocols on the same listener. */
  readonly protocols?: readonly ((app: App) => void)[]
}

export interface Server extends Readiness {
  readonly app: App
  /** Another certificate for connections from now on; those that are open keep theirs. */
  useCertificate(certificate: Certificate): void
  /** Gives the address under which it answers. */
  listen(options: { readonly host: string; readonly port: number }): Promise<string>
  /** Lets requests under way end, then closes; what is still open after `patience` milliseconds is cut. */
  close(patience?: number): Promise<void>
}

/** Why an address cannot be had, in words that say what to do about it. */
function listenFault(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reason = {
    EADDRINUSE: 'the port is taken; choose another with --port, or 0 for any that is free',
    EACCES: 'this account may not use the port; choose one above 1023 with --port',
    EADDRNOTAVAIL: 'this machine does not have the address; see --host',
    ENOTFOUND: 'no address has this name; see --host',
    EAI_AGAIN: 'no address has this name; see --host',
  }[error.code ?? '']
  if (reason === undefined) return error
  return new ConfigurationFault('invalid', `cannot listen on ${host}:${port}: ${reason}`, { cause: error })
}

/** Everything that one listener serves. */
export function createServer<Services>(ports: ServerPorts<Services>): Server {
  const { rooms, checks, certificate, protocols = [], metrics } = ports
  const app = createApp(ports)
  const readiness = serveHealth(app, { metrics, checks })
  serveRooms(app, rooms, ports)
  for (const protocol of protocols) protocol(app)
  return {
    app,
    ...readiness,
    useCertificate(next) {
      const { server } = app as { server: unknown }
      if (server instanceof TlsServer) server.setSecureContext({ ...next, minVersion: 'TLSv1.2' })
    },
    async listen({ host, port }) {
      await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
        throw listenFault(error, host, port)
      })
      const address = app.server.address() as AddressInfo
      // Who listens everywhere is reached on the loopback at least.
      const open = address.address === '0.0.0.0' || address.address === '::'
      const name = open ? '127.0.0.1' : address.family === 'IPv6' ? `[${address.address}]` : address.address
      return `${certificate ? 'https' : 'http'}://${name}:${address.port}`
    },
    async close(patience = 10_000) {
      readiness.drain()
      const cut = setTimeout(() => app.server.closeAllConnections(), patience)
      try {
        await app.close()
      } finally {
        clearTimeout(cut)
      }
    },
  }
}
