import { commonImages } from '../../../apps/server/src/testing/estate-images.ts'
import { falconContainer } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

const checkout = { repository: 'shop/checkout', tag: '1.8.2' } as const
const connection = {
  type: 'harbor',
  url: 'https://harbor.example',
  user_defined_alias: 'harbour',
  credential: { details: { username: 'robot', password: 'correct-horse-battery' } },
} as const

export const falconContainerExamples = examplesOf(falconContainer, 'falcon-container', {
  GetImageAssessmentReport: () => ({ query: checkout }),
  GetReportByReference: () => ({ query: { ...checkout, report_format: 'cyclonedx-json' } }),
  GetReportByScanID: async ({ ask }) => {
    const [report] = await ask(falconContainer, 'GetReportByReference', { query: checkout })
    return { path: { uuid: report.ScanInfo.ScanUUID }, query: { report_format: 'sarif' } }
  },
  ImageMatchesPolicy: () => ({ query: checkout }),
  PolicyChecks: () => ({ query: { ...checkout, registry: '', architecture: 'amd64' } }),
  DeleteImageDetails: async () => ({ path: { image_id: commonImages.damaged.configDigest.slice(7) } }),

  GetCredentials: () => ({}),
  ReadRegistryEntities: () => ({ query: { limit: 10, sort: 'created_at.desc' } }),
  ReadRegistryEntitiesByUUID: ({ held }) => ({ query: { ids: [held.registryId] } }),
  CreateRegistryEntities: () => ({ body: connection }),
  UpdateRegistryEntities: ({ held }) => ({
    query: { id: held.registryId },
    body: { state: 'pause' as const },
  }),
  DeleteRegistryEntities: async ({ ask }) => {
    const [{ id }] = await ask(falconContainer, 'CreateRegistryEntities', {
      body: { ...connection, url: 'https://old.example' },
    })
    return { query: { ids: [id] } }
  },

  ReadImageVulnerabilities: () => ({
    body: {
      osversion: 'Debian GNU/Linux 12',
      packages: [
        {
          Vendor: 'debian',
          Product: 'libexpat1',
          MajorVersion: '2.5.0-1',
          SoftwareArchitecture: 'amd64',
          PackageProvider: 'DPKG',
          PackageSource: 'expat 2.5.0-1',
        },
      ],
      applicationPackages: [{ type: 'NODE', libraries: [{ Name: 'lodash', Version: '4.17.4' }] }],
    },
  }),
  HeadImageScanInventory: () => ({}),
  PostImageScanInventory: () => ({
    body: {
      inventory: {
        ImageInfo: {
          Registry: 'registry.example',
          Repository: 'team/api',
          Tag: '3.1',
          ID: 'c'.repeat(64),
          Digest: `sha256:${'d'.repeat(64)}`,
          Architecture: 'amd64',
          Size: 1000,
          CreatedAt: '2026-02-01T08:00:00Z',
        },
        OSInfo: { Name: 'Debian GNU/Linux', Version: '12' },
        Packages: [
          {
            Vendor: 'debian',
            Product: 'libexpat1',
            MajorVersion: '2.5.0-1',
            SoftwareArchitecture: 'amd64',
            PackageProvider: 'DPKG',
            PackageSource: 'expat 2.5.0-1',
          },
        ],
        ApplicationPackages: [
          { type: 'NODE', libraries: [{ Name: 'lodash', Version: '4.17.4', Path: 'app/package.json' }] },
        ],
      },
    },
  }),

  LaunchExportJob: () => ({
    body: { resource: 'images.packages' as const, format: 'csv' as const, fql: "type:'NODE'", sort: '' },
  }),
  QueryExportJobs: () => ({ query: { filter: "resource:'images.images-assessment'" } }),
  ReadExportJobs: ({ held }) => ({ query: { ids: [held.exportId] } }),
  DownloadExportFile: ({ held }) => ({ query: { id: held.exportId } }),
})
