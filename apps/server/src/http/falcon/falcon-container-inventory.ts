import type { Body, falconContainer, Handlers } from '@lanner/contract'
import { jsonInTurns } from '../../use-cases/json-in-turns.ts'
import type { SentImage } from '../../use-cases/scan-inventories.ts'
import { sentLimits } from '../../use-cases/sent-inventory.ts'
import type { Services } from '../../use-cases/services.ts'
import { mapInTurns } from '../../use-cases/turns.ts'
import { bodyLimits } from '../request-body.ts'
import { written } from '../written-json.ts'
import { vulnerability } from './scan-report.ts'
import { sentPackages, systemText } from './sent-packages.ts'

type Own = Pick<
  Handlers<typeof falconContainer, Services>,
  'ReadImageVulnerabilities' | 'HeadImageScanInventory' | 'PostImageScanInventory'
>

/** Code of what a look-up leaves open: the request was understood, some of what it is about was not. */
const notJudged = 422

/** Inventories that were collected elsewhere. */
export const inventoryHandlers: Own = {
  async ReadImageVulnerabilities({ body }, { vulnerabilityLookups }) {
    const { osversion, packages, applicationPackages } = body
    const { found, distribution, open } = await vulnerabilityLookups.of(
      sentPackages(osversion, packages, applicationPackages),
    )
    const records = await mapInTurns(found, ({ finding, pack }) => ({
      Vulnerability: vulnerability(finding, pack, distribution, [], undefined),
    }))
    return {
      resources: written(await jsonInTurns(records)),
      ...(open.length > 0 ? { errors: open.map((message) => ({ code: notJudged, message })) } : {}),
    }
  },

  /**
   * `X-Lanner-Max-Inventory-Bytes` and `X-Lanner-Max-Packages`: what an inventory may have at most.
   * `X-Lanner-Advisories`: the revision that it will be judged by; absent while there are none.
   */
  async HeadImageScanInventory(_, { advisories, version }) {
    const { revision } = await advisories.status()
    return {
      headers: {
        'X-Lanner-Version': version,
        'X-Lanner-Max-Inventory-Bytes': String(bodyLimits.maxBytes),
        'X-Lanner-Max-Packages': String(sentLimits.packages),
        ...(revision === undefined ? {} : { 'X-Lanner-Advisories': revision }),
      },
    }
  },

  async PostImageScanInventory({ body, caller }, { scanInventories }) {
    const { inventory } = body
    const { OSInfo, Packages, ApplicationPackages } = inventory
    const packages = sentPackages(systemText(OSInfo.Name, OSInfo.Version), Packages, ApplicationPackages)
    const accepted = await scanInventories.accept(caller.cid, caller.actor, sentImage(inventory), packages)
    return {
      resources: [{ scan_uuid: accepted.scan, image_id: accepted.imageId, image_digest: accepted.digest }],
    }
  },
}

type Inventory = Body<typeof falconContainer, 'PostImageScanInventory'>['inventory']

function sentImage({
  ImageInfo,
  Config,
  ConfigInfo,
  Layers,
  Manifest,
  InventoryEngineInfo,
}: Inventory): SentImage {
  // A scanner that leaves the config away may tell what the image runs all the same.
  const config = Config ?? (ConfigInfo ? { config: ConfigInfo } : {})
  return {
    registry: ImageInfo.Registry ?? '',
    repository: ImageInfo.Repository ?? '',
    tag: ImageInfo.Tag ?? '',
    digest: ImageInfo.Digest ?? '',
    indexDigest: ImageInfo.IndexDigest ?? '',
    imageId: ImageInfo.ID || Manifest?.config?.digest || '',
    os: Config?.os ?? '',
    architecture: ImageInfo.Architecture || Config?.architecture || '',
    variant: Config?.variant ?? '',
    created: ImageInfo.CreatedAt || Config?.created || '',
    size: ImageInfo.Size ?? 0,
    layers: (Layers ?? []).map(({ Digest = '', Size = 0, CreatedBy = '' }) => ({
      digest: Digest,
      size: Size,
      createdBy: CreatedBy,
    })),
    diffIds: Config?.rootfs?.diff_ids ?? [],
    labels: Config?.config?.Labels ?? ConfigInfo?.Labels ?? {},
    manifest: JSON.stringify(Manifest ?? {}),
    config: JSON.stringify(config),
    engine: InventoryEngineInfo?.EngineVersion ?? '',
  }
}
