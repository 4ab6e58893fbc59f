import { collection, get } from '../define.ts'
import {
  packageCountFields,
  packageImageCountFields,
  packageRowFields,
  zeroDayPackageFields,
} from '../fields/package.ts'
import { boolean, fql, integer, paging, resources, sortBy } from '../parts.ts'
import { LabelledCount, Split } from './schemas/count.ts'
import { PackageCount, PackageRow, PackageVulnerabilityRow } from './schemas/package.ts'
import { imageRead } from './scopes.ts'

/** Packages across all images. */
export const containerPackages = collection('falcon', 'Container Packages', {
  ReadPackagesByImageCount: get('/container-security/aggregates/packages/by-image-count/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Packages used by the most images first.',
    query: {
      filter: fql(packageImageCountFields),
      limit: integer('largest number of records to return', { minimum: 1, maximum: 100, default: 5 }),
    },
    reply: resources(Split),
    quirks: ['Five packages unless limit asks for more.'],
  }),

  ReadPackagesCountByZeroDay: get('/container-security/aggregates/packages/count-by-zero-day/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Number of packages hit by a zero-day vulnerability.',
    snakeName: 'read_zero_day_counts',
    query: { filter: fql(zeroDayPackageFields) },
    reply: resources(LabelledCount),
    quirks: ['label stands beside count.'],
  }),

  ReadPackagesByFixableVulnCount: get(
    '/container-security/combined/packages/app-by-fixable-vulnerability-count/v1',
    {
      tier: 'neighbour',
      scope: imageRead,
      summary: 'Application packages with the most fixable vulnerabilities first.',
      snakeName: 'read_fixable_vuln_count',
      query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(packageCountFields) },
      reply: resources(PackageCount),
    },
  ),

  ReadPackagesByVulnCount: get('/container-security/combined/packages/by-vulnerability-count/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Packages with the most vulnerabilities first.',
    snakeName: 'read_vuln_count',
    query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(packageCountFields) },
    reply: resources(PackageCount),
  }),

  ReadPackagesCombinedExport: get('/container-security/combined/packages/export/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Package rows for an export.',
    snakeName: 'read_combined_export',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(packageRowFields),
      only_zero_day_affected: boolean('only packages hit by a zero-day vulnerability', { default: false }),
      sort: sortBy(packageRowFields),
    },
    reply: resources(PackageRow),
  }),

  ReadPackagesCombined: get('/container-security/combined/packages/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Packages with the images and vulnerabilities they touch.',
    snakeName: 'read_combined',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(packageRowFields),
      only_zero_day_affected: boolean('only packages hit by a zero-day vulnerability', { default: false }),
      sort: sortBy(packageRowFields),
    },
    reply: resources(PackageRow),
  }),

  ReadPackagesCombinedV2: get('/container-security/combined/packages/v2', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Packages with the images and vulnerabilities they touch, second version.',
    snakeName: 'read_packages',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(packageRowFields),
      only_zero_day_affected: boolean('only packages hit by a zero-day vulnerability', { default: false }),
      sort: sortBy(packageRowFields),
    },
    reply: resources(PackageVulnerabilityRow),
  }),
})
