import type { Lane, Share } from '../use-cases/job-queue.ts'

/** Whom a class was last given to: the turn goes on from there. */
export type Turns = Map<number, string>

/**
 * Divides free slots among lanes. The most urgent class goes first; within it, the tenant of whom least runs gets the next slot
 * (of equals, the one whose turn it is), and a tenant's own lanes take turns. A tenant with a million jobs thus holds up
 * its own alone. `turns` is carried from one call to the next.
 */
export function share(
  lanes: readonly Lane[],
  slots: number,
  running: ReadonlyMap<string, number>,
  turns: Turns,
): Share[] {
  const given: Share[] = []
  let left = slots
  for (const [priority, ofClass] of [...Map.groupBy(lanes, (lane) => lane.priority)].sort(
    (a, b) => a[0] - b[0],
  )) {
    if (left === 0) break
    const shares = shareClass(priority, ofClass, left, running, turns)
    left -= shares.reduce((sum, { take }) => sum + take, 0)
    given.push(...shares)
  }
  return given
}

interface Tenant {
  readonly cid: string
  readonly lanes: { readonly lane: Lane; take: number }[]
  /** Index of the lane whose turn it is. */
  next: number
  /** Jobs that run, with those given here. */
  holds: number
}

function shareClass(
  priority: number,
  lanes: readonly Lane[],
  slots: number,
  running: ReadonlyMap<string, number>,
  turns: Turns,
): Share[] {
  const tenants = [...Map.groupBy(lanes, ({ cid }) => cid)].map(
    ([cid, own]): Tenant => ({
      cid,
      lanes: own.map((lane) => ({ lane, take: 0 })),
      next: 0,
      holds: running.get(cid) ?? 0,
    }),
  )
  let waiting = inTurn(tenants, turns.get(priority))
  for (let slot = 0; slot < slots && waiting.length > 0; slot++) {
    const tenant = waiting.reduce((least, each) => (each.holds < least.holds ? each : least))
    const lane = nextLane(tenant)
    if (lane) {
      lane.take++
      tenant.holds++
      turns.set(priority, tenant.cid)
      // Behind the others that hold as much.
      waiting = [...waiting.filter((each) => each !== tenant), tenant]
    } else {
      waiting = waiting.filter((each) => each !== tenant)
      slot--
    }
  }
  return tenants.flatMap((tenant) =>
    tenant.lanes.filter(({ take }) => take > 0).map(({ lane, take }) => ({ ...lane, take })),
  )
}

/** The tenants from behind the last one on. */
function inTurn(tenants: readonly Tenant[], last: string | undefined): Tenant[] {
  const sorted = tenants.toSorted((a, b) => (a.cid < b.cid ? -1 : 1))
  if (last === undefined) return sorted
  return [...sorted.filter(({ cid }) => cid > last), ...sorted.filter(({ cid }) => cid <= last)]
}

function nextLane(tenant: Tenant): Tenant['lanes'][number] | undefined {
  for (let step = 0; step < tenant.lanes.length; step++) {
    const candidate = tenant.lanes[(tenant.next + step) % tenant.lanes.length]
    if (candidate.take < (candidate.lane.capacity ?? Number.POSITIVE_INFINITY)) {
      tenant.next = (tenant.next + step + 1) % tenant.lanes.length
      return candidate
    }
  }
  return undefined
}
