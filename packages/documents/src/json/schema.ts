import {
  type AdvisoryEvidence,
  type AdvisorySource,
  type AssessmentReason,
  type Cvss,
  type Distribution,
  type Finding,
  type ImageFacts,
  type LayerFacts,
  type Package,
  type PackageLocation,
  type Platform,
  packageTypes,
  type RatedSeverity,
  type Report,
  type ReportSet,
  severities,
  type UnassessedImage,
  type Vulnerability,
} from '@lanner/model'
import {
  count,
  digest,
  flag,
  list,
  map,
  object,
  oneOf,
  optional,
  ref,
  type SchemaNode,
  share,
  text,
  texts,
  time,
} from './schema-node.ts'

/** What a report says in its field `schema`. The number is raised when a reader of the former could misread the new. */
export const reportSchemaId = 'lanner.report/1'

const verdicts = ['affected', 'fixed', 'unaffected', 'unknown'] satisfies AdvisoryEvidence['verdict'][]
const fixStates = [
  'fixed',
  'not-fixed',
  'will-not-fix',
  'deferred',
  'end-of-life',
  'under-investigation',
  'unknown',
] satisfies Finding['fixState'][]

const platform = object<Platform>('What an image runs on.', {
  os: text('`linux`, `windows`.'),
  architecture: text('`amd64`, `arm64`: in the words of Go.'),
  variant: optional(text('`v8`, `v7`.')),
  osVersion: optional(text('Version of the operating system, where the index states one.')),
})

const layer = object<LayerFacts>('A layer of an image.', {
  index: count('Counted from the base, 0.'),
  digest: digest('Digest of the blob as stored.'),
  diffId: digest('Digest of the tar inside, verified by inflation.'),
  mediaType: text('Media type as the manifest states it.'),
  size: count('Bytes as stored.'),
  inflatedSize: count('Bytes inflated.'),
  entries: count('Entries of the tar.'),
  createdBy: optional(text('The line of the history that made it.')),
})

const distribution = object<Distribution>('The distribution that an image is built from.', {
  id: text('`ID` of os-release: `debian`, `alpine`, `rhel`.'),
  version: optional(text('`VERSION_ID` as written; absent for rolling releases.')),
  codename: optional(text('`VERSION_CODENAME`.')),
  like: texts('`ID_LIKE`.'),
  name: optional(text('`PRETTY_NAME`.')),
  variant: optional(text('`VARIANT_ID`.')),
  cpe: optional(text('`CPE_NAME`.')),
  path: text('The file that said so; empty when it is known from a document.'),
})

const image = object<ImageFacts>('What the manifest and the config say of an image, and what was read.', {
  reference: text('The reference of this platform’s image.'),
  manifestDigest: digest('Digest of the manifest.'),
  configDigest: digest('Digest of the config.'),
  indexDigest: optional(digest('The index that the manifest was chosen from.')),
  platform: ref('platform', 'What it runs on.'),
  created: optional(text('When the image says it was made.')),
  layers: list('Base first.', ref('layer')),
  distribution: optional(ref('distribution', 'The distribution it is built from.')),
  labels: map('Labels of the config.'),
  user: optional(text('The user it runs as.')),
  entrypoint: optional(texts('Entry point.')),
  command: optional(texts('Command.')),
})

const reason = object<AssessmentReason>('Why an image is not, or only in part, assessed; or a remark.', {
  code: oneOf('What kind of reason.', [
    'no-advisories',
    'no-feed',
    'stale-feed',
    'unknown-distribution',
    'no-distribution',
    'end-of-life',
    'unreadable-evidence',
    'limit-exceeded',
    'unreadable-layer',
    'unsupported-media-type',
    'unknown-versions',
  ] satisfies AssessmentReason['code'][]),
  message: text('A sentence for people.'),
  path: optional(text('The file it is about.')),
  informational: optional(flag('A remark that does not lower the state.')),
})

const location = object<PackageLocation>('Where a package was found.', {
  path: text('The evidence file; nested containers after `!`.'),
  layer: text('Diff id of the layer that brought it; empty when a document does not say.'),
  layerIndex: {
    description: 'Index of that layer, counted from the base (0); -1 when a document does not say.',
    type: 'integer',
    minimum: -1,
  },
  extractor: text('Which extractor read it.'),
})

