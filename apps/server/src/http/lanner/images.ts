import type { Handlers } from '@lanner/contract'
import type { images } from '@lanner/contract/lanner'
import type { Services } from '../../use-cases/services.ts'

export const imageHandlers: Handlers<typeof images, Services> = {
  async GetImageState({ caller, path }, { imageStates }) {
    const { images, names, reasons, advisories } = await imageStates.state(caller.cid, path['digest'] ?? '')
    const [first] = images
    return {
      resources: [
        {
          image_digest: first.digest,
          image_id: first.image_id,
          architecture: first.architecture,
          references: names.map(({ registry, repository, tag }) => ({ registry, repository, tag })),
          state: first.state,
          reasons: [...reasons],
          assessed_at: first.assessed_at?.toISOString() ?? null,
          advisories: advisories ?? null,
        },
      ],
    }
  },

  async ExplainFindings({ caller, path, query }, { imageStates }) {
    const { vulnerability, package: wanted, limit } = query
    const found = await imageStates.why(caller.cid, path['digest'] ?? '', vulnerability, {
      limit,
      ...(wanted === undefined ? {} : { package: wanted }),
    })
    return {
      resources: found.map(({ package: pack, layers, evidence, ...finding }) => ({
        vulnerability,
        aliases: [...finding.aliases],
        severity: finding.severity,
        rated_by: finding.ratedBy,
        verdict: finding.verdict,
        package: pack.purl,
        package_name_version: `${pack.name} ${pack.version}`,
        locations: pack.locations.map(({ path: file, layerIndex }) => ({
          path: file,
          layer_digest: layers[layerIndex]?.digest ?? '',
          layer_index: layerIndex,
          layer_command: layers[layerIndex]?.createdBy ?? '',
        })),
        fixed_versions: [...finding.fixedVersions],
        evidence: evidence.map((word) => ({
          advisory: word.advisory,
          feed: word.feed,
          ecosystem: word.ecosystem,
          name: word.name,
          matched_by: word.matchedBy,
          version: word.version,
          verdict: word.verdict,
          ...(word.scheme ? { scheme: word.scheme } : {}),
          ...(word.range ? { range: word.range } : {}),
          fixed_versions: [...word.fixedVersions],
          fix_state: word.fixState,
          ...(word.fixReason ? { fix_reason: word.fixReason } : {}),
          ...(word.note ? { note: word.note } : {}),
        })),
        summary: finding.summary,
      })),
    }
  },
}
