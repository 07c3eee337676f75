import type { Payment } from '../approval/model.ts'
import { findPayment } from '../approval/store.ts'
import type { Context, Settings } from '../context.ts'
import type { PaymentCustomer } from '../members/model.ts'
import { findPayer } from '../members/store.ts'
import type { Merchant } from '../merchants/model.ts'
import { findMerchant } from '../merchants/store.ts'
import { randomHex } from '../runtime.ts'
import { cardsOf } from '../vault/store.ts'
import { mayPay } from './card-rules.ts'
import type { FactsChange, WindowFacts, WindowSession } from './model.ts'
import { withoutStaleProofs } from './proofs.ts'
import { insertSession, readSession, replaceFacts, type SessionRow } from './store.ts'

/** 64 hexadecimal characters, 256 random bits. */
export const isToken = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

const encryptContext = (sessionHash: string): string => `window:${sessionHash}`

const tokenPurpose = 'window-session'

/** The token stands in the page's address only; the table knows its keyed fingerprint, under the root key of the window's opening. */
export const hashesOfToken = ({ keyRing }: Pick<Context, 'keyRing'>, token: string): readonly string[] =>
  keyRing.fingerprints(token, tokenPurpose)

/** After its end a window still says so, and hands out its ticket again. */
export const sessionLifeMs = ({ windowLifeMs, ticketLifeMs }: Settings): number => windowLifeMs + ticketLifeMs

/** Starts the session of a payment's window and returns its token. */
export async function startSession(
  context: Context,
  { transactionId, facts }: { readonly transactionId: string; readonly facts: WindowFacts },
): Promise<{ readonly token: string; readonly sessionHash: string }> {
  const { runtime, storage, keyRing, settings } = context
  const token = randomHex(runtime, 32)
  const sessionHash = keyRing.fingerprint(token, tokenPurpose)
  const now = runtime.now().getTime()
  const row = {
    sessionHash,
    transactionId,
    encryptedFacts: keyRing.encrypt(JSON.stringify(facts), encryptContext(sessionHash)),
    expiresAt: now + sessionLifeMs(settings),
    version: 1,
  }
  await storage.transact((transaction) => insertSession(transaction, row, now))
  return { token, sessionHash }
}

async function readSessionOf(context: Context, token: string): Promise<SessionRow | undefined> {
  if (!isToken(token)) return undefined
  for (const sessionHash of hashesOfToken(context, token)) {
    const row = await readSession(context.storage, sessionHash, context.runtime.now().getTime())
    if (row !== undefined) return row
  }
  return undefined
}

/** Whom the shop's request names; the merchant says what that name is worth. */
export const customerOf = ({
  payment: { request, transactionId },
  merchant: { merchantId, identityVerification },
}: {
  readonly payment: Pick<Payment, 'request' | 'transactionId'>
  readonly merchant: Pick<Merchant, 'merchantId' | 'identityVerification'>
}): PaymentCustomer => ({
  easyPayMerchantId: request.easyPayMerchantId,
  customerId: request.customerId,
  merchantId,
  transactionId,
  identityVerification,
})

export async function findSession(context: Context, token: string): Promise<WindowSession | undefined> {
  const row = await readSessionOf(context, token)
  const payment = row && (await findPayment(context, row.transactionId))
  const merchant = payment && (await findMerchant(context, payment.merchantId))
  if (row === undefined || payment === undefined || merchant === undefined) return undefined

  const { sessionHash } = row
  const member = await findPayer(context, customerOf({ payment, merchant }))
  const wallet = member === undefined ? [] : await cardsOf(context, member.memberId)
  const facts: WindowFacts = JSON.parse(context.keyRing.decrypt(row.encryptedFacts, encryptContext(sessionHash)))
  return {
    token,
    sessionHash,
    payment,
    merchant,
    member,
    wallet,
    cards: wallet.filter((card) => mayPay({ payment }, card)),
    facts: member === undefined ? facts : withoutStaleProofs(facts, member),
  }
}

/**
 * Adds facts to those of the session as they are now, so that two tabs do not undo each other, and returns what is known then.
 * As a function the change sees the latest facts: a count counts every try, however many run at once.
 */
export async function recordFacts(
  context: Context,
  sessionHash: string,
  change: FactsChange | ((known: WindowFacts) => FactsChange),
): Promise<WindowFacts> {
  const { runtime, storage, keyRing } = context
  for (;;) {
    const recorded = await storage.transact(async (transaction) => {
      const row = await readSession(transaction, sessionHash, runtime.now().getTime())
      if (row === undefined) throw new Error('the window session ended while it was used')
      const known: WindowFacts = JSON.parse(keyRing.decrypt(row.encryptedFacts, encryptContext(sessionHash)))
      const facts = { ...known, ...(typeof change === 'function' ? change(known) : change) }
      const encryptedFacts = keyRing.encrypt(JSON.stringify(facts), encryptContext(sessionHash))
      return (await replaceFacts(transaction, { ...row, encryptedFacts })) ? facts : undefined
    })
    if (recorded !== undefined) return recorded
  }
}
