import { mostBodyBytes } from '../apps/cli/src/admission/server.ts'
import { policyFileLimits } from '../apps/cli/src/policy-file.ts'
import { maxDocumentFileBytes } from '../apps/cli/src/scan-document.ts'
import { readerMemory, readingBytes } from '../apps/server/src/jobs/readers/reader-memory.ts'
import { maxPolicies } from '../apps/server/src/use-cases/policies.ts'
import { maxPolicyGroups } from '../apps/server/src/use-cases/policy-groups.ts'
import { previewLimits } from '../apps/server/src/use-cases/policy-preview.ts'
import { maxVexClaims } from '../apps/server/src/use-cases/vex-plan.ts'
import { admissionLimits } from '../packages/admission/src/limits.ts'
import { feedCaps } from '../packages/advisories/src/update/settings.ts'
import { imageCacheBytes } from '../packages/assessment/src/image-cache.ts'
import { layerCacheBytes } from '../packages/assessment/src/layer-cache.ts'
import { freshnessLimits } from '../packages/assessment/src/match-inventory.ts'
import { maxImagePackages } from '../packages/assessment/src/read-layers.ts'
import { limits as documentLimits } from '../packages/documents/src/limits.ts'
import { vexLimits } from '../packages/documents/src/vex/statement.ts'
import { type ExtractionLimits, extractionLimits } from '../packages/extractors/src/extraction-limits.ts'
import { type MergeLimits, mergeLimits } from '../packages/extractors/src/merge-layers.ts'
import { maxDocumentBytes } from '../packages/oci/src/documents.ts'
import { defaultLayerLimits } from '../packages/oci/src/layer/read-layer.ts'
import type { LayerLimits } from '../packages/oci/src/layer/read-layer-types.ts'
import { type PolicyLimits, policyLimits } from '../packages/policy/src/limits.ts'
import { amount, rows, type Words } from './limit-table.ts'
import { note, table } from './markdown.ts'
import { platformLimits } from './platform-limits.ts'

// A bound that is added without words here does not compile.
const layer: Words<LayerLimits> = {
  maxBytes: ['a layer, inflated', 'bytes'],
  maxRatio: ['a layer inflated, to its stored size, once 64 MiB were inflated', 'times'],
  maxEntries: ['files, folders and links in a layer', ''],
}
const extraction: Words<ExtractionLimits> = {
  maxPackages: ['packages in a layer', ''],
  maxWhiteouts: ['paths that a layer removes', ''],
  maxProblems: ['problems of a layer that are told one by one; the rest are counted', ''],
  maxRefused: ['paths leading out of the image that are told by name; the rest are counted', ''],
  maxText: ["a package's name, version and the like", 'characters'],
  maxLayerText: ['all that the packages of a layer say', 'characters'],
}
const merge: Words<MergeLimits> = {
  maxPackages: ['the same, counted in every layer that brings them', ''],
  maxNameText: ['paths by which layers hide what lower ones brought', 'characters'],
  maxPlaces: ['files and folders that lead to packages', ''],
}
const document: Words<typeof documentLimits> = {
  document: ['a bill of materials', 'characters'],
  components: ['components or packages in it', ''],
  depth: ['components inside components', ''],
  text: ['one text in it', 'characters'],
  list: ['items of a list that belongs to one component', ''],
}
const feed: Words<typeof feedCaps> = {
  archive: ['an archive of the OSV bucket', 'bytes'],
  record: ['one record', 'bytes'],
  list: ['a list of changes', 'bytes'],
  epss: ['the EPSS scores', 'bytes'],
  kev: ['the exploited vulnerabilities', 'bytes'],
  tracker: ['the Debian security tracker', 'bytes'],
  vexArchive: ['the archive of Red Hat VEX', 'bytes'],
}

