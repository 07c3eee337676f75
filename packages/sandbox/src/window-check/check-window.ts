import type { Runtime } from '@sspay/gateway'
import {
  type InventoriedScript,
  randomHex,
  realRuntime,
  type ScriptInventory,
  scriptInventoryPath,
} from '@sspay/gateway/tools'
import { createPaymentForm, defineMerchant } from '@sspay/merchant'
import type { LocalizedText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { type CookieJar, createCookieJar } from '../buyer/cookie-jar.ts'
import { testMerchantConfig } from '../test-merchant.ts'
import { type Difference, difference, type FetchedPage } from './model.ts'
import { changedScript, compareScripts, missingScript, sha256Of } from './page-scripts.ts'
import { comparePageHeaders, compareScriptHeaders, nonceOf } from './security-headers.ts'

export interface WindowCheck {
  readonly gatewayUrl: string
  /** Dates the payment request; the real time by default. */
  readonly runtime?: Runtime | undefined
  /** An open window; by default the test merchant opens one. */
  readonly windowUrl?: string | undefined
  /** `Cookie` header of the browser that opened it: a window rejects other browsers. */
  readonly windowCookie?: string | undefined
  /** A saved copy; by default the gateway's own inventory. */
  readonly inventory?: ScriptInventory | undefined
}

export interface WindowReport {
  readonly windowUrl: string
  /** The order of the window that the check opened, and aborted again. */
  readonly orderId?: string
  readonly scripts: readonly Pick<InventoriedScript, 'name' | 'sha256' | 'bytes'>[]
  readonly differences: readonly Difference[]
}

/** The check could not run. */
export class CheckImpossibleError extends Error {
  readonly text: LocalizedText
  constructor(text: LocalizedText, options?: ErrorOptions) {
    super(text.en, options)
    this.text = text
  }
}

const timeoutMs = 10_000
const shopOrigin = 'http://shop.localhost'

/** Compares a running window, as a browser receives it, with the inventory. Throws {@link CheckImpossibleError}. */
export async function checkWindow(check: WindowCheck): Promise<WindowReport> {
  const { gatewayUrl, windowUrl, windowCookie, inventory } = check
  const { scripts } = inventory ?? (await fetchInventory(gatewayUrl))
  const cookies = windowCookie === undefined ? createCookieJar() : onlyCookie(windowCookie)
  const opened = windowUrl === undefined ? await openWindow(check, cookies) : undefined
  const url = windowUrl ?? opened?.url ?? ''
  const [page, again] = await fetchTwice(url, cookies, opened !== undefined)
  const nonce = nonceOf(page)
  const differences = [
    ...comparePageHeaders(page, windowUrl === undefined ? shopOrigin : undefined),
    ...compareScripts(page, scripts, nonce),
    ...(nonce !== undefined && nonce === nonceOf(again)
      ? [difference('nonce_repeated', 'content-security-policy')]
      : []),
    ...(await Promise.all(scripts.map((script) => compareFile(gatewayUrl, script)))).flat(),
  ]
  return {
    windowUrl: url,
    ...(opened && { orderId: opened.orderId }),
    scripts: scripts.map(({ name, sha256, bytes }) => ({ name, sha256, bytes })),
    differences,
  }
}

/** Aborts a window of our own whatever it answers. */
async function fetchTwice(
  url: string,
  cookies: CookieJar,
  isOwn: boolean,
): Promise<readonly [FetchedPage, FetchedPage]> {
  try {
    return [await fetchPage(url, cookies), await fetchPage(url, cookies)]
  } finally {
    if (isOwn) await abort(url, cookies)
  }
}

const onlyCookie = (cookie: string): CookieJar => ({ keep() {}, headerFor: () => ({ cookie }) })

async function compareFile(gatewayUrl: string, script: InventoriedScript): Promise<readonly Difference[]> {
  if (script.delivery !== 'file' || script.path === undefined) return []
  const url = new URL(script.path, gatewayUrl).href
  const answer = await request(url, {})
  const text = await answer.text()
  if (!answer.ok) return [missingScript(script)]
  const isSame = sha256Of(text) === script.sha256
  return [
    ...(isSame ? [] : [changedScript(script, text)]),
    ...compareScriptHeaders({ url, headers: answer.headers, text }),
  ]
}

const request = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
    const { origin } = new URL(url)
    const text = {
      ko: `${origin} 에서 응답이 없습니다. 게이트웨이가 켜져 있는지(sspay sandbox), 주소와 포트가 맞는지 확인하세요`,
      en: `no response from ${origin}: check that the gateway runs (sspay sandbox), and its address and port`,
    }
    throw new CheckImpossibleError(text, { cause })
  })

