import type { Handlers } from '@lanner/contract'
import { verdictLists, type verdicts } from '@lanner/contract/lanner'
import { isDigest } from '@lanner/model'
import { explanationLines } from '@lanner/policy'
import type { CheckedReference } from '../../use-cases/policy-checks.ts'
import { RequestFault } from '../../use-cases/request-fault.ts'
import type { Services } from '../../use-cases/services.ts'
import { written } from '../written-json.ts'
import { toVerdict, type WireVerdict, writtenVerdict } from './verdict.ts'

export const verdictHandlers: Handlers<typeof verdicts, Services> = {
  async GetVerdict({ query, caller }, { policyChecks }) {
    const reference = referenceOf(query)
    const verdict = await policyChecks.verdict(caller.cid, reference)
    if (!query.explain && query.limit === verdictLists.usual)
      return { resources: written<readonly WireVerdict[]>(writtenVerdict(verdict)) }
    const explanation = query.explain
      ? explanationLines(await policyChecks.explain(caller.cid, reference))
      : []
    return { resources: [{ ...toVerdict(verdict, query.limit), explanation: [...explanation] }] }
  },
}

function referenceOf({
  repository,
  tag = '',
  digest,
  registry,
  pushed,
  architecture,
}: {
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
  readonly registry?: string
  readonly pushed?: boolean
  readonly architecture?: string
}): CheckedReference {
  if (tag === '' && digest === undefined)
    throw new RequestFault('invalid', 'tag: this or digest is required: a repository alone is no image')
  if (digest !== undefined && !isDigest(digest))
    throw new RequestFault(
      'invalid',
      `digest: ${JSON.stringify(digest.slice(0, 80))} is no digest such as sha256:…`,
    )
  if (pushed && registry !== undefined)
    throw new RequestFault(
      'invalid',
      'pushed: an image that was pushed to the platform itself has no registry; give one of both',
    )
  const own = pushed ? '' : registry
  return {
    repository,
    tag,
    ...(digest === undefined ? {} : { digest }),
    ...(own === undefined ? {} : { registry: own }),
    ...(architecture === undefined ? {} : { architecture }),
  }
}
