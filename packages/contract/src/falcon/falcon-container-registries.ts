import { Type } from 'typebox'
import { del, get, patch, post } from '../define.ts'
import { registryFields } from '../fields/registry.ts'
import { list, paging, resource, resources, sortBy, text } from '../parts.ts'
import { PullToken, Registry, RegistryChange, RegistryRequest } from './schemas/registry.ts'
import { imageRead, imageWrite, pullRead } from './scopes.ts'

/** Connected registries, and the credential of the own one. */
export const registryOperations = {
  GetCredentials: get('/container-security/entities/image-registry-credentials/v1', {
    tier: 'seed',
    scope: [...pullRead, ...imageRead],
    summary:
      'Hands out a short-lived token with which a container runtime can pull images from this registry.',
    reply: resources(PullToken),
    quirks: [
      'Exactly one item is answered; ids and auto_authorize_scanners stand beside the token for falconjs.',
      'Either of two scopes is enough.',
    ],
  }),

  ReadRegistryEntities: get('/container-security/queries/registries/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Lists the ids of the connected registries.',
    query: { ...paging({ limit: 5000 }), sort: sortBy(registryFields) },
    reply: resources(Type.String()),
    quirks: ['Pages go up to 5000 ids.'],
  }),

  ReadRegistryEntitiesByUUID: get('/container-security/entities/registries/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Returns registry connections by id.',
    query: { ids: list('registry ids', { required: true }) },
    reply: resources(Registry),
    failures: { 404: 'none of the ids is known' },
  }),

  CreateRegistryEntities: post('/container-security/entities/registries/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Connects a registry, so that its images are discovered and assessed.',
    body: RegistryRequest,
    status: 201,
    reply: resource(Registry),
    failures: {
      400: 'a member that this type of registry needs is missing; the message names it',
      409: 'a connection to this url with this url_uniqueness_key exists',
    },
    quirks: [
      'resources is one object.',
      'Credential members may stand in credential, in credential.details, or in both.',
    ],
  }),

  UpdateRegistryEntities: patch('/container-security/entities/registries/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Changes credential, alias or pause state of a registry connection.',
    alsoMethods: ['POST'],
    query: { id: text('registry id') },
    body: RegistryChange,
    reply: resource(Registry),
    failures: {
      400: 'no id, or credential members are missing for the type of registry',
      404: 'no such registry in this account',
    },
    quirks: [
      'resources is one object.',
      'The id comes in the query or in the body.',
      'An absent or empty credential.details leaves the stored secret as it is.',
      'A POST with an id is taken for the PATCH that other clients send.',
      'A secret never comes back.',
    ],
  }),

  DeleteRegistryEntities: del('/container-security/entities/registries/v1', {
    tier: 'seed',
    scope: imageWrite,
    summary: 'Removes a registry connection.',
    query: { ids: list('registry ids', { required: true }) },
    reply: resources(Registry),
    failures: { 404: 'none of the ids is known' },
  }),
} as const
