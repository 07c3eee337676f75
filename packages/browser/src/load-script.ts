import { type Endpoints, endpoints, localEndpoints } from '@sspay/protocol'
import type { DropInScript } from './drop-in-script.ts'

/** Which service to talk to: the two of the guide, or a gateway of one's own, for example `{ origin: 'http://localhost:4610' }`. */
export type Environment = 'staging' | 'production' | { readonly origin: string }

export type Device = 'pc' | 'mobile'

export interface LoadOptions {
  readonly environment: Environment
  /** Default: {@link detectDevice}. */
  readonly device?: Device
  /** For a page whose Content-Security-Policy allows scripts by nonce. */
  readonly nonce?: string
}

/** What the browser says it is. On `mobile` the payment window takes the place of the page instead of opening over it. */
export function detectDevice(): Device {
  return /Mobi|Android|iPhone|iPad|iPod/i.test(navigator.userAgent) ? 'mobile' : 'pc'
}

function endpointsOf(environment: Environment): Endpoints {
  return typeof environment === 'string'
    ? endpoints[environment]
    : localEndpoints({ origin: new URL(environment.origin).origin })
}

const loading = new Map<string, Promise<DropInScript>>()

/**
 * Adds the drop-in script of the guide to the page, once however often it is called, and resolves with its initialised global.
 * Rejects with an `Error` when the script cannot be loaded; the next call tries again.
 */
export function loadSmartroPay({ environment, device = detectDevice(), nonce }: LoadOptions): Promise<DropInScript> {
  const { script, mobileScript } = endpointsOf(environment)
  const url = device === 'pc' ? script : mobileScript
  const known = loading.get(url)
  if (known !== undefined) return known

  const loaded = addScript(url, nonce).then((dropIn) => {
    dropIn.init({ mode: environment === 'production' ? 'REAL' : 'STG', actionUri: '/ssp/reqPay.do' })
    return dropIn
  })
  loading.set(url, loaded)
  loaded.catch(() => loading.delete(url))
  return loaded
}

function addScript(url: string, nonce: string | undefined): Promise<DropInScript> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    // The guide: the day as the version keeps yesterday's script out of caches.
    script.src = `${url}?version=${new Date().toISOString().slice(0, 10).replace(/-/g, '')}`
    if (nonce !== undefined) script.nonce = nonce
    script.onerror = () => {
      script.remove()
      reject(new Error(`${url} could not be loaded`))
    }
    script.onload = () => {
      if (window.smartropay === undefined) reject(new Error(`${url} is not the payment script`))
      else resolve(window.smartropay)
    }
    document.head.append(script)
  })
}
