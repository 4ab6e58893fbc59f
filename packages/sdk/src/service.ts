import { LannerClient, type LannerClientOptions } from './client.ts'

/** A collection's operations as methods, over a client that may be shared. */
export class Service {
  readonly client: LannerClient

  constructor(client: LannerClient | LannerClientOptions) {
    this.client = client instanceof LannerClient ? client : new LannerClient(client)
  }
}
