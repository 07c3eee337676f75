import { type Endpoints, endpoints, localEndpoints, opensInPlace } from '@sspay/protocol'
import type { DropInScript } from './drop-in-script.ts'

/** Which service to talk to: the two of the guide, or a gateway of one's own, for example `{ origin: 'http://localhost:4610' }`. */
export type Environment = 'staging' | 'production' | { readonly origin: string }

/** `pc`: the window opens in a layer over the page. `mobile`: it takes the place of the page. */
export type Device = 'pc' | 'mobile'

/** Where the drop-in script comes from, and for which kind of page. */
export interface LoadOptions {
  readonly environment: Environment
  /** Default: {@link detectDevice}. */
  readonly device?: Device
  /**
   * For a page whose Content-Security-Policy allows scripts by nonce. With `require-trusted-types-for 'script'` the page also allows the
   * policy `sspay` (`trusted-types sspay`), which lets through the address of the drop-in script and nothing else.
   */
  readonly nonce?: string
}

/**
 * What the browser says it is. On `mobile` the payment window takes the place of the page instead of opening over it.
 * An iPad calls itself a Mac, but no Mac has a touch screen. The drop-in script decides by the same rule.
 */
export function detectDevice(): Device {
  const { userAgent, maxTouchPoints } = navigator
  const isTablet = /Macintosh/.test(userAgent) && maxTouchPoints > 1
  return isTablet || opensInPlace(userAgent) ? 'mobile' : 'pc'
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

/** The browser's own guard of script addresses (Trusted Types), where it has one. */
interface ScriptGuard {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

let policy: ReturnType<ScriptGuard['createPolicy']> | undefined

/** Throws where the page's own policy does not allow ours by name. */
function trust(url: string): string {
  const guard = (window as { readonly trustedTypes?: ScriptGuard }).trustedTypes
  policy ??= guard?.createPolicy('sspay', {
    createScriptURL(given) {
      if (/^https?:\/\/[^/?#]+\/asset\/js\/SmartroPAY-1\.0\.min\.js\?version=\d{8}$/.test(given)) return given
      throw new TypeError('not the address of the payment script')
    },
  })
  return policy === undefined ? url : policy.createScriptURL(url)
}

function addScript(url: string, nonce: string | undefined): Promise<DropInScript> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    // The guide: the day as the version keeps yesterday's script out of caches.
    script.src = trust(`${url}?version=${new Date().toISOString().slice(0, 10).replace(/-/g, '')}`)
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
