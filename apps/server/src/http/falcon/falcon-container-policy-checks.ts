import type { falconContainer, Handlers } from '@lanner/contract'
import type { CheckedReference } from '../../use-cases/policy-checks.ts'
import type { Services } from '../../use-cases/services.ts'
import { writtenPolicyCheck } from './policy-check.ts'

type Own = Pick<Handlers<typeof falconContainer, Services>, 'ImageMatchesPolicy' | 'PolicyChecks'>

/** Whether policies let an image pass. */
export const policyCheckHandlers: Own = {
  async ImageMatchesPolicy({ query, caller }, { policyChecks }) {
    const { repository, tag } = query
    return { resources: writtenPolicyCheck(await policyChecks.ofImage(caller.cid, { repository, tag })) }
  },

  async PolicyChecks({ query, caller }, { policyChecks }) {
    return { resources: writtenPolicyCheck(await policyChecks.ofImage(caller.cid, referenceOf(query))) }
  },
}

/** A parameter that is left empty asks for nothing: clients send what they were not given as ''. */
function referenceOf({
  registry,
  repository,
  tag,
  architecture,
}: {
  readonly registry?: string
  readonly repository: string
  readonly tag: string
  readonly architecture?: string
}): CheckedReference {
  return {
    repository,
    tag,
    ...(registry ? { registry } : {}),
    ...(architecture ? { architecture } : {}),
  }
}
