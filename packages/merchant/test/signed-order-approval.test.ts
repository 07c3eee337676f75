import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { resultCodes, type WireText } from '@sspay/protocol'
import { approve, createPaymentForm, defineMerchant, memoryJournal, recover } from '../src/index.ts'
import { answering, httpAnswer } from './loopback.ts'
import { approvedAnswer, config, expected, order, ticket, transactionId } from './samples.ts'

const orderSignature = { keys: ['signing-key-of-the-approving-shop'] } as const
const signed = createPaymentForm(defineMerchant({ ...config, orderSignature }), {
  ...order,
  merchantNote: '달빛 상점',
})
const { MallReserved } = signed.fields
const now = (): Date => new Date('2025-01-02T03:05:00+09:00')

const notApprovedYet = (changes: WireText = {}): string =>
  JSON.stringify({
    ResultCode: 'S105',
    ResultMsg: '아직 승인하지 않은 거래입니다.',
    Tid: transactionId,
    Mid: 'ssptest01m',
    Moid: 'ORD0001',
    Amt: '1004',
    MallUserId: 'user0001',
    MallReserved,
    ...changes,
  })

interface Answers {
  readonly inquiry: string | undefined
  readonly approval: string
}

/** A service that answers so, a merchant that signs orders, and what was asked for. */
async function openService(t: TestContext, { inquiry, approval }: Answers) {
  const asked: string[] = []
  const origin = await answering(t, (socket, request) => {
    const name = request.includes('approvalInquiry') ? 'inquiry' : 'approval'
    asked.push(name)
    const body = name === 'inquiry' ? inquiry : approval
    socket.end(httpAnswer(body === undefined ? { status: '404 Not Found', body: 'no such page' } : { body }))
  })
  const merchant = defineMerchant({ ...config, environment: { origin }, orderSignature, now })
  const journal = memoryJournal()
  const outcome = await approve(merchant, ticket(), { expected, journal })
  return { outcome, asked, merchant, journal }
}

const right = approvedAnswer({ MallReserved, MerchantReserved: MallReserved })

test('a signed order is checked, then approved, and the shop gets its own note back', async (t) => {
  const { outcome, asked } = await openService(t, { inquiry: notApprovedYet(), approval: right })
  assert.equal(outcome.outcome === 'approved' && outcome.payment.merchantNote, '달빛 상점')
  assert.deepEqual(asked, ['inquiry', 'approval'])
})

const tampered: readonly (readonly [WireText, string])[] = [
  [{ Moid: 'ORD0002' }, 'order_differs'],
  [{ Amt: '1' }, 'amount_differs'],
  [{ MallUserId: 'user0002' }, 'customer_differs'],
  [{ MallReserved: undefined }, 'order_signature_missing'],
  [{ MallReserved: `${MallReserved?.slice(0, 60)}A${MallReserved?.slice(61)}` }, 'order_signature_broken'],
]

for (const [changes, tampering] of tampered) {
  test(`found before the approval: ${tampering}: no approval is asked for`, async (t) => {
    const { outcome, asked, journal } = await openService(t, { inquiry: notApprovedYet(changes), approval: right })
    assert.equal(outcome.outcome, 'declined')
    assert.deepEqual([outcome.reason, outcome.tampering], ['order_tampered', tampering])
    assert.match(outcome.message.ko, /결제하지 않았습니다/)
    assert.deepEqual(asked, ['inquiry'])
    assert.deepEqual(await journal.pending(), [])
  })
}

const silentAboutOrders: readonly (readonly [string, string | undefined])[] = [
  ['has no inquiry', undefined],
  ['answers an inquiry with a code of its own', '{"ResultCode":"9999","ResultMsg":"?"}'],
  ['tells nothing of the order', '{"ResultCode":"S105","ResultMsg":"not yet"}'],
]

for (const [name, inquiry] of silentAboutOrders) {
  test(`a service that ${name} is asked for the approval, and its answer is compared`, async (t) => {
    const approved = await openService(t, { inquiry, approval: right })
    assert.equal(approved.outcome.outcome, 'approved')

    const changed = approvedAnswer({ MallReserved, MallUserId: 'user0002' })
    const found = await openService(t, { inquiry, approval: changed })
    assert.equal(found.outcome.outcome, 'unknown')
    const { cause, next, tampering } = found.outcome
    assert.deepEqual([cause, next, tampering], ['order_tampered', 'investigate', 'customer_differs'])
    assert.equal((await found.journal.pending()).length, 1, 'recover sees to it')
  })
}

test('an order note that expires between inquiry and approval leaves no money behind: the order is paid', async (t) => {
  const expiredBy = approvedAnswer({ MallReserved, AuthDate: '250103030406' })
  const { outcome } = await openService(t, { inquiry: notApprovedYet(), approval: expiredBy })
  assert.equal(outcome.outcome, 'approved')
})

const foreign = createPaymentForm(defineMerchant({ ...config, orderSignature }), {
  ...order,
  orderId: 'ORD0002',
}).fields

test('the approved payment of another order leaves nothing in the journal of this one', async (t) => {
  const paid = approvedAnswer({ Moid: 'ORD0002', MallReserved: foreign.MallReserved })
  for (const inquiry of [paid, approvedAnswer({ MallReserved: undefined })]) {
    const { outcome, asked, journal } = await openService(t, { inquiry, approval: right })
    assert.equal(outcome.outcome, 'unknown')
    assert.deepEqual(asked, ['inquiry'])
    assert.equal(await journal.find(transactionId), undefined)
  }
})

test('a ticket that the service does not know leaves nothing in the journal', async (t) => {
  const inquiry = JSON.stringify({ ResultCode: resultCodes.approval_ticket_unknown.code, ResultMsg: '?' })
  const { outcome, journal } = await openService(t, { inquiry, approval: right })
  assert.equal(outcome.outcome, 'declined')
  assert.equal(await journal.find(transactionId), undefined)
})

test('a customer id that cannot be read is another customer', async (t) => {
  const { outcome, asked } = await openService(t, {
    inquiry: notApprovedYet({ MallUserId: 'user-0001' }),
    approval: right,
  })
  assert.partialDeepStrictEqual(outcome, { outcome: 'declined', tampering: 'customer_differs' })
  assert.deepEqual(asked, ['inquiry'])
})

test('an order charged within its time stays right, however late the shop asks', async (t) => {
  const { merchant, journal, outcome } = await openService(t, { inquiry: right, approval: right })
  assert.equal(outcome.outcome, 'approved')
  const muchLater = defineMerchant({
    ...config,
    environment: { origin: new URL(merchant.endpoints.approval).origin },
    orderSignature,
    now: () => new Date('2025-02-02T03:05:00+09:00'),
  })
  const outcomes: string[] = []
  await recover(muchLater, {
    journal,
    isWanted: () => true,
    onOutcome: (recovered) => void outcomes.push(recovered.outcome),
  })
  assert.deepEqual(outcomes, ['approved'])
})
