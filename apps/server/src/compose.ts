import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { falcon, lanner } from '@lanner/contract'
import { type Clock, Secret, systemClock } from '@lanner/oci'
import type { BlobStore } from './blobs/blob-store.ts'
import { FolderBlobStore } from './blobs/folder-blob-store.ts'
import { S3BlobStore } from './blobs/s3-blob-store.ts'
import type { ServerSettings } from './config/settings.ts'
import type { OpenDatabase } from './db/open-database.ts'
import { transaction } from './db/transaction.ts'
import { exportSources } from './http/falcon/export-sources.ts'
import { hourlyUpdate, importAdvisories, updateAdvisories } from './jobs/advisories.ts'
import { assessPushed } from './jobs/assess-pushed.ts'
import type { AnyJob } from './jobs/define.ts'
import { expireExports, hourlyExpiry, makeExport } from './jobs/export.ts'
import { hourlyHousekeeping, keepHouse } from './jobs/housekeeping.ts'
import { assessmentReader } from './jobs/readers/assessment-reader.ts'
import { type ImageReaderOptions, imageReader } from './jobs/readers/image-reader.ts'
import { rematchAdvisories } from './jobs/rematch-advisories.ts'
import { advisoryWorker } from './jobs/threads/advisory-worker.ts'
import { policyPreviewer } from './jobs/threads/policy-previewer.ts'
import { watchAdvisories } from './jobs/watch-advisories.ts'
import { Workers } from './jobs/workers.ts'
import type { Keyring } from './secrets/keyring.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { advisories, importAdvisoriesJob, updateAdvisoriesJob } from './use-cases/advisories.ts'
import { advisoryChanges, rematchJob } from './use-cases/assessment/advisory-changes.ts'
import { AdvisoryShelf } from './use-cases/assessment/advisory-shelf.ts'
import { matchInParts } from './use-cases/assessment/match-in-parts.ts'
import { type MatchGroup, matchGroups } from './use-cases/assessment/matcher.ts'
import { type Blobs, blobs } from './use-cases/blobs.ts'
import { changeEvents } from './use-cases/change-events.ts'
import { containerServices } from './use-cases/container-services.ts'
import { expireExportsJob, exportJob, exportsOf } from './use-cases/exports.ts'
import { housekeeping, housekeepingJob } from './use-cases/housekeeping.ts'
import { identityServices } from './use-cases/identity.ts'
import { imageStates } from './use-cases/image-states.ts'
import { images } from './use-cases/images.ts'
import { installationTokens } from './use-cases/installation-tokens.ts'
import { jobQueue } from './use-cases/job-queue.ts'
import { jobs } from './use-cases/jobs.ts'
import { type Manifests, manifests } from './use-cases/manifests.ts'
import { policyFacts } from './use-cases/policy-facts.ts'
import { policyPreviews } from './use-cases/policy-preview.ts'
import type { PreviewDatabase } from './use-cases/policy-preview-run.ts'
import { policyServices } from './use-cases/policy-services.ts'
import { assessPushedJob, pushedImages } from './use-cases/pushed-images.ts'
import { registries } from './use-cases/registries.ts'
import { type RegistryAccess, registryAccess } from './use-cases/registry-access.ts'
import { reports } from './use-cases/reports.ts'
import { type Repositories, repositories } from './use-cases/repositories.ts'
import { scanInventories } from './use-cases/scan-inventories.ts'
import type { Services } from './use-cases/services.ts'
import { serverStatus } from './use-cases/status.ts'
import { type Uploads, uploads } from './use-cases/uploads.ts'
import { vulnerabilityLookups } from './use-cases/vulnerability-lookups.ts'

/** What a server is made of, before anything listens. */
export interface Composition {
  readonly services: Services
  readonly registry: {
    readonly blobs: Blobs
    readonly uploads: Uploads
    readonly manifests: Manifests
    readonly repositories: Repositories
    readonly access: RegistryAccess
  }
  readonly workers: Workers<Services> | undefined
  readonly shelf: AdvisoryShelf
  /** What has to be so before anybody is let in. */
  start(): Promise<void>
  /** Starts what the first image would wait for; best once somebody can be let in. */
  warm(): void
  /** Ends processes, threads and open files; the workers are stopped before. */
  close(): Promise<void>
}

export interface CompositionParts {
  readonly settings: ServerSettings
  readonly opened: OpenDatabase
  readonly keyring: Keyring
  readonly log: Log
  readonly metrics: Metrics
  readonly version: string
  readonly clock?: Clock
  /** What processes that read images run, and may take; tests bring their own. */
  readonly reading?: Pick<ImageReaderOptions, 'entry' | 'memory'>
}

