import type { Handlers, Row } from '@lanner/contract'
import type { policies } from '@lanner/contract/lanner'
import type { PolicyDocument, PolicyDocumentChange } from '../../use-cases/policy-document.ts'
import type { PolicyServices } from '../../use-cases/policy-services.ts'

type DocumentBody = Row<typeof policies, 'ReadPolicyDocument'>['document']

/** Policies as one document, and who changed them. */
export const policyHandlers: Handlers<typeof policies, PolicyServices> = {
  async ReadPolicyDocument({ caller }, { policyDocuments }) {
    const { revision, document } = await policyDocuments.read(caller.cid)
    return { resources: [{ revision, document: documentBody(document) }] }
  },

  async ApplyPolicyDocument({ caller, body }, { policyDocuments }) {
    const { document, dry_run, if_revision } = body
    const { revision, changes } = await policyDocuments.apply(caller, document, {
      ...(dry_run === undefined ? {} : { dryRun: dry_run }),
      ...(if_revision === undefined ? {} : { ifRevision: if_revision }),
    })
    return {
      resources: [{ revision, changes: changes.map(difference) }],
      affected: dry_run ? 0 : changes.length,
    }
  },

  async GetPolicyChanges({ caller, query }, { policies }) {
    const { records, total } = await policies.changes(caller.cid, query)
    return {
      resources: records.map((record) => ({ ...record, at: record.at.toISOString() })),
      pagination: { limit: query.limit, offset: query.offset, total },
    }
  },
}

/** What is answered is only written down, so its lists may as well be such as cannot be changed. */
function documentBody(document: PolicyDocument): DocumentBody {
  return document as DocumentBody
}

function difference({ action, kind, name, before, after }: PolicyDocumentChange) {
  return { action, kind, name, before: before ?? null, after: after ?? null }
}