const policy: Words<PolicyLimits> = {
  rules: ['rules of a policy', ''],
  conditions: ['conditions of a rule or group, and further ones of an exclusion', ''],
  exclusions: ['exclusions of an account', ''],
  values: ['values of a condition', ''],
  valueText: ['one value', 'characters'],
}
const vex: Words<typeof vexLimits> = {
  statements: ['statements of a VEX document', ''],
  products: ['products in them, each part of one counted', ''],
  depth: ['branches or components inside each other', ''],
  text: ['its id, or a reason in it', 'characters'],
}
const admission: Words<typeof admissionLimits> = {
  images: ['different images of an object; one with more is denied', ''],
  message: ['a denial; images that do not fit are counted', 'characters'],
  warning: ['a warning', 'characters'],
  warnings: ['warnings of an answer', ''],
  annotation: ['an annotation of the audit log', 'characters'],
  findings: ['findings that a denial names', ''],
}
const policyFile: Words<typeof policyFileLimits> = {
  bytes: ['a file of policies', 'bytes'],
  depth: ['lists and objects inside each other in it', ''],
  values: ['values in it, those that an alias repeats counted again', ''],
}

/** docs/reference/limits.md. */
export function limitPage(): string {
  const head = ['of', 'at most']
  return [
    '# Limits',
    '',
    note,
    'Whatever Lanner reads was written by somebody else, so everything has a bound.',
    'What is beyond one is never passed over in silence: the message or the reason `limit-exceeded` names it, and the image is assessed in part or not at all.',
    '',
    '## Images',
    '',
    table(head, [
      ['an index, a manifest or a config', amount(maxDocumentBytes, 'bytes')],
      ...rows(layer, defaultLayerLimits),
      ...rows(extraction, extractionLimits),
      [
        'packages in all layers of an image together, a layer that occurs again counted once',
        amount(maxImagePackages, ''),
      ],
      ...rows(merge, mergeLimits),
    ]),
    '',
    'How large a file each extractor reads is in [What is found](extractors.md).',
    '',
    '## Reading images on the platform',
    '',
    'Images are read in processes of their own, which share what the machine has; the server ends one that needs more than its part.',
    'An image that ends the process that reads it twice is not assessable, and says so.',
    '',
    table(
      ['of', 'on a small machine', 'on a large one'],
      [
        [
          'memory of a process that reads images, half of it for objects',
          amount(readerMemory.least, 'bytes'),
          amount(readerMemory.most, 'bytes'),
        ],
        [
          'what is to be said of one image, some 430 bytes a package',
          amount(readingBytes.least, 'bytes'),
          amount(readingBytes.most, 'bytes'),
        ],
      ],
    ),
    '',
    '## Bills of materials',
    '',
    table(head, [
      ['the file', amount(maxDocumentFileBytes, 'bytes')],
      ...rows<Readonly<Record<keyof typeof documentLimits, number>>>(document, documentLimits),
    ]),
    '',
    '## Advisories',
    '',
    'A feed that is larger counts as unreachable and keeps its last state.',
    '',
    table(head, rows<Readonly<Record<keyof typeof feedCaps, number>>>(feed, feedCaps)),
    '',
    `A source that was not asked for ${freshnessLimits.hours} hours is stale, and images are then assessed in part.`,
    '',
    '## Policies',
    '',
    table(head, [
      ['policies of an account', amount(maxPolicies, '')],
      ['groups of an account', amount(maxPolicyGroups, '')],
      ...rows(policy, policyLimits),
      ['previews of an account that are under way or wait', amount(previewLimits.ofTenant, '')],
      ['previews of all accounts that are under way or wait', amount(previewLimits.inAll, '')],
      ['time that a preview may take', amount(previewLimits.time / 1000, 'seconds')],
      ...rows(policyFile, policyFileLimits),
      ...rows<Readonly<Record<keyof typeof vexLimits, number>>>(vex, vexLimits),
      ['products of a VEX document that are taken', amount(maxVexClaims, '')],
    ]),
    '',
    '## Admission',
    '',
    table(head, [
      ['a review of an object', amount(mostBodyBytes, 'bytes')],
      ...rows(admission, admissionLimits),
    ]),
    '',
    ...platformLimits(),
    '## On disk',
    '',
    `Remembered layers take ${amount(layerCacheBytes, 'bytes')}, assembled images ${amount(imageCacheBytes, 'bytes')}; the least recently used are forgotten first.`,
    '',
  ].join('\n')
}
