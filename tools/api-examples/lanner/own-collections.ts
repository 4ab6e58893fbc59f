import { commonImages, gatewayPlatforms } from '../../../apps/server/src/testing/estate-images.ts'
import {
  advisories,
  audit,
  clients,
  containers,
  events,
  images,
  jobs,
  policies,
  policyPreview,
  status,
  users,
  verdicts,
} from '../../../packages/contract/src/index.ts'
import { type ExampleCollection, examplesOf, type Scene } from '../example.ts'

const digest = commonImages.checkout.digest
const alone = gatewayPlatforms[0].digest
const password = 'a long enough password'

async function aJob({ ask }: Scene): Promise<string> {
  const [{ id }] = await ask(jobs, 'ListJobs', {
    query: { name: 'assess-pushed', state: ['done'], limit: 1 },
  })
  return id
}

async function aUser({ ask }: Scene, username: string): Promise<string> {
  await ask(users, 'CreateUser', { body: { username, role: 'reader', password } })
  return username
}

/** Examples of our own dialect. */
export const ownExamples: readonly ExampleCollection[] = [
  examplesOf(status, 'lanner/status', { GetServerStatus: () => ({}) }),

  examplesOf(images, 'lanner/images', {
    GetImageState: () => ({ path: { digest } }),
    ExplainFindings: () => ({ path: { digest }, query: { vulnerability: 'CVE-2021-44228' } }),
  }),

  examplesOf(verdicts, 'lanner/verdicts', {
    GetVerdict: () => ({ query: { repository: 'shop/checkout', tag: '1.8.2', explain: true } }),
  }),

  examplesOf(policies, 'lanner/policies', {
    ReadPolicyDocument: () => ({}),
    ApplyPolicyDocument: () => ({
      body: {
        dry_run: true,
        document: {
          version: 1,
          exclusions: [
            {
              prop: 'cve',
              value: 'CVE-2018-18074',
              scope: { repository: 'shop/*' },
              description: 'not reachable',
              expires: '2999-01-01',
            },
          ],
        },
      },
    }),
    GetPolicyChanges: () => ({ query: { limit: 1 } }),
  }),

  examplesOf(policyPreview, 'lanner/policy-preview', {
    PreviewPolicies: () => ({
      body: {
        document: {
          version: 1,
          policies: [
            {
              name: 'Production',
              rules: [{ action: 'block', conditions: [{ prop: 'severity', op: 'gte', value: 'medium' }] }],
            },
          ],
        },
        limit: 2,
      },
    }),
  }),

  examplesOf(events, 'lanner/events', {
    ListEvents: () => ({ query: { vulnerability: 'CVE-2024-90001', image_digest: alone } }),
  }),

  examplesOf(containers, 'lanner/containers', {
    RecordContainers: () => ({
      body: {
        cluster: 'east',
        containers: [
          {
            container_id: 'containerd-1',
            container_name: 'checkout',
            namespace: 'shop',
            pod: 'checkout-1',
            node: 'node-1',
            image: 'shop/checkout:1.8.2',
            image_digest: digest,
            running: true,
          },
        ],
      },
    }),
    ListContainers: () => ({ query: { cluster: 'east', running: true } }),
  }),

  examplesOf(advisories, 'lanner/advisories', {
    GetAdvisoryStatus: () => ({}),
    UpdateAdvisories: () => ({
      refused: { status: 409, because: 'The server of these examples runs offline.' },
    }),
    ImportAdvisories: ({ estate }) => ({ body: { directory: estate.advisories } }),
  }),

  examplesOf(jobs, 'lanner/jobs', {
    ListJobs: () => ({ query: { name: 'assess-pushed', state: ['done'], limit: 1 } }),
    GetJob: async (scene) => ({ path: { id: await aJob(scene) } }),
    CancelJob: async (scene) => ({ path: { id: await aJob(scene) } }),
  }),

  examplesOf(clients, 'lanner/clients', {
    ListClients: () => ({ query: { limit: 2 } }),
    CreateClient: () => ({ body: { name: 'pipeline', scopes: ['falcon-container-image:read'] } }),
    RevokeClient: async ({ ask }) => {
      const [{ client_id }] = await ask(clients, 'CreateClient', { body: { name: 'old pipeline' } })
      return { path: { client_id } }
    },
  }),

  examplesOf(users, 'lanner/users', {
    ListUsers: () => ({}),
    CreateUser: () => ({ body: { username: 'ada', role: 'administrator' as const, password } }),
    UpdateUser: () => ({ path: { username: 'ada' }, body: { role: 'reader' as const } }),
    SetUserPassword: () => ({ path: { username: 'ada' }, body: { password: 'an even longer password' } }),
    DeleteUser: async (scene) => ({ path: { username: await aUser(scene, 'grace') } }),
  }),

  examplesOf(audit, 'lanner/audit', {
    ListAuditRecords: () => ({ query: { action: 'client_create', limit: 1 } }),
  }),
]
