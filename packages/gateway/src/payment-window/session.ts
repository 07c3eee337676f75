import { findPayment } from '../approval/store.ts'
import type { Context, Settings } from '../context.ts'
import { guestOf, type PaymentCustomer } from '../members/model.ts'
import { findPayingMember } from '../members/store.ts'
import { findMerchant } from '../merchants/store.ts'
import { randomHex } from '../runtime.ts'
import type { SecurityEventName } from '../security-events/model.ts'
import { type EventContext, recordSecurityEvent } from '../security-events/record.ts'
import { cardsOf } from '../vault/store.ts'
import { mayPay } from './card-rules.ts'
import type { WindowChange, WindowSession, WindowState } from './model.ts'
import { withoutStaleProof } from './proofs.ts'
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

/** Starts the session of a payment's window. */
export async function startSession(
  { runtime, storage, keyRing, settings }: Context,
  { transactionId, state }: { readonly transactionId: string; readonly state: WindowState },
): Promise<StartedSession> {
  const token = randomHex(runtime, 32)
  const sessionHash = keyRing.fingerprint(token, tokenPurpose)
  const now = runtime.now().getTime()
  const encryptedState = encryptState(keyRing, sessionHash, state)
  const row = { sessionHash, transactionId, encryptedState, expiresAt: now + sessionLifeMs(settings), version: 1 }
  await storage.transact((transaction) => insertSession(transaction, row, now))
  return { token, sessionHash }
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
  const payment = row && (await findPayment(context, row.transactionId))
  const merchant = payment && (await findMerchant(context, payment.merchantId))
  if (row === undefined || payment === undefined || merchant === undefined) return undefined

  const member = await findPayingMember(context, customerOf({ payment, merchant }))
  const wallet = member === undefined ? [] : await cardsOf(context, member.memberId)
  return {
    token,
    sessionHash: row.sessionHash,
    payment,
    merchant,
    member,
    wallet,
    cards: wallet.filter((card) => mayPay({ payment }, card)),
    state: withoutStaleProof(decryptState(context.keyRing, row), member),
  }
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
