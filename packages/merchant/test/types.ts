/** Compiled, never run: what must not compile does not. */
import { type ApprovalOutcome, approve, type MerchantConfig, memoryJournal } from '../src/index.ts'
import { expected, merchantAt, ticket } from './samples.ts'

const merchant = merchantAt('http://127.0.0.1:1')

export function everyOutcomeHasItsBranch(outcome: ApprovalOutcome): string {
  switch (outcome.outcome) {
    case 'approved':
      return outcome.payment.orderId
    case 'declined':
      return outcome.message.ko
    case 'unknown':
      return outcome.next
  }
}

// @ts-expect-error: a shop that forgets `unknown` does not compile.
export function unknownIsForgotten(outcome: ApprovalOutcome): string {
  switch (outcome.outcome) {
    case 'approved':
      return outcome.payment.orderId
    case 'declined':
      return outcome.message.ko
  }
}

export async function whatDoesNotCompile(outcome: ApprovalOutcome): Promise<void> {
  await approve(
    merchant,
    // @ts-expect-error: a ticket comes only from readAuthentication.
    { transactionId: 'x', exposeApprovalTicket: () => 'y' },
    { expected, journal: memoryJournal() },
  )
  // @ts-expect-error: the shop must say what it expects.
  await approve(merchant, ticket())
  // @ts-expect-error: settings are checked first.
  await approve({} as MerchantConfig, ticket(), { expected, journal: memoryJournal() })
  // @ts-expect-error: there is a payment only when it is approved.
  outcome.payment
  // @ts-expect-error: whether money moved is not yes or no.
  if (outcome.outcome === 'failed') return
}
