import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CardNetwork,
  type Context,
  createGateway,
  createHttpCardNetwork,
  defaultSettings,
  type Gateway,
  type IdentityVerifier,
  type Log,
  listen,
  type Merchant,
  type Runtime,
  realRuntime,
  Secret,
  type Settings,
  type Storage,
  saveMerchant,
} from '@sspay/gateway'
import { createKeyRing, migrate } from '@sspay/gateway/internal'
import type { MerchantConfig } from '@sspay/merchant'
import type { PaymentRequest } from '@sspay/protocol'
import { requestPayment } from '../../packages/gateway/src/approval/request-payment.ts'
import { recordAuthentication } from '../../packages/gateway/src/approval/ticket.ts'
import { registerCard } from '../../packages/gateway/src/vault/register-card.ts'
import { cardsOf } from '../../packages/gateway/src/vault/store.ts'
import { openTestStorage, removeTestStorage } from '../../packages/gateway/test/test-storage.ts'
import { ApprovalTicket } from '../../packages/merchant/src/approval-ticket.ts'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { joinBound } from './bound-member.ts'
import { closeThis } from './closing.ts'
import { type SimulatedNetwork, startSimulatedNetwork } from './simulated-network.ts'

export interface QuickGatewayOptions {
  /** An existing data folder is opened again and stays; without it, a temporary one that `close` removes. */
  readonly folder?: string
  /** How the merchant wants repeated approvals answered; `replay` when absent. */
  readonly profile?: Merchant['repeatedApproval']
  readonly merchant?: Partial<Merchant>
  readonly settings?: Partial<Settings>
  /** A virtual clock, outgoing faults; without it, the machine's own. */
  readonly runtime?: Runtime
  /** Where the card network is; without any of the three, a simulated one of this gateway's own. */
  readonly network?: SimulatedNetwork
  readonly cardNetworkUrl?: string
  readonly cardNetwork?: CardNetwork
  readonly identityVerifier?: IdentityVerifier
  /** Where log lines go; nowhere when absent. */
  readonly log?: Log
  /** What stands between the gateway and its tables. */
  readonly wrapStorage?: (storage: Storage) => Storage
  /** What stands between the gateway and its socket. */
  readonly wrapFetch?: (fetch: Gateway['fetch']) => Gateway['fetch']
}

export interface Ticket {
  readonly transactionId: string
  readonly approvalTicket: string
}

export interface QuickGateway extends Gateway, AsyncDisposable {
  readonly context: Context
  readonly folder: string
  /** Loopback origin of the public half. */
  readonly url: string
  readonly merchant: Merchant
  /** For `defineMerchant`: the shop's view of this merchant at this gateway. */
  readonly merchantConfig: MerchantConfig
  /** Undefined when the caller brought another card network. */
  readonly network: SimulatedNetwork | undefined
  /**
   * A payment whose buyer has authenticated, without walking the window; `cardNumber` is one of the sandbox's test
   * cards.
   */
  authenticatedPayment(amount: number, orderId: string, cardNumber?: string): Promise<Ticket>
  /** Stops at once, as the end of a process would, but cleanly: waits for the round in the background. */
  close(): Promise<void>
}

export const quickRootKey = new Secret('5a'.repeat(32))

export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** Nobody is there. */
export const unreachableVerifier: IdentityVerifier = {
  sendCode: async () => ({ ok: false, reason: 'unreachable' }),
  checkCode: async () => ({ result: 'unreachable' }),
  sendMessage: async () => false,
}

/**
 * A real gateway on loopback over a real data folder, with a member whose cards pay without a walk through the window.
 */
export async function createQuickGateway(options: QuickGatewayOptions = {}): Promise<QuickGateway> {
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne()
  }
  try {
    const opened = await openQuickGateway(options, (closeOne) => closers.push(closeOne))
    return { ...opened, close, [Symbol.asyncDispose]: closeThis }
  } catch (cause) {
    await close()
    throw cause
  }
}

/** Tells `onClose` how to close each part as soon as it is open. */
async function openQuickGateway(
  options: QuickGatewayOptions,
  onClose: (closeOne: () => Promise<void>) => void,
): Promise<Omit<QuickGateway, 'close' | typeof Symbol.asyncDispose>> {
  const { runtime = realRuntime, wrapStorage = (storage) => storage, wrapFetch = (fetch) => fetch } = options
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'sspay-quick-')))
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'gateway.db')
  if (options.folder === undefined)
    onClose(async () => {
      await removeTestStorage(file)
      await rm(folder, { recursive: true, force: true })
    })
  const storage = wrapStorage(await openTestStorage(file))
  onClose(() => storage.close())
  await migrate(storage)
  const settings = { ...defaultSettings, isSandbox: true, ...options.settings }
  const keyRing = createKeyRing(runtime, quickRootKey)
  const context: Context = { runtime, storage, keyRing, log: options.log ?? silentLog, settings }
  const merchant = { ...testMerchant, repeatedApproval: options.profile ?? 'replay', ...options.merchant }
  await saveMerchant(context, merchant)

  const brings = options.cardNetwork ?? options.cardNetworkUrl ?? options.network
  const ownNetwork = brings === undefined ? await startSimulatedNetwork({ runtime }) : undefined
  if (ownNetwork !== undefined) onClose(() => ownNetwork.close())
  const network = options.network ?? ownNetwork
  const gateway = createGateway({
    context,
    cardNetwork: cardNetworkOf(context, network, options),
    identityVerifier: options.identityVerifier ?? unreachableVerifier,
    dropInScript: '',
    windowScript: '',
    scriptInventory: '',
    consoleLinks: [],
  })
  onClose(() => gateway.close())
  const listener = await listen({ fetch: wrapFetch(gateway.fetch), host: '127.0.0.1', port: 0 })
  onClose(() => listener.close())
  return {
    ...gateway,
    context,
    folder,
    url: listener.url,
    merchant,
    merchantConfig: merchantConfigOf(merchant, listener.url),
    network,
    authenticatedPayment: (amount, orderId, cardNumber) =>
      authenticatedPayment(context, merchant, { amount, orderId }, cardNumber),
  }
}