const source: SchemaNode = object<NonNullable<Package['source']>>(
  'The source package that it was built from.',
  {
    name: text('Name of the source package.'),
    version: optional(text('Its version, where it differs or is stated.')),
  },
)

const pack = object<Package>('A package of an image.', {
  purl: text('Its package URL.'),
  type: oneOf('Its purl type.', packageTypes),
  namespace: optional(text('npm scope, Maven group, composer vendor, Go path up to the last slash.')),
  name: text('Its name.'),
  version: text('As the ecosystem’s own tool prints it; for rpm `epoch:version-release`.'),
  arch: optional(text('The architecture in the database’s own words.')),
  source: optional(source),
  licenses: optional(texts('Licence expressions or names as stated.')),
  module: optional(text('rpm module as `name:stream:version:context`.')),
  vendor: optional(text('Who packaged it.')),
  qualifiers: optional(map('Further qualifiers of the purl.')),
  subpath: optional(text('Subpath of the purl.')),
  confidence: oneOf('How sure it is that this package is there in this version.', [
    'declared',
    'embedded',
    'inferred',
    'matched',
  ] satisfies Package['confidence'][]),
  inner: optional(text('Path inside the evidence file where that is a container.')),
  development: optional(flag('Only needed to develop or test.')),
  owner: optional(text('purl of the operating-system package that owns the evidence file.')),
  locations: list('Every place it was found.', ref('location')),
})

const cvss = object<Cvss>('A CVSS vector.', {
  version: oneOf('Version of CVSS.', ['2.0', '3.0', '3.1', '4.0'] satisfies Cvss['version'][]),
  vector: text('The vector as given.'),
  score: { description: 'Base score, computed from the vector.', type: 'number', minimum: 0, maximum: 10 },
  source: text('The record that carries it.'),
})

const vulnerability = object<Vulnerability>(
  'What is known of a vulnerability, whichever package it concerns.',
  {
    id: text('The CVE where there is one, else the record’s own id.'),
    aliases: texts('Other ids of it.'),
    title: optional(text('A line.')),
    description: optional(text('A description, in the words of its record.')),
    published: optional(text('When it was published, RFC 3339.')),
    modified: optional(text('When its record was last modified, RFC 3339.')),
    cvss: list('CVSS vectors.', ref('cvss')),
    epss: optional(
      object<NonNullable<Vulnerability['epss']>>('Exploit prediction, https://www.first.org/epss/.', {
        score: share('Probability of exploitation within 30 days.'),
        percentile: share('Share of vulnerabilities with a lower or the same score.'),
        date: optional(text('Day of the score.')),
      }),
    ),
    exploited: optional(
      object<NonNullable<Vulnerability['exploited']>>('Set when CISA lists it as exploited.', {
        dateAdded: text('Day it was listed.'),
        dueDate: optional(text('Day by which CISA wants it mended.')),
        ransomware: flag('Known to be used by ransomware.'),
      }),
    ),
    cwes: texts('Weaknesses: `CWE-79`.'),
    references: texts('Addresses of further reading.'),
    malicious: optional(flag('The package is malicious as a whole.')),
  },
)

const rating = object<RatedSeverity>('A rating and who gave it.', {
  severity: oneOf('The rating.', severities),
  source: text('Who gave it: `debian`, `cvss 3.1 (GHSA-…)`.'),
  given: text('The word or score as given.'),
})

const evidence = object<AdvisoryEvidence>('One advisory’s word on one package, and what led to it.', {
  advisory: text('Id of the record.'),
  feed: text('Where the record comes from.'),
  ecosystem: text('OSV ecosystem with its release.'),
  name: text('The name that matched.'),
  matchedBy: oneOf('The package’s own name, or its source package’s.', ['name', 'source']),
  version: text('The version that was compared.'),
  verdict: oneOf('What this advisory says.', verdicts),
  scheme: optional(text('The version scheme that ordered it.')),
  range: optional(text('The events that decided, as written; `versions` when the enumeration did.')),
  fixedVersions: texts('Versions that fix it.'),
  fixState: oneOf('What the maintainers say of a fix.', fixStates),
  fixedSince: optional(text('When the erratum that brought the fix was published, RFC 3339.')),
  fixReason: optional(text('The feed’s own words for the state.')),
  note: optional(text('Why a verdict is unknown, or another remark.')),
})

