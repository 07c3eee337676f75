import { type Endpoints, endpoints, localEndpoints } from '@sspay/protocol'
import { nodeTransport } from './node-transport.ts'
import { fetchTransport, type Transport } from './transport.ts'

/**
 * The payment service: `staging` or `production` of the guide, or a gateway, for example `{ origin:
 * 'http://localhost:4610' }`. `windowOrigin`: origin at which browsers reach that gateway, if the shop's server reaches
 * it at another one, for example between containers. Default: `origin`.
 */
export type Environment = 'staging' | 'production' | { readonly origin: string; readonly windowOrigin?: string }

/**
 * Signature of the shop on its orders. The wire's own signature covers only date, merchant and amount; this one covers
 * order, customer, return host and the shop's note too.
 *
 * `keys`: secrets of the shop, at least 32 characters each, other than the merchantKey. The first one signs; during a
 * key rotation the previous one is the second, until the last form signed with it has expired. `validForMs`:
 * milliseconds after its date during which a form may be approved. Default 24 hours, as long as the payment service
 * accepts the form.
 */
export type OrderSignature =
  | { readonly keys: readonly [string] | readonly [string, string]; readonly validForMs?: number }
  | 'off_and_orders_can_be_tampered_with'

/** Settings of {@link defineMerchant}. */
export interface MerchantConfig {
  /** 상점ID: ten letters and digits. */
  readonly merchantId: string
  /** 간편결제 가맹점 ID: ten letters and digits. Members belong to it. */
  readonly easyPayMerchantId: string
  /** 상점키: the text exactly as issued, at least 32 characters. It never leaves the server. */
  readonly merchantKey: string
  readonly environment: Environment
  readonly orderSignature: OrderSignature
  /** Default: `nodeTransport()` on Node, `fetchTransport()` elsewhere. */
  readonly transport?: Transport
  /** Clock of payment requests. Default: the system clock. */
  readonly now?: () => Date
  /** Milliseconds to connect, including name lookup and TLS. Default 1,000 (guide, STEP 3). */
  readonly connectTimeoutMs?: number
  /** Milliseconds from the sent request to the last byte of the answer. Default 10,000 (guide, STEP 3). */
  readonly readTimeoutMs?: number
}

/** A validated merchant, made by {@link defineMerchant}. Printing it, or writing it as JSON, does not show its keys. */
export class Merchant {
  readonly merchantId: string
  readonly easyPayMerchantId: string
  readonly environment: Environment
  readonly endpoints: Endpoints
  readonly transport: Transport
  readonly now: () => Date
  readonly connectTimeoutMs: number
  readonly readTimeoutMs: number
  readonly signsOrders: boolean
  readonly orderSignatureValidForMs: number
  readonly #merchantKey: string
  readonly #signingKeys: readonly string[]

  /** @internal Use {@link defineMerchant}. */
  constructor(config: MerchantConfig) {
    this.merchantId = config.merchantId
    this.easyPayMerchantId = config.easyPayMerchantId
    this.#merchantKey = config.merchantKey
    this.environment = config.environment
    this.endpoints = endpointsOf(config.environment)
    this.transport = config.transport ?? (isNode() ? nodeTransport() : fetchTransport())
    this.now = config.now ?? (() => new Date())
    this.connectTimeoutMs = config.connectTimeoutMs ?? 1_000
    this.readTimeoutMs = config.readTimeoutMs ?? 10_000
    const signature = typeof config.orderSignature === 'string' ? undefined : config.orderSignature
    this.signsOrders = signature !== undefined
    this.orderSignatureValidForMs = signature?.validForMs ?? 24 * 60 * 60 * 1000
    this.#signingKeys = signature?.keys ?? []
  }

  /**
   * Returns the merchantKey, for signing and encrypting on the server only.
   *
   * @returns 상점키 as issued.
   */
  exposeMerchantKey(): string {
    return this.#merchantKey
  }

