/** Compiled, never run: what must not compile does not. */
import type { DatabaseSync } from 'node:sqlite'
import type { Pool as MysqlPool } from 'mysql2/promise'
import type { Pool } from 'pg'
import {
  type ApprovalOutcome,
  approve,
  type CancelOutcome,
  cancel,
  type InquiryOutcome,
  inquire,
  type MerchantConfig,
  memoryJournal,
  mysqlJournal,
  type PaymentJournal,
  postgresJournal,
  type ReceiveAuthenticationResult,
  recover,
  sqliteJournal,
} from '../src/index.ts'
import { expected, merchantAt, ticket, transactionId } from './samples.ts'

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
    { transactionId: 'x', exposeSecret: () => 'y' },
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

// @ts-expect-error: money that may have gone back is neither cancelled nor rejected.
export function unknownCancellationIsForgotten(outcome: CancelOutcome): string {
  switch (outcome.outcome) {
    case 'cancelled':
      return String(outcome.amount)
    case 'rejected':
      return outcome.message.ko
  }
}

// @ts-expect-error: an inquiry may hear that nothing was approved yet, or all was cancelled, or nothing certain.
export function inquiryIsReadAsAnApproval(outcome: InquiryOutcome): string {
  switch (outcome.outcome) {
    case 'approved':
      return outcome.payment.orderId
    case 'declined':
      return outcome.message.ko
    case 'unknown':
      return outcome.next
  }
}

// @ts-expect-error: a shop that never sends the buyer on does not compile.
export function goingOnIsForgotten(arrival: ReceiveAuthenticationResult): string {
  switch (arrival.outcome) {
    case 'authenticated':
      return arrival.approvalTicket.transactionId
    case 'rejected':
      return String(arrival.problems.length)
  }
}

export async function recoveryThatDoesNotCompile(journal: PaymentJournal): Promise<void> {
  // @ts-expect-error: without a journal a crash loses the payment.
  await approve(merchant, ticket(), { expected })
  // @ts-expect-error: nobody but the shop knows whether it still wants the payment.
  await recover(merchant, { journal, onOutcome: () => {} })
  // @ts-expect-error: `markOrderPaid` is required.
  await recover(merchant, { journal, isWanted: () => true })
  // @ts-expect-error: a payment is marked paid by what was approved, not by its number alone.
  await journal.markPaid(transactionId, () => {})
  // @ts-expect-error: what an inquiry found is compared with the shop's own record.
  await inquire(merchant, ticket())
  // @ts-expect-error: without its sequence a cancellation is not safe to repeat.
  await cancel(merchant, { transactionId, amount: 1004, cancelPassword: '123456', reason: 'x' })
}

/** The connections of the drivers fit, and arrive in the update as what they are. */
export async function connectionsKeepTheirTypes(database: DatabaseSync, pool: Pool, mysql: MysqlPool): Promise<void> {
  const payment = { transactionId, ...expected }
  await sqliteJournal(database).markPaid(payment, (connection) => connection.prepare('select 1').get())
  await postgresJournal(pool).markPaid(payment, (client) => client.query('select 1'))
  await mysqlJournal(mysql).markPaid(payment, (connection) => connection.execute('select 1'))
}
