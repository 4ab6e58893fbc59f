import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from './metrics.ts'

/** https://prometheus.io/docs/practices/naming/ */
test('names are as Prometheus wants them', async () => {
  const metrics = createMetrics({ process: true })
  metrics.operation('GetBird').done(200, 0.1)
  metrics.counter('birds_total', 'Birds.', 'kind')('owl')
  metrics.durations('flight_seconds', 'Flights.', 'kind')('owl', 1)
  metrics.gauge({ name: 'nests', help: 'Nests.', label: 'state', read: async () => ({ full: 2, empty: 1 }) })
  const text = await metrics.print()
  const types = new Map(
    [...text.matchAll(/^# TYPE (?<name>\S+) (?<type>\w+)$/gm)].map(({ groups }) => [
      groups!['name']!,
      groups!['type']!,
    ]),
  )
  assert.equal(types.get('lanner_birds_total'), 'counter')
  assert.equal(types.get('lanner_flight_seconds'), 'histogram')
  assert.equal(types.get('process_cpu_seconds_total'), 'counter')
  for (const [name, type] of types) {
    assert.match(name, /^(?:lanner|process|nodejs)_[a-z\d_]+$/)
    assert.equal(name.endsWith('_total'), type === 'counter', name)
    assert.doesNotMatch(name, /lanner_lanner/)
  }
  assert.match(text, /^lanner_nests\{state="full"\} 2$/m)
  assert.match(text, /^lanner_http_request_seconds_count\{operation="GetBird",status="2xx"\} 1$/m)
})

test('an operation that is asked for again goes on counting', async () => {
  const metrics = createMetrics({ process: false })
  for (let call = 0; call < 3; call++) metrics.operation('/v2 GET blob').done(404, 0.1)
  assert.match(await metrics.print(), /_count\{operation="\/v2 GET blob",status="4xx"\} 3/)
})