/** Every scope that some operation asks for. */
export const knownScopes: ReadonlySet<string> = new Set(
  [...falcon, ...lanner].flatMap(({ operations }) =>
    Object.values(operations).flatMap(({ scope }) => (scope === 'none' ? [] : scope)),
  ),
)

/** Where pushed bytes lie: in an S3-compatible store where one is named, else in the data directory. */
function blobStore(settings: ServerSettings): BlobStore {
  const { s3Endpoint, s3Bucket, s3Region, s3Prefix, s3AccessKeyId, s3SecretAccessKey, dataFolder } = settings
  const reserve = settings.diskReserve > 0 ? { bytes: settings.diskReserve } : undefined
  if (s3Endpoint === undefined || s3Bucket === undefined)
    return new FolderBlobStore(join(dataFolder, 'blobs'), reserve)
  return new S3BlobStore({
    endpoint: s3Endpoint,
    bucket: s3Bucket,
    region: s3Region,
    prefix: s3Prefix,
    accessKeyId: s3AccessKeyId ?? '',
    secretAccessKey: s3SecretAccessKey ?? new Secret(''),
    staging: join(dataFolder, 'uploads'),
    ...(reserve ? { reserve } : {}),
  })
}

/** Ties use cases, queue and stores together. Nothing runs yet. */
export function compose(parts: CompositionParts): Composition {
  const { settings, opened, keyring, log, metrics, version } = parts
  const clock = parts.clock ?? systemClock
  const { database } = opened
  const now = (): Date => new Date(clock.now())
  const folder = settings.dataFolder
  const store = blobStore(settings)
  const shelf = new AdvisoryShelf(settings.advisoriesFolder ?? join(folder, 'advisories'))
  const readers = imageReader({
    processes: Math.max(1, Math.min(settings.workers, availableParallelism())),
    cacheFolder: join(folder, 'cache'),
    clock,
    version,
    ...parts.reading,
    onOutput: (line, pid) => log.warn({ pid, line }, 'a process that reads images printed'),
  })
  const advisoryThreads = advisoryWorker({ clock })
  const previewer = policyPreviewer({ clock, database: () => ownDatabase(settings, opened) })
  const reader = assessmentReader({
    processes: readers,
    ...(store instanceof FolderBlobStore ? { blobFolder: join(folder, 'blobs') } : {}),
  })
  const assessing = {
    database,
    transaction: <T>(work: Parameters<typeof transaction<T>>[1]) => transaction(database, work),
    matcher: {
      async match(groups: readonly MatchGroup[]) {
        const { reader: advisories } = shelf
        if (!advisories) return undefined
        return matchInParts(
          groups,
          async (part) =>
            (await advisoryThreads.match(shelf.folder, advisories.revision, part)) ??
            // The folder holds a newer revision that is about to be taken over; this one is still open here.
            matchGroups(part, advisories, now()),
        )
      },
    },
    advisories: () => shelf.reader,
    now,
    reader,
    blobs: store,
  }
  const identity = identityServices({ database, keyring, clock: () => clock.now(), knownScopes })
  const reported = reports(assessing)
  const access = registryAccess({
    authenticator: identity.signIn,
    keys: keyring.keys('registry-token'),
    clock: () => clock.now(),
  })
  const services: Services = {
    ...identity,
    ...policyServices({ database, clock: () => clock.now(), reader: policyFacts(assessing), version }),
    ...containerServices(assessing),
    advisories: advisories({
      database,
      shelf,
      keeper: advisoryThreads,
      offline: settings.offline,
      now,
      ...(settings.advisoriesUrl ? { baseUrl: settings.advisoriesUrl } : {}),
    }),
    advisoryChanges: advisoryChanges(assessing),
    policyPreviews: policyPreviews({ database, clock: () => clock.now(), judge: previewer.judge }),
    pushedImages: pushedImages({ ...assessing, changed: (cid) => services.policyChecks.changed(cid) }),
    registries: registries({ database, keyring, now }),
    registryAccess: access,
    reports: reported,
    installationTokens: installationTokens({ database, keyring, now }),
    imageStates: imageStates({ ...assessing, reports: reported }),
    changeEvents: changeEvents({ database }),
    status: serverStatus({
      database,
      startedAt: now(),
      version,
      embedded: opened.embedded !== undefined,
      quota: settings.quota || undefined,
      now,
      advisories: () => services.advisories.status(),
    }),
    exports: exportsOf({
      database,
      folder: join(folder, 'exports'),
      sources: exportSources,
      lists: (inside) => {
        const within = {
          database: inside,
          transaction: <T>(work: Parameters<typeof transaction<T>>[1]) => transaction(inside, work),
          now,
        }
        const { policyExclusions } = services
        return { ...containerServices(within), images: images(within), policyExclusions }
      },
      now,
    }),
    housekeeping: housekeeping({
      ...assessing,
      clock: () => clock.now(),
      events: changeEvents({ database }),
      retention: {
        auditDays: settings.auditDays,
        assessmentDays: settings.assessmentDays,
        jobDays: settings.jobDays,
      },
    }),
    images: images(assessing),
    jobs: jobs({ database }),
    scanInventories: scanInventories(assessing),
    vulnerabilityLookups: vulnerabilityLookups(assessing),
    version,
  }
  const quota = async (): Promise<number | undefined> => settings.quota || undefined
  const content = { database, blobs: store, clock: () => clock.now(), quota }
  const table: readonly AnyJob<Services>[] = [
    assessPushed,
    rematchAdvisories,
    updateAdvisories,
    importAdvisories,
    keepHouse,
    makeExport,
    expireExports,
  ]
  const workers =
    settings.workers === 0
      ? undefined
      : new Workers<Services>({
          queue: jobQueue({ database }),
          services,
          jobs: table,
          types: [
            assessPushedJob,
            rematchJob,
            updateAdvisoriesJob,
            importAdvisoriesJob,
            housekeepingJob,
            exportJob,
            expireExportsJob,
          ],
          schedules: [hourlyHousekeeping, hourlyExpiry, ...(settings.offline ? [] : [hourlyUpdate])],
          slots: settings.workers + 1,
          // Its folder has one owner at a time.
          alone: opened.embedded !== undefined,
          clock,
          onEvent: workerEvents(log, metrics),
        })
  let stopLooking = (): void => {}
  return {
    services,
    registry: {
      blobs: blobs(content),
      uploads: uploads(content),
      manifests: manifests({
        ...content,
        onManifest: (put) => services.pushedImages.noted(put),
        onDeleted: (deleted) => services.pushedImages.removed(deleted),
      }),
      repositories: repositories({ database }),
      access,
    },
    workers,
    shelf,
    async start() {
      stopLooking = watchAdvisories(services.advisories, {
        failed: (error) => log.warn({ err: error }, 'advisories not taken over'),
      })
      await services.changeEvents.turnOver(now())
      await services.advisories.takeOver()
    },
    warm() {
      readers.warm(1)
      advisoryThreads.warm()
    },
    async close() {
      stopLooking()
      await services.exclusionUse.flush()
      await Promise.all([readers.close(), advisoryThreads.close(), previewer.close()])
      shelf.close()
    },
  }
}

