import { maxFrameBytes } from '../apps/server/src/db/copy-format.ts'
import { maxListTotal } from '../apps/server/src/db/image-list.ts'
import { connectionLimits } from '../apps/server/src/http/app.ts'
import { maxListValues } from '../apps/server/src/http/query-parameters.ts'
import { maxTagsInPush } from '../apps/server/src/http/registry/manifest-routes.ts'
import { bodyLimits } from '../apps/server/src/http/request-body.ts'
import { certificateDays } from '../apps/server/src/http/tls/authority.ts'
import { maxCounted } from '../apps/server/src/use-cases/audit.ts'
import { maxBaseImages } from '../apps/server/src/use-cases/base-images.ts'
import {
  defaultGraceMilliseconds,
  defaultUploadMilliseconds,
} from '../apps/server/src/use-cases/blob-garbage.ts'
import { eventDays } from '../apps/server/src/use-cases/change-events.ts'
import { exportLimits } from '../apps/server/src/use-cases/exports.ts'
import { maxManifestBytes } from '../apps/server/src/use-cases/manifest-document.ts'
import { maxTokenScopes, registryTokenLifetime } from '../apps/server/src/use-cases/registry-access.ts'
import { maxNamesInPage } from '../apps/server/src/use-cases/repositories.ts'
import { sentLimits } from '../apps/server/src/use-cases/sent-inventory.ts'
import { throttleLimits } from '../apps/server/src/use-cases/sign-in-throttle.ts'
import { tokenLifetime } from '../apps/server/src/use-cases/tokens.ts'
import { maxOpenUploads } from '../apps/server/src/use-cases/uploads.ts'
import { amount, rows, type Words } from './limit-table.ts'
import { table } from './markdown.ts'

const seconds = (milliseconds: number): string => amount(milliseconds / 1000, 'seconds')

// A bound that is added without words here does not compile.
const sent: Words<typeof sentLimits> = {
  packages: ['packages and libraries of an inventory that is sent', ''],
  text: ['a name, a version or a path in it', 'characters'],
  findings: ['its vulnerabilities, each of a package', ''],
  lookedUp: ['vulnerabilities that a look-up answers with, each of a package', ''],
  places: ['places of one package', ''],
}

/** The part of docs/reference/limits.md on the server. */
export function platformLimits(): string[] {
  const head = ['of', 'at most']
  return [
    '## The server',
    '',
    'What a client sends beyond one of these is refused with a status and a message; calls a minute, bytes of a tenant and days that records are kept are [settings](settings.md).',
    '',
    table(head, [
      ['connections at a time', amount(connectionLimits.count, '')],
      ['time for the head of a request', seconds(connectionLimits.head)],
      ['time for a JSON or form body', seconds(bodyLimits.maxWait)],
      ['time without a byte in either direction', seconds(connectionLimits.silent)],
      ['time between two requests of a connection', seconds(connectionLimits.keepAlive)],
      ['time for the rest of a body whose sender has his answer', seconds(connectionLimits.rest)],
      ['a JSON or form body', amount(bodyLimits.maxBytes, 'bytes')],
      ['arrays and objects inside each other in it', amount(bodyLimits.maxDepth, '')],
      ['arrays and objects in all of it', amount(bodyLimits.maxContainers, '')],
      ['values in it', amount(bodyLimits.maxValues, '')],
      ['values of a list parameter, where no other bound is documented', amount(maxListValues, '')],
      ['images to which the total of a list is counted', amount(maxListTotal, '')],
      ['lines to which a trail is counted', amount(maxCounted, '')],
      ['declarations of base images in a request', amount(maxBaseImages, '')],
      ...rows<Readonly<Record<keyof typeof sentLimits, number>>>(sent, sentLimits),
      ['a filter of an export', amount(exportLimits.filterLength, 'characters')],
      ['exports that are listed, the latest', amount(exportLimits.listed, '')],
    ]),
    '',
    '## Pushing',
    '',
    table(head, [
      ['a manifest', amount(maxManifestBytes, 'bytes')],
      ['tags that one push sets', amount(maxTagsInPush, '')],
      ['uploads of a tenant that are under way', amount(maxOpenUploads, '')],
      ['names in a page of a list', amount(maxNamesInPage, '')],
      ['scopes of a registry token', amount(maxTokenScopes, '')],
    ]),
    '',
    '## Signing in',
    '',
    table(head, [
      ['failures of a name from one address that cost nothing', amount(throttleLimits.freeFailures, '')],
      ['failures of all names from one address', amount(throttleLimits.freeFailuresOfAddress, '')],
      ['the longest wait after further ones', seconds(throttleLimits.longestWait)],
      ['life of an access token', amount(tokenLifetime, 'seconds')],
      ['life of a registry token', amount(registryTokenLifetime, 'seconds')],
    ]),
    '',
    '## How long things are kept',
    '',
    table(
      ['what', 'how long'],
      [
        ['an upload to which nothing comes', hours(defaultUploadMilliseconds)],
        ['a pushed blob that no manifest needs', hours(defaultGraceMilliseconds)],
        ['events of changed advisories', `${eventDays} days`],
        ['the file of an export', `${exportLimits.fileDays} days`],
        ['what is known of an export', `${exportLimits.recordDays} days`],
        ['a certificate of our own making', `${certificateDays.server} days, renewed 30 days before`],
        ['the authority that signs it', `${certificateDays.authority} days`],
      ],
    ),
    '',
    `A backup is written in frames of at most ${amount(maxFrameBytes, 'bytes')}; a longer one is damaged.`,
    '',
  ]
}

function hours(milliseconds: number): string {
  return amount(milliseconds / 3_600_000, 'hours')
}
