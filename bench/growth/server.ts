import { approve } from '../../packages/gateway/src/approval/approve.ts'
import { abortPayment } from '../../packages/gateway/src/approval/close-payment.ts'
import { requestPayment } from '../../packages/gateway/src/approval/request-payment.ts'
import { findPayment } from '../../packages/gateway/src/approval/store.ts'
import { cancel } from '../../packages/gateway/src/cancellation/cancel.ts'
import type { CardNetwork } from '../../packages/gateway/src/card-network/port.ts'
import { listen } from '../../packages/gateway/src/listen.ts'
import {
  claimNotifications,
  nextNotification,
  saveNotificationTarget,
} from '../../packages/gateway/src/notifications/store.ts'
import { realRuntime } from '../../packages/gateway/src/runtime.ts'
import { defaultSettings } from '../../packages/gateway/src/settings.ts'
import { openPostgres } from '../../packages/gateway/src/storage/postgres.ts'
import { enqueueWithoutMove } from '../../packages/gateway/test/notifications/enqueue.ts'
import { requestForm } from '../../packages/gateway/test/payment-window/request-form.ts'
import { makeTickets } from '../../test/durability/payments.ts'
import { createQuickGateway } from '../../test/support/quick-payment.ts'
import { tellError } from '../command.ts'
import { countOwnCpu } from '../usage.ts'
import type { Template } from './fill.ts'

/** The gateway that is measured, in a process of its own; it is asked for by messages. */
export type Question =
  | { readonly ask: 'templates' }
  | { readonly ask: 'tickets'; readonly count: number }
  | { readonly ask: 'forms'; readonly count: number }
  | { readonly ask: 'claims'; readonly count: number }
  /** Microseconds of this process since the last time. */
  | { readonly ask: 'cpu' }
  | { readonly ask: 'end' }

export interface Started {
  readonly url: string
  readonly consoleUrl: string
}

const [folder = '', databaseUrl] = process.argv.slice(2)

let isDeclining = false

const network: CardNetwork = {
  authorize: async () =>
    isDeclining
      ? { outcome: 'declined', reason: 'balance_insufficient' }
      : {
          outcome: 'approved',
          approvalNumber: '30001234',
          approvedAt: new Date(),
          issuerCode: '01',
          acquirerCode: '01',
          cardKind: 'credit',
        },
  inquire: async () => ({ outcome: 'silent' }),
  reverse: async () => ({ outcome: 'silent' }),
  cancel: async () => ({ outcome: 'cancelled', cancelledAt: new Date() }),
  verifyCard: async () => ({ outcome: 'unreachable' }),
}

const options = { runtime: realRuntime, connections: 10, retryBudgetMs: 5_000, onError: tellError }
const unlimited = { burst: 1_000_000, refillEveryMs: 1 }
const gateway = await createQuickGateway({
  folder,
  cardNetwork: network,
  settings: {
    limits: {
      ...defaultSettings.limits,
      windowsPerMerchant: unlimited,
      windowsPerAddress: unlimited,
      windowsPerForm: unlimited,
      windowsPerSignature: unlimited,
      requestsPerWindow: unlimited,
      windowRequestsPerAddress: unlimited,
    },
  },
  ...(databaseUrl === undefined ? {} : { wrapStorage: () => openPostgres({ ...options, url: databaseUrl }) }),
})
const operator = await listen({ fetch: gateway.console, host: '127.0.0.1', port: 0 })
const measured = { ...gateway.context, cardNetwork: network }

/** Payments of every kind by the real gateway. */
async function makeTemplates(): Promise<readonly Template[]> {
  const pay = async (): Promise<string> => {
    const ticket = await gateway.authenticatedPayment(10_000, 'template')
    await approve(measured, ticket)
    return ticket.transactionId
  }
  const { merchant, context } = gateway
  const takeBack = async (amount: number, scope: 'full' | 'part'): Promise<string> => {
    const transactionId = await pay()
    await cancel(
      measured,
      { transactionId, merchantId: merchant.merchantId, cancelSequence: 1, amount, scope },
      'replay',
    )
    return transactionId
  }
  const approved = await pay()
  const cancelled = await takeBack(10_000, 'full')
  const partlyCancelled = await takeBack(400, 'part')
  isDeclining = true
  const declined = await pay()
  isDeclining = false
  const known = await findPayment(context, approved)
  if (known === undefined) throw new Error('the template is not there')
  const aborted = await requestPayment(context, { request: known.request, merchant })
  await abortPayment(context, aborted.transactionId)
  return [
    { transactionId: approved, share: 80 },
    { transactionId: cancelled, share: 4 },
    { transactionId: partlyCancelled, share: 1 },
    { transactionId: declined, share: 5 },
    { transactionId: aborted.transactionId, share: 10 },
  ]
}

/** The form with which a shop's page opens the window. */
const writeForm = (number: number): string =>
  new URLSearchParams(requestForm({ orderId: `w${number}`, requestedAt: realRuntime.now() })).toString()

/**
 * Milliseconds to find and claim a batch of due notifications; they are due in the future, so that no worker claims
 * them.
 */
async function timeClaims(count: number): Promise<readonly number[]> {
  const { context, merchant } = gateway
  const then = realRuntime.now().getTime() + 365 * 24 * 60 * 60_000
  const notifications = Array.from({ length: count * 16 }, (_, number) => ({
    transactionId: `claimed-${then}-${number}`,
    sequence: 1,
    merchantId: 'claimshop1',
    paymentState: 'approved' as const,
    fields: {},
    enqueuedAt: new Date(then),
  }))
  await saveNotificationTarget(context, {
    merchantId: 'claimshop1',
    url: 'http://127.0.0.1:1/',
    charset: 'utf-8',
    intervalMinutes: 1,
    maxAttempts: 1,
    webhookKeys: [],
  })
  await context.storage.transact((transaction) => enqueueWithoutMove(transaction, context.keyRing, notifications))
  const durations: number[] = []
  const [now, until] = [new Date(then + 1), new Date(then + 60_000)]
  for (let claim = 0; claim < count; claim++) {
    const startedAt = performance.now()
    await nextNotification(context, now)
    const claimed = await claimNotifications(context, { now, until, limit: 16, except: [merchant.merchantId] })
    durations.push(performance.now() - startedAt)
    if (claimed.length !== 16) throw new Error(`${claimed.length} notifications were claimed`)
  }
  // By the primary key: looking for the merchant would read what is measured afterwards out of the memory of the
  // system.
  await context.storage.transact((transaction) =>
    transaction.write("delete from notifications where transaction_id >= 'claimed-' and transaction_id < 'claimed.'"),
  )
  return durations
}

const ownMicros = countOwnCpu()
process.on('message', async (question: Question) => {
  if (question.ask === 'templates') process.send?.(await makeTemplates())
  else if (question.ask === 'tickets') process.send?.(await makeTickets(gateway.context, question.count))
  else if (question.ask === 'forms')
    process.send?.(Array.from({ length: question.count }, (_, number) => writeForm(number)))
  else if (question.ask === 'cpu') process.send?.(ownMicros())
  else if (question.ask === 'claims') process.send?.(await timeClaims(question.count))
  else {
    await operator.close()
    await gateway.close()
    process.disconnect()
  }
})
process.send?.({ url: gateway.url, consoleUrl: operator.url } satisfies Started)
