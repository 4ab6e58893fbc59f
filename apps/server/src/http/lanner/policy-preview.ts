import type { Handlers } from '@lanner/contract'
import { type policyPreview, previewFlips } from '@lanner/contract/lanner'
import { exclusionExpiry } from '@lanner/policy'
import type { PolicyPreviewResult, PolicyPreviews } from '../../use-cases/policy-preview.ts'
import { copied } from '../falcon/policy-entities.ts'

export const policyPreviewHandlers: Handlers<
  typeof policyPreview,
  { readonly policyPreviews: PolicyPreviews }
> = {
  async PreviewPolicies({ caller, body, signal }, { policyPreviews }) {
    const { document, limit: flips = previewFlips.usual } = body
    const preview = await policyPreviews.of(caller, document, { flips, signal })
    const { revision, images, undecided, denied, flipped, byPolicy, took } = preview
    return {
      resources: [
        {
          revision,
          images,
          undecided,
          denied,
          flipped,
          by_policy: byPolicy.map((count) => ({ ...count })),
          flips: preview.flips.map(toFlip),
          exclusions_unmatched: preview.exclusionsUnmatched.map(toUnmatched),
          took_ms: took,
        },
      ],
    }
  },
}

function toFlip({ image, before, after }: PolicyPreviewResult['flips'][number]) {
  const { registry, repository, tag, digest, architecture = '' } = image
  return { image: { registry, repository, tag, image_digest: digest, architecture }, before, after }
}

function toUnmatched({ exclusion, isNew }: PolicyPreviewResult['exclusionsUnmatched'][number]) {
  const { id, prop, op, value, and, scope, description, author } = exclusion
  return {
    id: isNew ? null : id,
    prop,
    op,
    value: [...value],
    and: [...(and ?? [])],
    scope: scope ? copied(scope) : null,
    description: description ?? '',
    author,
    expires_at: exclusionExpiry(exclusion) ?? null,
  }
}
