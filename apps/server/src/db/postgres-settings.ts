import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024

/** Memory of the machine or of the container that we run in, in bytes. */
function memory(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/**
 * Settings of the embedded server: many short transactions, a queue, lists. Never a network address; a write is
 * acknowledged when it is on the disk.
 */
export function postgresSettings(socketFolder: string, bytes = memory()): Record<string, string> {
  const share = (part: number, least: number, most: number) =>
    `${Math.round(Math.min(most, Math.max(least, bytes / mebibyte / part)))}MB`
  return {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '100',
    shared_buffers: share(16, 64, 512),
    effective_cache_size: share(2, 128, 65_536),
    work_mem: '16MB',
    maintenance_work_mem: share(32, 64, 512),
    temp_buffers: '8MB',
    // Nothing replicates from it: exports are by COPY.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '512MB',
    min_wal_size: '64MB',
    checkpoint_timeout: '10min',
    random_page_cost: '1.1',
    // Lists answer in milliseconds: compiling and starting helpers costs more than it gains, and containers give little
    // shared memory to helpers.
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '0',
    // Queues turn over: a vacuum comes soon and does not dawdle.
    autovacuum_naptime: '15s',
    autovacuum_vacuum_cost_limit: '2000',
    autovacuum_vacuum_scale_factor: '0.1',
    autovacuum_analyze_scale_factor: '0.05',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    // What the server does is logged; statements and their values never are.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  }
}

/** As arguments of `postgres`. */
export function settingArguments(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
