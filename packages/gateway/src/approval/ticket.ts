import { hash } from 'node:crypto'
import { signatureMatches } from '@sspay/protocol/signature'
import type { Context } from '../context.ts'
import type { KeyRing } from '../keyring.ts'
import { explainCurrentCall } from '../request-log/notes.ts'
import { randomHex } from '../runtime.ts'
import { type Authentication, hasPassed, type Payment } from './model.ts'
import { findPayment } from './store.ts'
import { transitionPayment } from './transition.ts'
import type { PaymentState } from './transitions.ts'

/** Permission to approve a payment once. */
export interface ApprovalTicket {
  readonly transactionId: string
  readonly approvalTicket: string
}

const randomLength = 16

/**
 * 64 lower-case hexadecimal characters: 128 random bits, so that a plain hash cannot be reversed, and a MAC of them and
 * the transaction id, so that a forged ticket is rejected without a query.
 */
export function newApprovalTicket(
  { runtime, keyRing }: Pick<Context, 'runtime' | 'keyRing'>,
  transactionId: string,
): string {
  const random = randomHex(runtime, randomLength)
  return random + keyRing.fingerprint(macInput(transactionId, random), purpose).slice(0, 2 * randomLength)
}

/** Whether the MAC is of a root key of this gateway; the ticket may be spent or expired. */
export function isOwnTicket(keyRing: KeyRing, { transactionId, approvalTicket }: ApprovalTicket): boolean {
  const random = approvalTicket.slice(0, 2 * randomLength)
  const mac = approvalTicket.slice(2 * randomLength)
  return keyRing
    .fingerprints(macInput(transactionId, random), purpose)
    .some((known) => signatureMatches(mac, known.slice(0, 2 * randomLength)))
}

const purpose = 'approval-ticket'

const macInput = (transactionId: string, random: string): string => `${transactionId} ${random}`

const hashTicket = (approvalTicket: string): string => hash('sha256', approvalTicket, 'hex')

export const ticketMatches = ({ ticketHash = '' }: Payment, approvalTicket: string): boolean =>
  signatureMatches(hashTicket(approvalTicket), ticketHash)

/** Which half of a rejected ticket is wrong, for the request log only: the answer must not reveal it. */
export function explainTicket(payment: Payment | undefined): void {
  const hasTicket = payment?.ticketHash !== undefined
  if (payment !== undefined && hasTicket)
    explainCurrentCall({
      mistakes: ['ticket_wrong'],
      words: {
        ko: 'Tid는 있는 거래이고, TrAuthKey가 그 거래의 것이 아닙니다. 인증 결과로 받은 TrAuthKey를 자르거나 바꾸지 말고, 같은 인증의 Tid와 함께 보내세요.',
        en: 'The Tid exists, and the TrAuthKey is not its own. Send the TrAuthKey of the authentication result unchanged, with the Tid of the same authentication.',
      },
    })
  else if (payment !== undefined)
    explainCurrentCall({
      mistakes: ['not_authenticated'],
      words: {
        ko: 'Tid는 있는 거래이지만 구매자가 아직 인증을 마치지 않았습니다. 인증 결과(ReturnUrl, 콜백)를 받은 뒤에 승인을 요청하세요.',
        en: 'The Tid exists, but its buyer has not authenticated. Request the approval after the authentication result came (ReturnUrl or callback).',
      },
    })
  else
    explainCurrentCall({
      mistakes: ['transaction_unknown'],
      words: {
        ko: 'Tid가 이 게이트웨이에 없습니다. 인증 결과의 Tid를 그대로 보내고, 결제창과 승인을 같은 게이트웨이에 요청하는지 확인하세요.',
        en: 'The Tid does not exist at this gateway. Send the Tid of the authentication result unchanged, and open the window at the gateway that approves.',
      },
    })
}

export type AuthenticationRecord =
  | { readonly ok: true; readonly approvalTicket: string }
  | { readonly ok: false; readonly state: PaymentState | 'unknown' }

/** The buyer has authenticated: stores the hash of the approval ticket. */
export async function recordAuthentication(
  context: Context,
  transactionId: string,
  authentication: Authentication,
  approvalTicket = newApprovalTicket(context, transactionId),
): Promise<AuthenticationRecord> {
  const { runtime, settings } = context
  const payment = await findPayment(context, transactionId)
  const at = runtime.now()
  if (payment?.state === 'requested' && hasPassed(payment.windowExpiresAt, at)) return { ok: false, state: 'expired' }

  const head = await transitionPayment(context, {
    transactionId,
    from: 'requested',
    event: 'buyerAuthenticated',
    at,
    changes: {
      ...authentication,
      ticketHash: hashTicket(approvalTicket),
      ticketExpiresAt: new Date(at.getTime() + settings.ticketLifeMs),
    },
  })
  if (head !== undefined) return { ok: true, approvalTicket }
  return { ok: false, state: (await findPayment(context, transactionId))?.state ?? 'unknown' }
}