/** Where a thread of this process finds the database. */
function ownDatabase(
  { databaseUrl, databasePrepare }: ServerSettings,
  { embedded }: OpenDatabase,
): PreviewDatabase {
  const server = databaseUrl?.reveal() ?? embedded?.address
  if (server === undefined) throw new Error('a database is either named by its URL or our own')
  return { server, prepare: databasePrepare === 'on' }
}

function workerEvents(log: Log, metrics: Metrics): ConstructorParameters<typeof Workers>[0]['onEvent'] {
  const ended = metrics.counter('jobs_ended_total', 'Jobs that ended, by outcome.', 'outcome')
  const took = metrics.durations('job_seconds', 'Time that jobs took, by name.', 'job')
  return (event) => {
    switch (event.kind) {
      case 'ended':
        ended(event.outcome)
        took(event.job.name, event.took / 1000)
        if (event.outcome === 'failed')
          log.warn(
            { job: event.job.name, cid: event.job.cid, key: event.job.key, reason: event.error },
            'job failed',
          )
        else
          log.debug(
            { job: event.job.name, cid: event.job.cid, key: event.job.key, took: event.took },
            'job ended',
          )
        return
      case 'postponed':
        log.info(
          { job: event.job.name, key: event.job.key, seconds: event.delaySeconds, reason: event.error },
          'job postponed',
        )
        return
      case 'lost':
        log.warn({ job: event.job.name, key: event.job.key }, 'job lost its lease')
        return
      case 'unexpected':
        log.error({ job: event.job.name, key: event.job.key, err: event.error }, 'job failed unexpectedly')
        return
      case 'trouble':
        log.warn({ what: event.what, err: event.error }, 'queue not reached')
        return
      case 'back':
        log.info({}, 'queue reached again')
    }
  }
}
