import type { CardNetwork, Context, Gateway, IdentityVerifier, Log, Merchant, Storage } from '@sspay/gateway'

/** The places where a part of the fixture can be replaced by one that does it wrong. */
export interface MemberBug {
  wrapFetch(fetch: Gateway['fetch'], context: Context): Gateway['fetch']
  wrapStorage(storage: Storage): Storage
  wrapVerifier(verifier: IdentityVerifier): IdentityVerifier
  wrapLog(log: Log): Log
  wrapNetwork(network: CardNetwork): CardNetwork
  /** Settings of both shops. */
  readonly merchant: Partial<Merchant>
  /** Whether the shop with the signed order note signs it. */
  readonly signsOrders: boolean
}

export const noBugs: MemberBug = {
  wrapFetch: (fetch) => fetch,
  wrapStorage: (storage) => storage,
  wrapVerifier: (verifier) => verifier,
  wrapLog: (log) => log,
  wrapNetwork: (network) => network,
  merchant: {},
  signsOrders: true,
}