const finding = object<Finding>('One vulnerability in one package.', {
  vulnerability: ref('vulnerability', 'The vulnerability.'),
  package: text('purl of the package.'),
  verdict: oneOf('`unknown` is neither affected nor unaffected.', ['affected', 'unknown']),
  severity: oneOf('The rating that counts.', severities),
  ratings: list('All ratings, the one that counts first.', ref('rating')),
  fixState: oneOf('What the maintainers say of a fix.', fixStates),
  fixedVersions: texts('The versions that fix it, lowest first.'),
  cpsRating: oneOf('Rating by exploitation.', ['critical', 'high', 'medium', 'low']),
  evidence: list('The advisories that speak of it, the distribution’s own first.', ref('evidence')),
  suppressed: optional(
    object<NonNullable<Finding['suppressed']>>('Set when the finding is kept but does not count.', {
      reason: oneOf('Why.', ['owned-by-os-package']),
      by: text('What stands in its place.'),
      explanation: text('A sentence.'),
    }),
  ),
})

const advisorySource = object<AdvisorySource>('How fresh one source of advisories was.', {
  source: text('`osv/Debian`, `epss`, `kev`.'),
  records: count('Records that it holds.'),
  newest: optional(text('Greatest time of modification among them, RFC 3339.')),
  checked: text('When the source was last asked, RFC 3339.'),
})

const report = object<Report>('Everything an assessment says of one image, or of one bill of materials.', {
  reference: text('As asked for.'),
  source: oneOf('What was assessed.', ['image', 'sbom']),
  state: oneOf('Whether, and how completely, it was assessed. Only `assessed` can mean clean.', [
    'assessed',
    'partially',
    'not_assessable',
  ]),
  reasons: list('Why the state is what it is, and remarks.', ref('reason')),
  image: optional(ref('image', 'Absent for a bill of materials that does not say which image it describes.')),
  distribution: optional(ref('distribution', 'The distribution it is built from.')),
  repositoryCpes: texts('CPEs of the repositories that the image was built from.'),
  packages: list('Operating-system packages first, by type and name.', ref('package')),
  findings: list('Worst first; suppressed ones included and marked.', ref('finding')),
  advisories: optional(
    object<NonNullable<Report['advisories']>>('What was asked; absent when there was no advisory store.', {
      revision: text('Revision of the advisory store.'),
      sources: list('Its sources.', ref('advisorySource')),
    }),
  ),
  assessedAt: time('When, RFC 3339.'),
})

const other = object<UnassessedImage>('What lay beside the images, or an image that could not be read.', {
  reference: text('What it was reached by.'),
  digest: optional(text('Its digest.')),
  platform: optional(text('Its platform.')),
  code: text('What kind of reason; `not-an-image` is no failure.'),
  message: text('A sentence for people.'),
})

const set = object<ReportSet & { readonly schema: string }>('The answer to one call.', {
  schema: { description: 'Which schema this document follows.', type: 'string', const: reportSchemaId },
  reference: text('As asked for.'),
  tool: object<ReportSet['tool']>('What wrote it.', {
    name: { description: 'Always `lanner`.', type: 'string', const: 'lanner' },
    version: text('Its version.'),
  }),
  reports: list('One for each platform.', ref('report')),
  others: list('What could not be assessed.', ref('other')),
})

/** The named parts of the report, in the order in which the reference page shows them. */
export const reportParts = {
  report,
  image,
  platform,
  layer,
  distribution,
  reason,
  package: pack,
  location,
  finding,
  vulnerability,
  cvss,
  rating,
  evidence,
  advisorySource,
  other,
} as const satisfies Record<string, SchemaNode>

export const reportRoot: SchemaNode = set

/** JSON Schema of what `writeDocument('json', …)` writes. https://json-schema.org/draft/2020-12 */
export const reportSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:lanner:report:1',
  title: 'Lanner report',
  ...set,
  $defs: reportParts,
} as const
