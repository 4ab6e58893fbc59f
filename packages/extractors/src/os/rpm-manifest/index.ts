import { defineExtractor, ExtractFault, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { lines } from '../../formats/lines.ts'
import { isDeclaredWord, Unread } from '../declared.ts'
import { rpmSource, rpmVersion } from '../rpm/version.ts'

const packageLimit = 500_000

/**
 * The list that CBL-Mariner's and Azure Linux's distroless images hold in place of an rpm database: the output of
 * `rpm -qa` with ten columns apart by tabs: name, version-release, install time, build time, vendor, epoch or `(none)`, size,
 * architecture, epoch number, source rpm. https://github.com/microsoft/azurelinux (toolkit)
 */
export const rpmManifest = defineExtractor({
  id: 'os/rpm-manifest',
  revision: 1,
  finds: 'packages of distroless images of CBL-Mariner and Azure Linux',
  wants: { paths: ['var/lib/rpmmanifest/container-manifest-2'] },
  maxBytes: 64 * MiB,
  *extract(file: LayerFile): Generator<Observation> {
    const unread = new Unread('malformed')
    let packages = 0
    for (const line of lines(file.bytes.text())) {
      if (line.trim() === '') continue
      const observation = readLine(line)
      if (observation === undefined) {
        unread.add(`a line of ${file.path} does not have the ten columns of a package`)
        continue
      }
      if (++packages > packageLimit)
        throw new ExtractFault('limit-exceeded', `more than ${packageLimit} packages in ${file.path}`)
      yield observation
    }
    if (packages === 0 && unread.count > 0)
      throw new ExtractFault('malformed', `${file.path} holds no list of packages`)
    yield* unread.observations()
  },
})

function readLine(line: string): Observation | undefined {
  const columns = line.slice(0, 8192).split('\t')
  if (columns.length !== 10) return undefined
  const [name, versionRelease, , , vendor, , , arch, epochNumber, sourceRpm] = columns
  if (!isDeclaredWord(name) || !isDeclaredWord(versionRelease)) return undefined
  const epoch = /^[0-9]{1,10}$/.test(epochNumber) ? Number(epochNumber) : undefined
  const version = rpmVersion(epoch, versionRelease)
  const source = rpmSource(sourceRpm, epoch, version)
  return {
    kind: 'package',
    type: 'rpm',
    name,
    version,
    ...(isStated(arch) ? { arch } : {}),
    ...(source ? { source } : {}),
    ...(isStated(vendor) ? { vendor } : {}),
    confidence: 'declared',
  }
}

function isStated(column: string): boolean {
  return column !== '' && column !== '(none)'
}
