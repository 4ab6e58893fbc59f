/** Bounds on reports that are kept as they were sent. */
const writtenReportLimits = {
  /** Bytes of all of them. */
  bytes: 64 * 1024 * 1024,
  /** Milliseconds: how old feeds are is part of a report, and no version tells of it. */
  freshFor: 300_000,
}

interface Kept {
  readonly version: string
  readonly madeAt: number
  readonly bytes: Uint8Array
}

/** Reports as they were sent, each for one caller: nothing of it is made anew as long as all that it is made of stays. */
export interface WrittenReports {
  get(key: string, version: string): Uint8Array | undefined
  /** The same for whoever asks while it is being made. */
  make(key: string, version: string, make: () => Promise<Uint8Array>): Promise<Uint8Array>
}

export function writtenReports(
  clock: () => number,
  limits: typeof writtenReportLimits = writtenReportLimits,
): WrittenReports {
  /** The one that was asked for longest ago is the first. */
  const kept = new Map<string, Kept>()
  const making = new Map<string, Promise<Uint8Array>>()
  let total = 0

  function drop(key: string): void {
    total -= kept.get(key)?.bytes.byteLength ?? 0
    kept.delete(key)
  }

  async function made(key: string, version: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const madeAt = clock()
    const bytes = await make()
    drop(key)
    // One that would push out most others is not worth it.
    if (bytes.byteLength > limits.bytes / 4) return bytes
    kept.set(key, { version, madeAt, bytes })
    total += bytes.byteLength
    for (const oldest of kept.keys()) {
      if (total <= limits.bytes) break
      drop(oldest)
    }
    return bytes
  }

  return {
    get(key, version) {
      const known = kept.get(key)
      if (!known) return undefined
      if (known.version !== version || clock() - known.madeAt > limits.freshFor) {
        drop(key)
        return undefined
      }
      kept.delete(key)
      kept.set(key, known)
      return known.bytes
    },

    make(key, version, make) {
      const name = `${key}\n${version}`
      const there = making.get(name)
      if (there) return there
      const begun = made(key, version, make).finally(() => making.delete(name))
      making.set(name, begun)
      return begun
    },
  }
}
