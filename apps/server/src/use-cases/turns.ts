import { setImmediate as turn } from 'node:timers/promises'

/** Milliseconds that one piece of work keeps everybody else waiting at most, where it can be divided. */
const longest = 10

/** Lets everybody else have their turn between two steps that each take long. */
export function nextTurn(): Promise<void> {
  return turn()
}

/** What `make` gives for each item, in order. Many items take several turns of the event loop, few take none. */
export async function mapInTurns<Item, Made>(
  items: readonly Item[],
  make: (item: Item, index: number) => Made,
): Promise<Made[]> {
  const made: Made[] = []
  let since = performance.now()
  for (const [index, item] of items.entries()) {
    made.push(make(item, index))
    if (performance.now() - since < longest) continue
    await turn()
    since = performance.now()
  }
  return made
}

/** Goes through something to its end, in several turns of the event loop where it takes long. */
export async function eachInTurns<Item>(
  items: Iterable<Item>,
  each: (item: Item) => void | Promise<void>,
): Promise<void> {
  let since = performance.now()
  for (const item of items) {
    const doing = each(item)
    if (doing) await doing
    if (performance.now() - since < longest) continue
    await turn()
    since = performance.now()
  }
}

/** The items in parts of so many. */
export function* partsOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
