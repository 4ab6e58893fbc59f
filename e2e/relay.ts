import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What a relay does to what the registry answers, once it has let `after` bytes through. */
export interface Trouble {
  readonly after: number
  /** `drop` cuts every connection once; `vanish` cuts them and takes no other; `stall` passes nothing on any more. */
  readonly how: 'drop' | 'vanish' | 'stall'
}

/** A bad line to a registry, on a loopback port. */
export interface Relay {
  readonly host: string
  /** Resolves once the trouble has begun. */
  readonly struck: Promise<void>
  close(): Promise<void>
}

export async function startRelay(registry: string, trouble: Trouble): Promise<Relay> {
  const [address, port] = registry.split(':') as [string, string]
  const sockets = new Set<Socket>()
  let passed = 0
  let inTrouble = false
  let strike = (): void => {}
  const struck = new Promise<void>((resolve) => {
    strike = resolve
  })
  const server = createServer((client) => {
    const upstream = connect(Number(port), address)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream)
    upstream.on('data', (bytes: Buffer) => {
      if (inTrouble && trouble.how === 'stall') return
      if (!client.write(bytes)) {
        upstream.pause()
        client.once('drain', () => upstream.resume())
      }
      passed += bytes.length
      if (inTrouble || passed < trouble.after) return
      inTrouble = true
      strike()
      if (trouble.how === 'stall') return
      if (trouble.how === 'vanish') server.close()
      for (const socket of sockets) socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    struck,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
