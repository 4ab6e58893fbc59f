/** A cloud of the vendor, by the name that its clients use. */
export type Cloud = 'us-1' | 'us-2' | 'us-3' | 'eu-1' | 'us-gov-1' | 'us-gov-2'

/** Where operations are: most at `api`; reports and policy checks of pushed images where images are pushed to. */
export interface Hosts {
  /** No slash at the end. */
  readonly api: string
  readonly upload: string
}

// The second host of us-gov-2 is in no client's list: it is made as all others are.
const clouds: Readonly<Record<Cloud, Hosts>> = {
  'us-1': {
    api: 'https://api.crowdstrike.com',
    upload: 'https://container-upload.us-1.crowdstrike.com',
  },
  'us-2': {
    api: 'https://api.us-2.crowdstrike.com',
    upload: 'https://container-upload.us-2.crowdstrike.com',
  },
  'us-3': {
    api: 'https://api.us-3.crowdstrike.com',
    upload: 'https://container-upload.us-3.crowdstrike.com',
  },
  'eu-1': {
    api: 'https://api.eu-1.crowdstrike.com',
    upload: 'https://container-upload.eu-1.crowdstrike.com',
  },
  'us-gov-1': {
    api: 'https://api.laggar.gcw.crowdstrike.com',
    upload: 'https://container-upload.laggar.gcw.crowdstrike.com',
  },
  'us-gov-2': {
    api: 'https://api.us-gov-2.crowdstrike.mil',
    upload: 'https://container-upload.us-gov-2.crowdstrike.mil',
  },
}

/** The hosts of a server of one's own (`baseUrl`) or of a cloud; `usgov1` and `US-1` are understood. Throws TypeError. */
export function hostsOf(options: { readonly baseUrl?: string; readonly cloud?: string }): Hosts {
  const { baseUrl, cloud } = options
  if ((baseUrl === undefined) === (cloud === undefined))
    throw new TypeError('give either baseUrl, such as http://127.0.0.1:8080, or cloud')
  if (cloud !== undefined) {
    const plain = cloud.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
    const found = Object.entries(clouds).find(([name]) => name.replaceAll('-', '') === plain)
    if (!found) throw new TypeError(`cloud: ${cloud} is not one of ${Object.keys(clouds).join(', ')}`)
    return found[1]
  }
  const url = URL.parse(baseUrl ?? '')
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '')
    throw new TypeError(`baseUrl: ${baseUrl} is no plain http or https URL, such as http://127.0.0.1:8080`)
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '')
  return { api: base, upload: base }
}
