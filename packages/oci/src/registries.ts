/** The registry client, behind a door of its own: it loads an HTTP client, which reading a layout or an archive needs not. */
export { openRegistry, type Registry, type RegistryOptions } from './registry.ts'
export { openRegistrySource } from './registry-source.ts'
