import { setTimeout as after } from 'node:timers/promises'
import type { Database } from './database.ts'
import { DatabaseFault, errorCode } from './database-fault.ts'

/** How often a transaction is tried when others get in its way. */
export const maxTransactionAttempts = 6

// serialization_failure, deadlock_detected
const collided = new Set(['40001', '40P01'])

/**
 * Runs `work` in one transaction, again from its beginning when it lost against a concurrent one: it must have no effect
 * outside the database. Inside another transaction it simply joins it.
 * @throws DatabaseFault `conflict` when it lost every time
 */
export async function transaction<T>(
  database: Database,
  work: (database: Database) => Promise<T>,
  { isolation }: { isolation?: 'repeatable read' | 'serializable' } = {},
): Promise<T> {
  if (database.isTransaction) return work(database)
  for (let attempt = 1; ; attempt++) {
    try {
      const builder = database.transaction()
      return await (isolation ? builder.setIsolationLevel(isolation) : builder).execute(work)
    } catch (error) {
      if (!collided.has(errorCode(error) ?? '')) throw error
      if (attempt === maxTransactionAttempts)
        throw new DatabaseFault(
          'conflict',
          `a transaction lost against others ${attempt} times: ${(error as Error).message}`,
          { cause: error, retryable: true },
        )
      await after(Math.random() * 10 * 2 ** attempt)
    }
  }
}
