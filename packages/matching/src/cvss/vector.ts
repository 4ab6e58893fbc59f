/**
 * The metrics of a CVSS vector (`AV:N/AC:L/…`), or undefined when it is no such text or names a metric twice.
 * At most 64 metrics: v4.0, the longest, has 32.
 */
export function metricsOf(text: string): ReadonlyMap<string, string> | undefined {
  if (text.length === 0 || text.length > 512) return undefined
  const metrics = new Map<string, string>()
  for (const part of text.split('/')) {
    const colon = part.indexOf(':')
    if (colon <= 0 || colon === part.length - 1) return undefined
    const name = part.slice(0, colon)
    if (metrics.has(name) || metrics.size >= 64) return undefined
    metrics.set(name, part.slice(colon + 1))
  }
  return metrics
}

/** The weight of each metric's value, by metric; undefined when one is missing or has a value that does not exist. */
export function weightsOf<Metric extends string>(
  metrics: ReadonlyMap<string, string>,
  table: Readonly<Record<Metric, Readonly<Record<string, number>>>>,
): Readonly<Record<Metric, number>> | undefined {
  const weights: Partial<Record<Metric, number>> = {}
  for (const metric of Object.keys(table) as Metric[]) {
    const value = metrics.get(metric)
    if (value === undefined || !Object.hasOwn(table[metric], value)) return undefined
    weights[metric] = table[metric][value]
  }
  return weights as Record<Metric, number>
}