  /**
   * Returns the keys of the order signature, for the server only.
   *
   * @returns The newest first; empty if orders are not signed.
   */
  exposeSigningKeys(): readonly string[] {
    return this.#signingKeys
  }
}

/**
 * Validates a merchant's settings once, when the shop's server starts. The result is the first argument of other
 * functions.
 *
 * @param config - The settings.
 * @returns The merchant.
 * @throws `TypeError` that names the invalid setting, never its value.
 * @example
 * ```ts
 * import { defineMerchant } from '@sspay/merchant'
 *
 * export const merchant = defineMerchant({
 *   merchantId: 'ssptest01m',
 *   easyPayMerchantId: 'SSPTEST00p',
 *   merchantKey: process.env.MERCHANT_KEY ?? '',
 *   environment: { origin: 'http://localhost:4610' },
 *   orderSignature: { keys: [process.env.ORDER_SIGNING_KEY ?? ''] },
 * })
 * ```
 */
export function defineMerchant(config: MerchantConfig): Merchant {
  requireThat(/^[A-Za-z0-9]{10}$/.test(config.merchantId), 'merchantId: ten letters and digits')
  requireThat(/^[A-Za-z0-9]{10}$/.test(config.easyPayMerchantId), 'easyPayMerchantId: ten letters and digits')
  requireThat(
    /^[\x21-\x7E]{32,}$/.test(config.merchantKey),
    'merchantKey: at least 32 characters exactly as issued, without blanks or line breaks',
  )
  requireThat(
    isEnvironment(config.environment),
    "environment: 'staging', 'production' or { origin: 'https://host', windowOrigin?: 'https://host' }",
  )
  requireOrderSignature(config.orderSignature, config.merchantKey)
  requireThat(isPositive(config.connectTimeoutMs), 'connectTimeoutMs: more than 0 milliseconds')
  requireThat(isPositive(config.readTimeoutMs), 'readTimeoutMs: more than 0 milliseconds')
  return new Merchant(config)
}

/** Bun, Deno and workerd claim to be Node, but their `node:http` reports less about connections. */
const isNode = (): boolean =>
  globalThis.process?.release?.name === 'node' &&
  !('Bun' in globalThis) &&
  !('Deno' in globalThis) &&
  globalThis.navigator?.userAgent !== 'Cloudflare-Workers'

/** Throws a `TypeError` with the rule, never with the value. */
function requireThat(isRight: boolean, rule: string): asserts isRight {
  if (!isRight) throw new TypeError(rule)
}

function requireOrderSignature(signature: OrderSignature, merchantKey: string): void {
  if (signature === 'off_and_orders_can_be_tampered_with') return
  const keys: readonly unknown[] = Array.isArray(signature?.keys) ? signature.keys : []
  const areKeys = keys.every((key) => typeof key === 'string' && /^[\x21-\x7E]{32,}$/.test(key) && key !== merchantKey)
  requireThat(
    areKeys && (keys.length === 1 || keys.length === 2),
    "orderSignature: { keys: ['newest', 'previous'?] }, each at least 32 characters without blanks and other than the merchantKey",
  )
  requireThat(isPositive(signature.validForMs), 'orderSignature: validForMs of more than 0 milliseconds')
}

const isPositive = (timeoutMs: number | undefined): boolean =>
  timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1)

function isEnvironment(environment: Environment): boolean {
  if (environment === 'staging' || environment === 'production') return true
  const isOrigin = (text: unknown): boolean => typeof text === 'string' && /^https?:/.test(text) && URL.canParse(text)
  return isOrigin(environment?.origin) && isOrigin(environment.windowOrigin ?? environment.origin)
}

function endpointsOf(environment: Environment): Endpoints {
  if (typeof environment === 'string') return endpoints[environment]
  const { origin, windowOrigin = origin } = environment
  return localEndpoints({ origin: new URL(origin).origin, windowOrigin: new URL(windowOrigin).origin })
}
