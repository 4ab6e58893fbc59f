/** A route without anything around it: what the framework itself can do. Prints its address. */
import { fastify } from 'fastify'

const app = fastify()
app.get('/bare', async () => ({
  meta: { query_time: 0.001, powered_by: 'bare', trace_id: '00000000-0000-0000-0000-000000000000' },
  resources: [{ max_tokens: 0, tokens_required: false }],
  errors: [],
}))
process.stdout.write(await app.listen({ host: '127.0.0.1', port: 0 }))
