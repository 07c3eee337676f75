import { DatabaseSync } from 'node:sqlite'
import {
  type ApprovedPayment,
  approve,
  cancel,
  compareWithOrder,
  createJournalTable,
  defineMerchant,
  isPaymentOf,
  type PaymentNotification,
  type RecoveryOptions,
  readNotification,
  receiveAuthentication,
  recordRefund,
  sqliteJournal,
  startRecovery,
} from '@sspay/merchant'

const { MERCHANT_KEY = '', ORDER_SIGNING_KEY = '', CANCEL_PASSWORD = '', WEBHOOK_KEY = '' } = process.env

const merchant = defineMerchant({
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  merchantKey: MERCHANT_KEY,
  environment: { origin: 'http://localhost:4610' },
  orderSignature: { keys: [ORDER_SIGNING_KEY] },
})

const db = new DatabaseSync('shop.db', { timeout: 5_000 })
db.exec(createJournalTable)
db.exec(`create table if not exists orders (
  order_id text primary key, amount integer not null, state text not null, transaction_id text unique
)`)
db.exec(`create table if not exists refunds (
  order_id text not null, sequence integer not null, amount integer not null, state text not null,
  primary key (order_id, sequence)
)`)
const journal = sqliteJournal(db)

interface Order {
  readonly orderId: string
  readonly amount: number
  readonly state: 'open' | 'paid'
  readonly transactionId: string | null
}

interface Refund {
  readonly orderId: string
  readonly sequence: number
  readonly amount: number
}

const findOrder = (orderId: string): Order | undefined =>
  db
    .prepare(
      'select order_id as orderId, amount, state, transaction_id as transactionId from orders where order_id = ?',
    )
    .get(orderId) as Order | undefined

function markOrderPaid(payment: ApprovedPayment | PaymentNotification): Promise<boolean> {
  return journal.markPaid(payment, (connection) => {
    connection
      .prepare(`update orders set state = 'paid', transaction_id = ? where order_id = ?`)
      .run(payment.transactionId, payment.orderId)
  })
}

export async function returnPage(request: Request): Promise<Response> {
  const order = findOrder(new URL(request.url).searchParams.get('order') ?? '')
  const arrival = await receiveAuthentication(merchant, request)
  if (arrival.outcome === 'redirect') return arrival.response
  if (order === undefined || arrival.outcome === 'rejected')
    return new Response('결제 정보를 읽지 못했어요.', { status: 400 })
  if (order.state === 'paid') return new Response('결제했어요.')
  if (!(await isPaymentOf(merchant, arrival.approvalTicket, order)))
    return new Response('이 주문의 결제가 아니거나 확인하지 못했어요.', { status: 400 })

  const { orderId, amount } = order
  const outcome = await approve(merchant, arrival.approvalTicket, { expected: { orderId, amount }, journal })
  switch (outcome.outcome) {
    case 'approved':
      await markOrderPaid(outcome.payment)
      if (findOrder(orderId)?.state === 'paid') return new Response('결제했어요.')
      return new Response('취소된 주문이에요. 결제한 금액은 모두 돌려드려요.')
    case 'declined':
      return new Response('결제하지 못했어요. 결제된 금액은 없어요.')
    case 'unknown':
      return new Response('결제 결과를 확인하고 있어요. 다시 결제하지 말아 주세요.')
  }
}

const recovery: RecoveryOptions = {
  journal,
  cancelPassword: CANCEL_PASSWORD,
  isWanted: ({ expected }) => findOrder(expected.orderId)?.state === 'open',
  async onOutcome(outcome) {
    switch (outcome.outcome) {
      case 'approved':
        await markOrderPaid(outcome.payment)
        return
      case 'declined':
      case 'cancelled':
        return
    }
  },
}

const recovering = startRecovery(merchant, {
  ...recovery,
  everyMs: 30_000,
  onReport: ({ pending }) => {
    for (const { transactionId, reason, cause } of pending)
      console.warn('pending payment', transactionId, reason, cause)
  },
  onError: (error) => console.error('recovery failed', error),
})
process.once('SIGTERM', () => void recovering.stop())

export async function notifyPage(request: Request): Promise<Response> {
  const reading = await readNotification(merchant, request, { webhookKeys: [WEBHOOK_KEY] })
  if (reading.outcome === 'rejected') return reading.answer()

  const { notification } = reading
  const order = findOrder(notification.orderId)
  if (order === undefined || compareWithOrder(notification, order) !== 'matches')
    return new Response('not our order', { status: 409 })
  if (notification.paymentState !== 'approved') await recordRefund(journal, notification)
  else if (order.state === 'open') await markOrderPaid(notification)
  return reading.answer()
}

export async function refund(orderId: string, amount: number): Promise<'refunded' | 'rejected' | 'asking'> {
  if (findOrder(orderId)?.state !== 'paid') return 'rejected'
  const sequence = nextRefund(orderId, amount)
  return sequence === undefined ? 'asking' : askRefund({ orderId, amount, sequence })
}

async function askRefund({ orderId, amount, sequence }: Refund): Promise<'refunded' | 'rejected' | 'asking'> {
  const order = findOrder(orderId)
  if (order === undefined || order.transactionId === null) throw new Error(`order ${orderId} was never paid`)
  const outcome = await cancel(merchant, {
    transactionId: order.transactionId,
    amount,
    isPartial: amount < order.amount,
    sequence,
    cancelPassword: CANCEL_PASSWORD,
    reason: '고객 요청',
  })
  switch (outcome.outcome) {
    case 'cancelled':
      if (amount === order.amount) await journal.recordOutcome(order.transactionId, 'cancelled')
      endRefund(orderId, sequence, 'done')
      return 'refunded'
    case 'rejected':
      endRefund(orderId, sequence, 'rejected')
      return 'rejected'
    case 'unknown':
      return 'asking'
  }
}

function nextRefund(orderId: string, amount: number): number | undefined {
  const row = db
    .prepare(
      `insert into refunds (order_id, sequence, amount, state)
        select ?1, coalesce(max(sequence), 0) + 1, ?2, 'asked' from refunds where order_id = ?1
        having count(*) filter (where state = 'asked') = 0
        returning sequence`,
    )
    .get(orderId, amount)
  return row === undefined ? undefined : Number(row.sequence)
}

export async function askOpenRefunds(): Promise<void> {
  const open = db.prepare(
    `select order_id as orderId, sequence, amount from refunds where state = 'asked' order by order_id`,
  )
  for (const refund of open.all()) await askRefund(refund as unknown as Refund)
}

const endRefund = (orderId: string, sequence: number, state: 'done' | 'rejected'): unknown =>
  db.prepare('update refunds set state = ? where order_id = ? and sequence = ?').run(state, orderId, sequence)
