import assert from 'node:assert/strict'
import { realRuntime } from '@sspay/gateway'
import { createPaymentForm } from '@sspay/merchant'
import type { WireText } from '@sspay/protocol'
import type { PaymentState } from '../../packages/gateway/src/approval/transitions.ts'
import { openPage, postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import { type Buyer, buyerPassword, newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import type { Ticket } from '../support/quick-payment.ts'
import { type Snapshot, takeSnapshot } from './audit.ts'
import {
  approveUntilKnown,
  cancelUntilKnown,
  chargeUntilKnown,
  deleteUntilKnown,
  inquireOnce,
  issueBillKey,
  letTimePass,
  openWindow,
  shopOf,
} from './clients.ts'
import type { Dice } from './dice.ts'
import type { Fixture } from './fixture.ts'

/** A scenario of one customer with its assertions; kills may happen at any point. */
export type Story = (fixture: Fixture, dice: Dice) => Promise<void>

const approvingCard = '9406000000000001'
const silentCard = '9406000040000003'
const lateCard = '9406000050000000'
const decliningCard = '9406000030950001'

let customers = 0

interface Customer {
  readonly buyer: Buyer
  readonly orderId: string
  readonly amount: number
}

/** A customer of this scenario only. */
function newCustomer(dice: Dice): Customer {
  customers += 1
  const customerId = `crash${customers}x${dice.below(1_000_000)}`
  const buyer = newBuyer(realRuntime, { customerId, installmentMonths: 0 })
  return { buyer, orderId: `order-${customerId}`, amount: 1_000 + dice.below(40_000) }
}

function formOf(fixture: Fixture, { buyer, orderId, amount }: Customer): WireText {
  const order = { orderId, amount, customerId: buyer.customerId, goodsName: '커피', buyerName: buyer.name }
  const urls = { returnUrl: 'https://shop.example/return', abortUrl: 'https://shop.example/stop' }
  const buyerFields = { buyerPhone: buyer.phone, buyerEmail: buyer.email }
  return createPaymentForm(shopOf(fixture), { ...order, ...buyerFields, ...urls }, { device: 'mobile' }).fields
}

const memberOf = ({ members }: Snapshot, { buyer }: Customer) =>
  members.find((member) => (member.pending_customer_id ?? member.customer_id) === buyer.customerId)

const stateOf = (fixture: Fixture, transactionId: string): PaymentState | undefined =>
  takeSnapshot(fixture).payments.find(({ transaction_id }) => transaction_id === transactionId)?.state

/** A page after a step acknowledges the step: it must survive every kill. */
function requireAcknowledged(fixture: Fixture, customer: Customer, step: string): void {
  const known = ['card', 'password-set', 'password-repeat', 'password', 'confirm']
  if (!known.includes(step)) return
  const snapshot = takeSnapshot(fixture)
  const member = memberOf(snapshot, customer)
  assert.ok(member, `the page ${step} came, and there is no member`)
  if (step === 'card') return
  assert.ok(
    snapshot.cards.some(({ member_id }) => member_id === member.member_id),
    `${step} came without a card`,
  )
  if (step === 'confirm' || step === 'password')
    assert.notEqual(member.password_hash, null, `${step} came without a password`)
}

/** An acknowledged step is never asked for again. */
function watchOrder(fixture: Fixture, customer: Customer): (step: string) => void {
  // A window that died over the new password knows that there is one, not that this buyer has set it: it asks for it.
  const order = ['terms', 'identity', 'identity-code', 'card', 'password-set', 'password-repeat', 'password', 'confirm']
  let furthest = 0
  return (step) => {
    const at = order.indexOf(step === 'resend-code' ? 'identity-code' : step)
    assert.ok(at >= furthest, `${step} is asked again after ${order[furthest]}`)
    furthest = at
    requireAcknowledged(fixture, customer, step)
  }
}

async function joinAndPay(fixture: Fixture, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const window = await openWindow(fixture, formOf(fixture, customer))
  const ticket = await window.walk({ buyer: customer.buyer, onStep: watchOrder(fixture, customer) })
  assert.equal(stateOf(fixture, ticket.transactionId), 'authenticated')
  await approveAndTell(fixture, ticket, customer, 'approved')
}

/** An acknowledged outcome is the one in the tables and in the ledger of the network, and stays. */
async function approveAndTell(
  fixture: Fixture,
  ticket: Ticket,
  { amount, orderId }: Customer,
  wanted: PaymentState,
): Promise<PaymentState> {
  const finished = await approveUntilKnown(fixture, ticket, { amount, orderId })
  const state = stateOf(fixture, ticket.transactionId) ?? 'requested'
  // Who dies, or is too busy, before the network received the payment leaves nothing to approve: it is reversed, and
  // the shop is notified.
  const wasSilent = takeSnapshot(fixture).events.some(
    ({ transaction_id, event }) => transaction_id === ticket.transactionId && event === 'networkSilent',
  )
  const mayBe = wasSilent ? [wanted, 'reversed'] : [wanted]
  assert.ok(mayBe.includes(state), `${ticket.transactionId} is ${state}, not ${mayBe}`)
  assert.equal(finished.outcome, state === 'reversed' ? 'declined' : state, 'the shop received something else')
  await requireNotified(fixture, ticket)
  const again = await inquireOnce(fixture, ticket, { amount, orderId })
  assert.equal(again.outcome, finished.outcome, 'the inquiry tells the same')
  return state
}

/** Every notification of the payment arrives, in time also when a gateway dies over it, and is then done with. */
async function requireNotified(fixture: Fixture, { transactionId }: Ticket): Promise<void> {
  const waiting = () =>
    takeSnapshot(fixture).notifications.filter(
      (row) => row.transaction_id === transactionId && row.state !== 'delivered',
    )
  for (let looks = 0; looks < 8 && waiting().length > 0; looks++)
    await fixture.until(() => letTimePass(fixture, looks === 0 ? 1_000 : 35_000, 'notify'))
  assert.deepEqual(waiting(), [], 'a notification was not delivered')
  const delivered = takeSnapshot(fixture).notifications.filter((row) => row.transaction_id === transactionId)
  const received = fixture.notifications.filter((body) => body.includes(transactionId))
  assert.ok(
    received.length >= delivered.length,
    `${delivered.length} notifications are delivered, the shop received ${received.length}`,
  )
}

class EnoughTries extends Error {}

async function returnWithPassword(fixture: Fixture, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const { customerId } = customer.buyer
  await register(fixture, customerId)
  const window = await openWindow(fixture, formOf(fixture, customer))
  let sent = 0
  let pages = 0
  const tries = window.walk({
    buyer: { ...customer.buyer, password: '583016' },
    label: 'password-wrong',
    onStep() {
      const failed = memberOf(takeSnapshot(fixture), customer)?.failed_attempts ?? 0
      assert.ok(failed <= sent, `${failed} wrong passwords counted, ${sent} were sent`)
      pages += 1
      if (failed > 0) throw new EnoughTries()
      sent += 1
    },
  })
  await assert.rejects(tries, EnoughTries)
  const counted = memberOf(takeSnapshot(fixture), customer)?.failed_attempts ?? 0
  assert.ok(counted > 0 && pages > 1, 'an acknowledged wrong password is counted')
  // The right password takes back its own try alone, and not even that when the process dies over it.
  const isKept = (): void => {
    const failed = memberOf(takeSnapshot(fixture), customer)?.failed_attempts ?? 0
    assert.ok(failed >= counted, `the count of wrong passwords went from ${counted} to ${failed}`)
  }
  const ticket = await window.walk({ buyer: customer.buyer, onStep: isKept })
  isKept()
  await approveAndTell(fixture, ticket, customer, 'approved')
}

const register = (fixture: Fixture, customerId: string): Promise<void> =>
  fixture.until(async () => {
    await fixture.begin('register')
    await fixture.child().ask({ verb: 'register', customerId, cardNumber: approvingCard, password: buyerPassword })
  })

const payQuickly = (
  fixture: Fixture,
  { buyer, orderId, amount }: Customer,
  cardNumber = approvingCard,
): Promise<Ticket> =>
  fixture.until(async () => {
    await fixture.begin('quick')
    return fixture.child().ask({ verb: 'pay', amount, orderId, customerId: buyer.customerId, cardNumber })
  })

const payWith =
  (cardNumber: string, wanted: PaymentState): Story =>
  async (fixture, dice) => {
    const customer = newCustomer(dice)
    await approveAndTell(fixture, await payQuickly(fixture, customer, cardNumber), customer, wanted)
  }

async function cancelInParts(fixture: Fixture, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const ticket = await payQuickly(fixture, customer)
  if ((await approveAndTell(fixture, ticket, customer, 'approved')) === 'reversed') return
  const { transactionId } = ticket
  const part = 100 + dice.below(800)
  const first = await cancelUntilKnown(fixture, 'cancel-part', {
    transactionId,
    amount: part,
    isPartial: true,
    sequence: 1,
  })
  assert.equal(first.outcome, 'cancelled')
  assert.equal(stateOf(fixture, transactionId), 'partiallyCancelled')
  const rest = { transactionId, amount: customer.amount - part, isPartial: true, sequence: 2 }
  const second = await cancelUntilKnown(fixture, 'cancel-rest', rest)
  assert.equal(second.outcome, 'cancelled')
  assert.equal(stateOf(fixture, transactionId), 'cancelled')
  await requireNotified(fixture, ticket)
}

async function cancelInFull(fixture: Fixture, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const ticket = await payQuickly(fixture, customer)
  if ((await approveAndTell(fixture, ticket, customer, 'approved')) === 'reversed') return
  const whole = { transactionId: ticket.transactionId, amount: customer.amount, sequence: 1 }
  assert.equal((await cancelUntilKnown(fixture, 'cancel-full', whole)).outcome, 'cancelled')
  assert.equal(stateOf(fixture, ticket.transactionId), 'cancelled')
  await requireNotified(fixture, ticket)
}

async function deleteMemberOnce(fixture: Fixture, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const { customerId } = customer.buyer
  await register(fixture, customerId)
  const deleted = await deleteUntilKnown(fixture, customerId)
  assert.equal(deleted.outcome, 'deleted', JSON.stringify(deleted))
  assert.ok(deleted.outcome === 'deleted' && deleted.hadCard)
  assert.equal(memberOf(takeSnapshot(fixture), customer), undefined)
}

/** One payment of its order, however often the charge was asked for. */
async function charge(fixture: Fixture, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const { customerId } = customer.buyer
  const { orderId, amount } = customer
  await register(fixture, customerId)
  const billKey = await issueBillKey(fixture, customer.buyer, silentOrNot(dice))
  const details = { customerId, goodsName: '월간 구독', buyerName: '김구독' }
  const finished = await chargeUntilKnown(fixture, { billKey, orderId, amount, ...details })
  const payments = takeSnapshot(fixture).payments.filter(({ order_id }) => order_id === orderId)
  const held = payments.filter(({ state }) => state === 'approved')
  assert.ok(payments.length === 1, `${payments.length} payments of one charge`)
  assert.equal(held.length, finished.outcome === 'approved' ? 1 : 0, 'the shop received something else')
}

const silentOrNot = (dice: Dice): string => (dice.below(4) === 0 ? silentCard : approvingCard)

async function abort(fixture: Fixture, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const window = await openWindow(fixture, formOf(fixture, customer))
  await fixture.until(async () => {
    const url = `${fixture.child().url}${window.path}`
    await postForm({ url, body: 'step=abort', origin: fixture.child().url, cookies: window.cookies })
  })
  const states = takeSnapshot(fixture).payments.filter(({ order_id }) => order_id === customer.orderId)
  assert.ok(
    states.some(({ state }) => state === 'aborted'),
    'the buyer saw that the payment was aborted',
  )
  const page = await fixture.until(() => openPage(`${fixture.child().url}${window.path}`, window.cookies))
  assert.equal(page.status, 200)
}

async function expire(fixture: Fixture, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  await openWindow(fixture, formOf(fixture, customer))
  await fixture.until(() => letTimePass(fixture, 31 * 60_000, 'expire'))
  await fixture.until(() => letTimePass(fixture, 3_000, 'expire'))
  const states = takeSnapshot(fixture).payments.filter(({ order_id }) => order_id === customer.orderId)
  assert.deepEqual([...new Set(states.map(({ state }) => state))], ['expired'])
}

export const stories: Readonly<Record<string, Story>> = {
  join: joinAndPay,
  return: returnWithPassword,
  approve: payWith(approvingCard, 'approved'),
  decline: payWith(decliningCard, 'declined'),
  late: payWith(lateCard, 'approved'),
  silent: payWith(silentCard, 'reversed'),
  'cancel-parts': cancelInParts,
  'cancel-full': cancelInFull,
  'delete-member': deleteMemberOnce,
  charge,
  abort,
  expire,
}
