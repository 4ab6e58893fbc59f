import type { Bytes } from '../../bytes.ts'
import { defineExtractor, ExtractFault, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { RpmHeader, rpmTag } from '../../formats/rpm-header.ts'
import { bdbPackages, isBdbHash } from '../../formats/rpmdb-bdb.ts'
import { isNdb, ndbPackages } from '../../formats/rpmdb-ndb.ts'
import { isSqlite, sqlitePackages } from '../../formats/rpmdb-sqlite.ts'
import { isDeclaredWord, Unread } from '../declared.ts'
import { rpmSource, rpmVersion } from './version.ts'

const packageLimit = 500_000
const folders = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm']
const files = ['Packages', 'Packages.db', 'rpmdb.sqlite', 'rpmdb.sqlite-wal', 'rpmdb.sqlite-journal']

/**
 * The rpm database in its three formats (Berkeley DB, NDB, SQLite), told apart by their content. Keys that rpm keeps as
 * `gpg-pubkey` are listed, as `rpm -qa` lists them.
 */
export const rpm = defineExtractor({
  id: 'os/rpm',
  revision: 2,
  finds: 'packages installed by rpm (Red Hat and kin, Fedora, SUSE, Amazon, Azure Linux)',
  wants: { paths: folders.flatMap((folder) => files.map((file) => `${folder}/${file}`)) },
  maxBytes: 200 * MiB,
  *extract(file: LayerFile): Generator<Observation> {
    if (file.size === 0) return
    if (file.path.endsWith('-wal') || file.path.endsWith('-journal')) {
      yield* observeLog(file)
      return
    }
    const unread = new Unread('malformed')
    let count = 0
    for (const blob of packagesOf(file)) {
      if (++count > packageLimit)
        throw new ExtractFault('limit-exceeded', `more than ${packageLimit} packages in ${file.path}`)
      try {
        yield* observe(new RpmHeader(blob))
      } catch (cause) {
        if (!(cause instanceof ExtractFault)) throw cause
        unread.add(`package ${count} of ${file.path}: ${cause.message}`)
      }
    }
    yield* unread.observations()
  },
})

function packagesOf({ path, bytes }: LayerFile): Generator<Bytes> {
  if (isSqlite(bytes)) return sqlitePackages(bytes)
  if (isNdb(bytes)) return ndbPackages(bytes)
  if (isBdbHash(bytes)) return bdbPackages(bytes)
  throw new ExtractFault('malformed', `${path} is neither an SQLite, an NDB nor a Berkeley DB hash database`)
}

function* observe(header: RpmHeader): Generator<Observation> {
  const name = header.string(rpmTag.name)
  const upstream = header.string(rpmTag.version)
  const release = header.string(rpmTag.release)
  if (!isDeclaredWord(name) || !isDeclaredWord(upstream) || !isDeclaredWord(release)) {
    throw new ExtractFault('malformed', 'the header has no readable name, version and release')
  }
  const epoch = header.integer(rpmTag.epoch)
  const version = rpmVersion(epoch, `${upstream}-${release}`)
  const arch = header.string(rpmTag.arch)
  const source = rpmSource(header.string(rpmTag.sourceRpm), epoch, version)
  const license = header.string(rpmTag.license)
  const module = header.string(rpmTag.modularityLabel)
  const vendor = header.string(rpmTag.vendor)
  yield {
    kind: 'package',
    type: 'rpm',
    name,
    version,
    ...(arch ? { arch } : {}),
    ...(source ? { source } : {}),
    ...(license ? { licenses: [license] } : {}),
    ...(module ? { module } : {}),
    ...(vendor ? { vendor } : {}),
    confidence: 'declared',
  }
  yield { kind: 'ownership', owner: name, paths: { [Symbol.iterator]: () => header.files() } }
}

/**
 * A write-ahead log or a rollback journal that is not empty: changes that the database file itself does not hold yet, or
 * holds but must give back. rpm leaves neither behind when it ends as it should.
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
function* observeLog(file: LayerFile): Generator<Observation> {
  const isLog = file.path.endsWith('-wal')
  // A log of its header alone has no frame; a journal whose header is zeroed has been finished with.
  if (isLog ? file.size <= 32 : file.bytes.slice(0, 8).every((byte) => byte === 0)) return
  const kind = isLog ? 'write-ahead log' : 'rollback journal'
  yield {
    kind: 'problem',
    code: 'unsupported',
    message: `${file.path} is a ${kind} of ${file.size} bytes: packages were read without the changes in it`,
  }
}
