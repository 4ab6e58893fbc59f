import { falcon, lanner, openApiDocument } from '@lanner/contract'
import type { App } from './app.ts'
import { send } from './reply.ts'

/** `/openapi.json`: what this server offers, for machines. Asks for no sign-in; printed when it is first asked for. */
export function serveOpenApi(app: App, { version }: { readonly version: string }): void {
  let bytes: Buffer | undefined
  app.get('/openapi.json', async (_, reply) => {
    bytes ??= Buffer.from(JSON.stringify(openApiDocument([...falcon, ...lanner], { version })))
    // Pages of other origins may read it: it holds nothing of anybody's.
    const headers = ['Content-Type', 'application/json', 'Access-Control-Allow-Origin', '*']
    send(reply, 200, [...headers, 'Cache-Control', 'public, max-age=300'], bytes)
  })
}
