import { type Endpoints, endpoints, localEndpoints, opensInPlace, type WireText } from '@sspay/protocol'

/** The global of the drop-in script (guide, STEP 2), with the property names of the guide. */
export interface DropInScript {
  init(settings: DropInSettings): void
  payment(payment: DropInPayment): void
}

/** Options of `smartropay.init`. */
export interface DropInSettings {
  /** STG: 테스트, REAL: 운영. */
  readonly mode: 'STG' | 'REAL'
  /** Path of the window; in the guide always `/ssp/reqPay.do`. */
  readonly actionUri: string
}

/** Options of `smartropay.payment`. */
export interface DropInPayment {
  /** The `id` of the form in the page. */
  readonly FormId: string
  /** PC only: the fields of `authenticationResult`, `ResultCode` and `ResultMsg`, by wire name. */
  readonly Callback?: (fields: WireText) => void
  /** PC only: the layer was closed without a result. Not in the guide. */
  readonly Closed?: () => void
}

declare global {
  interface Window {
    smartropay?: DropInScript
  }
}

/** One of the two services of the guide, or your own gateway: `{ origin: 'http://localhost:4610' }`. */
export type Environment = 'staging' | 'production' | { readonly origin: string }

/** `pc`: the window opens in a layer over the page. `mobile`: the page navigates to the window. */
export type Device = 'pc' | 'mobile'

/** Options of {@link loadSmartroPay}. */
export interface LoadOptions {
  readonly environment: Environment
  /** Default: {@link detectDevice}. */
  readonly device?: Device
  /**
   * For pages whose Content-Security-Policy allows scripts by nonce. A page with `require-trusted-types-for 'script'`
   * must also allow the policy `sspay` (`trusted-types sspay`), which accepts only the URL of the drop-in script.
   */
  readonly nonce?: string
}

/**
 * The kind of device, by the rule of the drop-in script: by user agent, and an iPad, which claims to be a Mac, by its
 * touch screen.
 *
 * @returns `mobile` where the payment window replaces the page instead of opening over it.
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
 * Loads the drop-in script of the guide into the page, once for each URL, and initialises it.
 *
 * @returns the global of the script.
 * @throws Error when the script cannot be loaded; the next call retries.
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

/** `window.trustedTypes`, where the browser has it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string }
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** Throws when the page's Content-Security-Policy does not allow the policy `sspay`. */
function trust(url: string): string {
  const trustedTypes = (window as { readonly trustedTypes?: TrustedTypes }).trustedTypes
  policy ??= trustedTypes?.createPolicy('sspay', {
    createScriptURL(given) {
      if (/^https?:\/\/[^/?#]+\/asset\/js\/SmartroPAY-1\.0\.min\.js\?version=\d{8}$/.test(given)) return given
      throw new TypeError(`${given} is not the URL of the payment script`)
    },
  })
  return policy === undefined ? url : policy.createScriptURL(url)
}

function addScript(url: string, nonce: string | undefined): Promise<DropInScript> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    // Guide: the date as version bypasses caches.
    script.src = trust(`${url}?version=${new Date().toISOString().slice(0, 10).replace(/-/g, '')}`)
    if (nonce !== undefined) script.nonce = nonce
    script.onerror = () => {
      script.remove()
      reject(new Error(`${url} could not be loaded`))
    }
    script.onload = () => {
      if (window.smartropay === undefined) reject(new Error(`${url} does not define the global smartropay`))
      else resolve(window.smartropay)
    }
    document.head.append(script)
  })
}
