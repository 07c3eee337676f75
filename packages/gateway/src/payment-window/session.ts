import { findPayment } from '../approval/store.ts'
import type { Context, Settings } from '../context.ts'
import { guestOf, type PaymentCustomer } from '../members/model.ts'
import { findPayingMember } from '../members/store.ts'
import { findMerchant } from '../merchants/store.ts'
import { randomHex } from '../runtime.ts'
import type { SecurityEventName } from '../security-events/model.ts'
import { type EventContext, recordSecurityEvent } from '../security-events/record.ts'
import type { Transaction } from '../storage/storage.ts'
import type { Card } from '../vault/model.ts'
import { cardsOf } from '../vault/store.ts'
import { mayPay } from './card-rules.ts'
import type { WindowChange, WindowSession, WindowState } from './model.ts'
import { withoutStaleProof } from './proofs.ts'
import {
  hidesWallet,
  mayHaveBillKey,
  merchantOfRegistration,
  paymentOfRegistration,
  type RegistrationEnding,
} from './registration.ts'
import { insertSession, readSession, replaceState, type StoredSession } from './store.ts'

/** 64 hexadecimal characters, 256 random bits. */
export const isToken = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

const encryptContext = (sessionHash: string): string => `window:${sessionHash}`

const tokenPurpose = 'window-session'

/** Only the page's address has the token; the table has its keyed fingerprint, under each root key there has been. */
export const hashesOfToken = ({ keyRing }: Pick<Context, 'keyRing'>, token: string): readonly string[] =>
  keyRing.fingerprints(token, tokenPurpose)

/** Longer than the window: until then it shows that it has ended, and hands out its ticket again. */
export const sessionLifeMs = ({ windowLifeMs, ticketLifeMs }: Settings): number => windowLifeMs + ticketLifeMs

export interface StartedSession {
  readonly token: string
  readonly sessionHash: string
}

/** Starts the session of a window. Undefined when the transaction id is taken, which that of a payment never is. */
export async function startSession(
  { runtime, storage, keyRing, settings }: Context,
  { transactionId, state }: { readonly transactionId: string; readonly state: WindowState },
): Promise<StartedSession | undefined> {
  const token = randomHex(runtime, 32)
  const sessionHash = keyRing.fingerprint(token, tokenPurpose)
  const now = runtime.now().getTime()
  const encryptedState = encryptState(keyRing, sessionHash, state)
  const row = { sessionHash, transactionId, encryptedState, expiresAt: now + sessionLifeMs(settings), version: 1 }
  const isFree = await storage.transact((transaction) => insertSession(transaction, row, now))
  return isFree ? { token, sessionHash } : undefined
}

async function findRow(context: Context, token: string): Promise<StoredSession | undefined> {
  if (!isToken(token)) return undefined
  for (const sessionHash of hashesOfToken(context, token)) {
    const row = await readSession(context.storage, sessionHash, context.runtime.now().getTime())
    if (row !== undefined) return row
  }
  return undefined
}

/** The customer that the shop claims; the guest of a general card payment, whatever customer its form names. */
export function customerOf({ payment, merchant }: Pick<WindowSession, 'payment' | 'merchant'>): PaymentCustomer {
  const { easyPayMerchantId, customerId } = payment.request
  const { transactionId } = payment
  if (easyPayMerchantId === undefined || customerId === undefined) return guestOf(payment)
  const { merchantId, identityVerification } = merchant
  return { easyPayMerchantId, customerId, merchantId, transactionId, identityVerification }
}

type KeyRing = Context['keyRing']

const encryptState = (keyRing: KeyRing, sessionHash: string, state: WindowState): string =>
  keyRing.encrypt(JSON.stringify(state), encryptContext(sessionHash))

const decryptState = (keyRing: KeyRing, { sessionHash, encryptedState }: StoredSession): WindowState =>
  JSON.parse(keyRing.decrypt(encryptedState, encryptContext(sessionHash)))

export async function findSession(context: Context, token: string): Promise<WindowSession | undefined> {
  const row = await findRow(context, token)
  if (row === undefined) return undefined
  const { sessionHash, transactionId } = row
  const stored = decryptState(context.keyRing, row)
  const { registration } = stored
  const payment =
    registration === undefined
      ? await findPayment(context, transactionId)
      : paymentOfRegistration(transactionId, registration)
  const found = payment && (await findMerchant(context, payment.merchantId))
  if (payment === undefined || found === undefined) return undefined

  const merchant = registration === undefined ? found : merchantOfRegistration(found)
  const member = await findPayingMember(context, customerOf({ payment, merchant }))
  const state = withoutStaleProof(stored, member)
  const session = { token, sessionHash, payment, merchant, member, state }
  const all = member === undefined ? [] : await cardsOf(context, member.memberId)
  const wallet = hidesWallet(session) ? all.filter(({ cardId }) => cardId === state.cardId) : all
  const isUsable = registration === undefined ? (card: Card) => mayPay({ payment }, card) : mayHaveBillKey
  return { ...session, wallet, cards: wallet.filter(isUsable) }
}

/**
 * Compare-and-set with retry, so that two tabs do not undo each other's changes. Returns the new state, in which a
 * proof may be stale. A function receives the latest state: a counter counts every concurrent attempt.
 */
export async function updateState(
  context: Context,
  sessionHash: string,
  change: WindowChange | ((known: WindowState) => WindowChange),
): Promise<WindowState> {
  const { runtime, storage, keyRing } = context
  for (;;) {
    const recorded = await storage.transact(async (transaction) => {
      const row = await readSession(transaction, sessionHash, runtime.now().getTime())
      if (row === undefined) throw new Error('the window session ended while it was used')
      const known = decryptState(keyRing, row)
      const state = { ...known, ...(typeof change === 'function' ? change(known) : change) }
      const encryptedState = encryptState(keyRing, sessionHash, state)
      return (await replaceState(transaction, { ...row, encryptedState })) ? state : undefined
    })
    if (recorded !== undefined) return recorded
  }
}

/**
 * Ends a registration together with what `work` stores, in one transaction: of two tabs, the second changes nothing.
 * `work` is repeated when another tab has changed the state meanwhile.
 */
export async function endRegistration(
  { runtime, storage, keyRing }: Context,
  sessionHash: string,
  work: (transaction: Transaction) => Promise<RegistrationEnding>,
): Promise<void> {
  const end = async (transaction: Transaction): Promise<boolean> => {
    const row = await readSession(transaction, sessionHash, runtime.now().getTime())
    if (row === undefined) throw new Error('the window session ended while it was used')
    const state = decryptState(keyRing, row)
    if (state.registration === undefined || state.registration.ending !== undefined) return true
    // Compare-and-set before the work: it locks the session.
    if (!(await replaceState(transaction, row))) return false
    const registration = { ...state.registration, ending: await work(transaction) }
    const encryptedState = encryptState(keyRing, sessionHash, { ...state, registration })
    return replaceState(transaction, { sessionHash, version: row.version + 1, encryptedState })
  }
  while (!(await storage.transact(end)));
}

/** A security event of this window's buyer. */
export function recordWindowEvent(
  context: EventContext,
  { payment }: Pick<WindowSession, 'payment'>,
  name: SecurityEventName,
  { reason, object }: { readonly reason?: string | undefined; readonly object?: string } = {},
): void {
  const { request, merchantId, transactionId } = payment
  recordSecurityEvent(context, { name, reason, object, member: request, merchantId, transactionId })
}
