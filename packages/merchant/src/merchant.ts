import { type Endpoints, endpoints, localEndpoints } from '@sspay/protocol'
import { fetchTransport } from './fetch-transport.ts'
import { nodeTransport } from './node-transport.ts'
import type { Transport } from './transport.ts'

/** Which service to talk to: the two of the guide, or a gateway of one's own, for example `{ origin: 'http://localhost:4610' }`. */
export type Environment = 'staging' | 'production' | { readonly origin: string }

/**
 * How the shop seals its orders: the wire's own signature covers only date, merchant and amount, the seal also order, customer and
 * return host, and what the shop's note says.
 *
 * `keys`: secrets of the shop alone, at least 32 characters each and none of them the merchantKey. The first signs. During a change of
 * keys the old one stands second, until the last form signed with it has run out. `validForMs`: how long after its date a form may still
 * be approved. Default 24 hours, as long as the service takes the form.
 */
export type OrderSignature =
  | { readonly keys: readonly [string] | readonly [string, string]; readonly validForMs?: number }
  | 'off_and_orders_can_be_tampered_with'

/** A merchant's settings, checked by {@link defineMerchant}. */
export interface MerchantConfig {
  /** 상점ID: ten letters and digits. */
  readonly merchantId: string
  /** 간편결제 가맹점 ID: ten letters and digits. Members belong to it. */
  readonly easyPayMerchantId: string
  /** 상점키: the text exactly as issued, at least 32 characters. It never leaves the server. */
  readonly merchantKey: string
  readonly environment: Environment
  readonly orderSignature: OrderSignature
  /** How requests travel. Default: `nodeTransport()` on Node, `fetchTransport()` elsewhere. */
  readonly transport?: Transport
  /** The clock that dates payment requests. Default: the machine's. */
  readonly now?: () => Date
  /** Time to reach the service, name lookup and TLS included. Default 1,000 ms (guide, STEP 3). */
  readonly connectTimeoutMs?: number
  /** Time from the sent request to the last byte of its answer. Default 10,000 ms (guide, STEP 3). */
  readonly readTimeoutMs?: number
}

/** A merchant that {@link defineMerchant} has checked. Printing it, or writing it as JSON, does not show the key. */
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
    const encrypt = typeof config.orderSignature === 'string' ? undefined : config.orderSignature
    this.signsOrders = encrypt !== undefined
    this.orderSignatureValidForMs = encrypt?.validForMs ?? 24 * 60 * 60 * 1000
    this.#signingKeys = encrypt?.keys ?? []
  }

  /** The only way to the key: for signing and sealing on the server. */
  exposeMerchantKey(): string {
    return this.#merchantKey
  }

  /** For sealing and opening orders on the server: the newest first, none when orders are not sealed. */
  exposeSigningKeys(): readonly string[] {
    return this.#signingKeys
  }
}

/**
 * Checks a merchant's settings once, at the start of the shop's server. Every other function takes the result first.
 *
 * Throws a `TypeError` that names the setting that is wrong, never its value.
 */
export function defineMerchant(config: MerchantConfig): Merchant {
  requireThat(/^[A-Za-z0-9]{10}$/.test(config.merchantId), 'merchantId: ten letters and digits')
  requireThat(/^[A-Za-z0-9]{10}$/.test(config.easyPayMerchantId), 'easyPayMerchantId: ten letters and digits')
  requireThat(
    /^[\x21-\x7E]{32,}$/.test(config.merchantKey),
    'merchantKey: at least 32 characters exactly as issued, without blanks or line breaks',
  )
  requireThat(isEnvironment(config.environment), "environment: 'staging', 'production' or { origin: 'https://host' }")
  requireOrderSignature(config.orderSignature, config.merchantKey)
  requireThat(isPositive(config.connectTimeoutMs), 'connectTimeoutMs: more than 0 milliseconds')
  requireThat(isPositive(config.readTimeoutMs), 'readTimeoutMs: more than 0 milliseconds')
  return new Merchant(config)
}

/** Bun and Deno call themselves Node, but their `node:http` tells less about connections. */
const isNode = (): boolean =>
  globalThis.process?.release?.name === 'node' && !('Bun' in globalThis) && !('Deno' in globalThis)

function requireThat(isRight: boolean, rule: string): void {
  if (!isRight) throw new TypeError(rule)
}

function requireOrderSignature(encrypt: OrderSignature, merchantKey: string): void {
  if (encrypt === 'off_and_orders_can_be_tampered_with') return
  const keys: readonly unknown[] = Array.isArray(encrypt?.keys) ? encrypt.keys : []
  const areKeys = keys.every((key) => typeof key === 'string' && /^[\x21-\x7E]{32,}$/.test(key) && key !== merchantKey)
  requireThat(
    areKeys && (keys.length === 1 || keys.length === 2),
    "orderSignature: { keys: ['newest', 'previous'?] }, each at least 32 characters without blanks and other than the merchantKey",
  )
  requireThat(isPositive(encrypt.validForMs), 'orderSignature: validForMs of more than 0 milliseconds')
}

const isPositive = (timeoutMs: number | undefined): boolean =>
  timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1)

function isEnvironment(environment: Environment): boolean {
  if (environment === 'staging' || environment === 'production') return true
  const origin: unknown = environment?.origin
  return typeof origin === 'string' && /^https?:/.test(origin) && URL.canParse(origin)
}

const endpointsOf = (environment: Environment): Endpoints =>
  typeof environment === 'string'
    ? endpoints[environment]
    : localEndpoints({ origin: new URL(environment.origin).origin })
