import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Counts the calls of one operation. */
export interface OperationMetrics {
  done(status: number, seconds: number): void
}

/** A number that is read when somebody asks for it. */
export interface GaugeSource {
  readonly name: string
  readonly help: string
  /** Without labels one number; with, one for each value of `label`. */
  readonly label?: string
  read():
    | number
    | Promise<number>
    | Promise<Readonly<Record<string, number>>>
    | Readonly<Record<string, number>>
}

/** What the server tells Prometheus about itself. */
export interface Metrics {
  operation(id: string): OperationMetrics
  /** A counter of events, such as finished jobs, by its name without `lanner_`; `label`'s values must be few. */
  counter(name: string, help: string, label: string): (value: string, by?: number) => void
  /** Durations in seconds. */
  durations(name: string, help: string, label: string): (value: string, seconds: number) => void
  gauge(source: GaugeSource): void
  /** The exposition format of Prometheus. */
  print(): Promise<string>
  readonly contentType: string
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** With `process`, memory, descriptors, garbage collection and the event loop are observed too. */
export function createMetrics(options: { readonly process: boolean }): Metrics {
  const registry = new Registry()
  if (options.process) {
    // By the names that every process has, which dashboards look for.
    collectDefaultMetrics({ register: registry })
    // Gauges under names of counters; each has a twin with a proper one.
    for (const kind of ['resources', 'handles', 'requests'])
      registry.removeSingleMetric(`nodejs_active_${kind}_total`)
  }
  const registers = [registry]
  const operations = new Map<string, OperationMetrics>()
  const requests = new Histogram({
    name: 'lanner_http_request_seconds',
    help: 'Time from the head of a request to its answer, by operation and status class',
    labelNames: ['operation', 'status'] as const,
    buckets,
    registers,
  })
  return {
    contentType: registry.contentType,
    print: () => registry.metrics(),
    operation(id) {
      const known = operations.get(id)
      if (known) return known
      // One child for each class of statuses, looked up once: this runs at every request.
      const classes = new Map<number, { observe(seconds: number): void }>()
      const made: OperationMetrics = {
        done(status, seconds) {
          const kind = Math.floor(status / 100)
          let child = classes.get(kind)
          if (!child) classes.set(kind, (child = requests.labels(id, `${kind}xx`)))
          child.observe(seconds)
        },
      }
      operations.set(id, made)
      return made
    },
    counter(name, help, label) {
      const counter = new Counter({ name: `lanner_${name}`, help, labelNames: [label], registers })
      return (value, by = 1) => counter.labels(value).inc(by)
    },
    durations(name, help, label) {
      const histogram = new Histogram({
        name: `lanner_${name}`,
        help,
        labelNames: [label],
        buckets,
        registers,
      })
      return (value, seconds) => histogram.labels(value).observe(seconds)
    },
    gauge({ name, help, label, read }) {
      new Gauge({
        name: `lanner_${name}`,
        help,
        labelNames: label === undefined ? [] : [label],
        registers,
        async collect() {
          const now = await read()
          if (typeof now === 'number') return this.set(now)
          this.reset()
          for (const [value, number] of Object.entries(now)) this.set({ [label!]: value }, number)
        },
      })
    },
  }
}