export function isInventory(value: unknown): value is ScriptInventory {
  const { version, scripts } = (value ?? {}) as Partial<ScriptInventory>
  return (
    version === 1 &&
    Array.isArray(scripts) &&
    scripts.length > 0 &&
    scripts.every((script) => typeof script?.name === 'string' && /^[0-9a-f]{64}$/.test(script.sha256))
  )
}

async function fetchInventory(gatewayUrl: string): Promise<ScriptInventory> {
  const url = gatewayUrl + scriptInventoryPath
  const inventory: unknown = await (await request(url, {})).json().catch(() => undefined)
  if (isInventory(inventory)) return inventory
  throw new CheckImpossibleError({
    ko: `${url}: 스크립트 목록이 아닙니다. 이 주소가 결제 게이트웨이의 것인지 확인하세요`,
    en: `${url}: not a script inventory. Check that this is the address of a payment gateway`,
  })
}

async function fetchPage(url: string, cookies: CookieJar): Promise<FetchedPage> {
  const answer = await request(url, { headers: { accept: 'text/html', ...cookies.headerFor(url) } })
  const text = await answer.text()
  if (answer.ok) return { url, headers: answer.headers, text }
  throw new CheckImpossibleError(
    answer.status === 403
      ? {
          ko: '403: 다른 브라우저가 연 결제창입니다. 그 브라우저의 쿠키를 --cookie 로 주세요',
          en: '403: opened by another browser. Pass its cookie with --cookie',
        }
      : {
          ko: `${answer.status}: 열려 있는 결제창이 아닙니다. 새로 연 결제창의 주소를 주거나, --window 를 빼세요`,
          en: `${answer.status}: not an open payment window. Give the address of a new one, or leave --window out`,
        },
  )
}

/** Opens a window of the test merchant in a layer, as the drop-in script does. */
async function openWindow({ gatewayUrl, runtime = realRuntime }: WindowCheck, cookies: CookieJar) {
  const orderId = `check_${randomHex(runtime, 8)}`
  const merchant = defineMerchant({ ...testMerchantConfig(gatewayUrl), now: () => runtime.now() })
  const form = createPaymentForm(merchant, {
    orderId,
    amount: 1004,
    goodsName: '결제창 점검',
    customerId: 'windowCheck',
    buyerName: '점검',
    buyerPhone: '01000000000',
    buyerEmail: 'check@shop.example',
    returnUrl: `${shopOrigin}/return`,
    abortUrl: `${shopOrigin}/abort`,
  })
  const answer = await request(form.action, {
    method: 'POST',
    body: encodeForm({ ...form.fields, SspReturn: 'message' }, 'utf-8'),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: shopOrigin },
  })
  cookies.keep(form.action, answer)
  const location = answer.headers.get('location')
  if (answer.status === 303 && location !== null) return { url: new URL(location, form.action).href, orderId }
  const code = answer.headers.get('x-sspay-result') ?? String(answer.status)
  throw new CheckImpossibleError({
    ko: `${code}: 테스트 가맹점의 결제창이 열리지 않습니다. --window 로 열려 있는 결제창의 주소를 주세요`,
    en: `${code}: the test merchant cannot open a window there. Pass the address of an open one with --window`,
  })
}

async function abort(windowUrl: string, cookies: CookieJar): Promise<void> {
  const headers = cookies.headerFor(windowUrl)
  await request(windowUrl, { method: 'POST', headers, body: new URLSearchParams({ step: 'abort' }) })
}
