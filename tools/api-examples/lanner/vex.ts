import { commonImages } from '../../../apps/server/src/testing/estate-images.ts'
import { exclusions, vex } from '../../../packages/contract/src/index.ts'
import { type ExampleCollection, examplesOf } from '../example.ts'

const document = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://acme.example/vex/checkout',
  author: 'Acme Security',
  timestamp: '2026-01-15T09:00:00Z',
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-2021-44228' },
      products: [
        {
          '@id': `pkg:oci/checkout@${commonImages.checkout.digest}`,
          subcomponents: [{ '@id': 'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1' }],
        },
      ],
      status: 'not_affected',
      justification: 'vulnerable_code_cannot_be_controlled_by_adversary',
    },
    {
      vulnerability: { name: 'CVE-1999-0001' },
      products: [{ '@id': 'pkg:npm/left-pad@1.3.0' }],
      status: 'fixed',
    },
  ],
}

/** Examples of VEX, and of the exclusions that come of it. */
export const vexExamples: readonly ExampleCollection[] = [
  examplesOf(vex, 'lanner/vex', {
    ImportVex: () => ({ body: { document, name: 'checkout.openvex.json' } }),
    ExportVex: () => ({}),
  }),
  examplesOf(exclusions, 'lanner/exclusions', {
    ListExclusions: () => ({ query: { state: 'unmatched', limit: 2 } }),
  }),
]