function cardNetworkOf(
  context: Context,
  network: SimulatedNetwork | undefined,
  { cardNetwork, cardNetworkUrl }: QuickGatewayOptions,
): CardNetwork {
  if (cardNetwork !== undefined) return cardNetwork
  const timeoutMs = context.settings.cardNetworkTimeoutMs
  if (cardNetworkUrl !== undefined) return createHttpCardNetwork(context, cardNetworkUrl, timeoutMs)
  if (network === undefined) throw new Error('a gateway needs a card network')
  return network.port(timeoutMs)
}

const merchantConfigOf = (merchant: Merchant, origin: string): MerchantConfig => ({
  merchantId: merchant.merchantId,
  easyPayMerchantId: merchant.easyPayMerchantId,
  merchantKey: merchant.merchantKey.expose(),
  environment: { origin },
  orderSignature: 'off_and_orders_can_be_tampered_with',
})

/** The ticket as the shop's SDK reads it from what the window posts. */
export const readTicket = ({ transactionId, approvalTicket }: Ticket): ApprovalTicket =>
  new ApprovalTicket(transactionId, approvalTicket)

/** The same payment on a context of one's own, for gateways that live in another process. */
export async function authenticatedPayment(
  context: Context,
  merchant: Merchant,
  order: { readonly amount: number; readonly orderId: string; readonly customerId?: string },
  cardNumber = '9406000000000001',
): Promise<Ticket> {
  const payer = await memberWithCard(context, merchant, order.customerId ?? quickRequest.customerId, cardNumber)
  return paymentOfMember(context, merchant, order, payer)
}

/** The same for a member that is known to have the card. */
export async function paymentOfMember(
  context: Context,
  merchant: Merchant,
  order: { readonly amount: number; readonly orderId: string; readonly customerId?: string },
  payer: { readonly memberId: string; readonly cardId: string },
): Promise<Ticket> {
  const request = { ...quickRequest, requestedAt: context.runtime.now(), ...order, merchantId: merchant.merchantId }
  const { transactionId } = await requestPayment(context, { request, merchant })
  const authentication = { ...payer, installmentMonths: 0, isInterestFree: false }
  const recorded = await recordAuthentication(context, transactionId, authentication)
  if (!recorded.ok) throw new Error(`the payment is ${recorded.state}`)
  return { transactionId, approvalTicket: recorded.approvalTicket }
}

/** Joins the customer and registers the card where that has not happened yet. */
export async function memberWithCard(
  context: Context,
  { easyPayMerchantId }: Merchant,
  customerId: string,
  cardNumber: string,
): Promise<{ readonly memberId: string; readonly cardId: string }> {
  const { memberId } = await joinBound(context, { easyPayMerchantId, customerId, identity: quickIdentity })
  const expiryYear = context.runtime.now().getFullYear() + 3
  const registered = await registerCard(context, { memberId, cardNumber, expiryMonth: 12, expiryYear })
  if (registered.ok) return { memberId, cardId: registered.card.cardId }
  const lastFour = cardNumber.slice(-4)
  const known = (await cardsOf(context, memberId)).find((card) => card.lastFour === lastFour)
  if (known === undefined) throw new Error(`${lastFour}: ${registered.reason}`)
  return { memberId, cardId: known.cardId }
}

const quickIdentity = {
  name: '홍길동',
  phone: '01099991111',
  birthDate: '19900815',
  gender: 'male',
  ci: 'CI-of-the-quick-member',
  verifiedAt: new Date(0),
} as const

const quickRequest: PaymentRequest = {
  paymentMethod: 'CARD',
  merchantId: testMerchant.merchantId,
  amount: 1004,
  orderId: 'quick',
  customerId: 'quick0001',
  goodsName: '커피',
  goodsCount: 1,
  buyerName: '홍길동',
  buyerPhone: '01099991111',
  buyerEmail: 'buyer@shop.example',
  returnUrl: 'https://shop.example/return',
  abortUrl: 'https://shop.example/stop',
  requestedAt: new Date(0),
  signature: 'pNd9jRfj4PvYuA5SVDoUDld7Jnc95L5bVj/FPkRwodc=',
  easyPayMerchantId: testMerchant.easyPayMerchantId,
  asksPopCard: false,
}
