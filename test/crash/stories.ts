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
  deleteUntilKnown,
  inquireOnce,
  letTimePass,
  openWindow,
  shopOf,
} from './clients.ts'
import type { Dice } from './dice.ts'
import type { World } from './world.ts'

/** What one customer of one shop does, with what must be true at its end; kills may happen at any point of it. */
export type Story = (world: World, dice: Dice) => Promise<void>

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

/** Somebody new, who no other story knows. */
function newCustomer(dice: Dice): Customer {
  customers += 1
  const customerId = `crash${customers}x${dice.below(1_000_000)}`
  const buyer = newBuyer(realRuntime, { customerId, installmentMonths: 0 })
  return { buyer, orderId: `order-${customerId}`, amount: 1_000 + dice.below(40_000) }
}

function formOf(world: World, { buyer, orderId, amount }: Customer): WireText {
  const order = { orderId, amount, customerId: buyer.customerId, goodsName: '커피', buyerName: buyer.name }
  const urls = { returnUrl: 'https://shop.example/return', abortUrl: 'https://shop.example/stop' }
  const buyerFields = { buyerPhone: buyer.phone, buyerEmail: buyer.email }
  return createPaymentForm(shopOf(world), { ...order, ...buyerFields, ...urls }, { device: 'mobile' }).fields
}

const memberOf = ({ members }: Snapshot, { buyer }: Customer) =>
  members.find((member) => (member.pending_customer_id ?? member.customer_id) === buyer.customerId)

const stateOf = (world: World, transactionId: string): PaymentState | undefined =>
  takeSnapshot(world).payments.find(({ transaction_id }) => transaction_id === transactionId)?.state

/** A page that came after a step acknowledges it: from then on it must be in the tables, whoever dies. */
function requireAcknowledged(world: World, customer: Customer, step: string): void {
  const known = ['card', 'password-set', 'password-repeat', 'password', 'confirm']
  if (!known.includes(step)) return
  const snapshot = takeSnapshot(world)
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

/** Nobody is asked twice for what was acknowledged. */
function watchOrder(world: World, customer: Customer): (step: string) => void {
  // A window that died over the new password knows that there is one, not that this buyer has set it: it asks for it.
  const order = ['terms', 'identity', 'identity-code', 'card', 'password-set', 'password-repeat', 'password', 'confirm']
  let furthest = 0
  return (step) => {
    const at = order.indexOf(step === 'resend-code' ? 'identity-code' : step)
    assert.ok(at >= furthest, `${step} is asked again after ${order[furthest]}`)
    furthest = at
    requireAcknowledged(world, customer, step)
  }
}

async function joinAndPay(world: World, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const window = await openWindow(world, formOf(world, customer))
  const ticket = await window.walk({ buyer: customer.buyer, onStep: watchOrder(world, customer) })
  assert.equal(stateOf(world, ticket.transactionId), 'authenticated')
  await approveAndTell(world, ticket, customer, 'approved')
}

/** The outcome, once told, is what stands in the tables and in the network's ledger, and stays. */
async function approveAndTell(
  world: World,
  ticket: Ticket,
  { amount, orderId }: Customer,
  wanted: PaymentState,
): Promise<PaymentState> {
  const finished = await approveUntilKnown(world, ticket, { amount, orderId })
  const state = stateOf(world, ticket.transactionId) ?? 'requested'
  // Who dies, or is too busy, before the network has heard of the payment leaves nothing to approve: it is reversed, and the shop is told.
  const wasSilent = takeSnapshot(world).events.some(
    ({ transaction_id, event }) => transaction_id === ticket.transactionId && event === 'networkSilent',
  )
  const mayBe = wasSilent ? [wanted, 'reversed'] : [wanted]
  assert.ok(mayBe.includes(state), `${ticket.transactionId} is ${state}, not ${mayBe}`)
  assert.equal(finished.outcome, state === 'reversed' ? 'declined' : state, 'the shop heard something else')
  await requireTold(world, ticket)
  const again = await inquireOnce(world, ticket, { amount, orderId })
  assert.equal(again.outcome, finished.outcome, 'the inquiry tells the same')
  return state
}

/** Every notice of the payment arrives, in time also when a gateway dies over it, and is then done with. */
async function requireTold(world: World, { transactionId }: Ticket): Promise<void> {
  const waiting = () =>
    takeSnapshot(world).notifications.filter((row) => row.transaction_id === transactionId && row.state !== 'delivered')
  for (let looks = 0; looks < 8 && waiting().length > 0; looks++)
    await world.until(() => letTimePass(world, looks === 0 ? 1_000 : 35_000, 'notify'))
  assert.deepEqual(waiting(), [], 'a notice was not delivered')
  const told = takeSnapshot(world).notifications.filter((row) => row.transaction_id === transactionId)
  const heard = world.notifications.filter((body) => body.includes(transactionId))
  assert.ok(heard.length >= told.length, `${told.length} notices are delivered, the shop heard ${heard.length}`)
}

class EnoughTries extends Error {}

async function returnWithPassword(world: World, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const { customerId } = customer.buyer
  await register(world, customerId)
  const window = await openWindow(world, formOf(world, customer))
  let sent = 0
  let pages = 0
  const tries = window.walk({
    buyer: { ...customer.buyer, password: '583016' },
    label: 'password-wrong',
    onStep() {
      const failed = memberOf(takeSnapshot(world), customer)?.failed_attempts ?? 0
      assert.ok(failed <= sent, `${failed} wrong passwords counted, ${sent} were sent`)
      pages += 1
      if (failed > 0) throw new EnoughTries()
      sent += 1
    },
  })
  await assert.rejects(tries, EnoughTries)
  const counted = memberOf(takeSnapshot(world), customer)?.failed_attempts ?? 0
  assert.ok(counted > 0 && pages > 1, 'the wrong password that was told is counted')
  // The right password takes back its own try alone, and not even that when the process dies over it.
  const isKept = (): void => {
    const failed = memberOf(takeSnapshot(world), customer)?.failed_attempts ?? 0
    assert.ok(failed >= counted, `the count of wrong passwords went from ${counted} to ${failed}`)
  }
  const ticket = await window.walk({ buyer: customer.buyer, onStep: isKept })
  isKept()
  await approveAndTell(world, ticket, customer, 'approved')
}

const register = (world: World, customerId: string): Promise<void> =>
  world.until(async () => {
    await world.begin('register')
    await world.child().ask({ verb: 'register', customerId, cardNumber: approvingCard, password: buyerPassword })
  })

const payQuickly = (world: World, { buyer, orderId, amount }: Customer, cardNumber = approvingCard): Promise<Ticket> =>
  world.until(async () => {
    await world.begin('quick')
    return world.child().ask({ verb: 'pay', amount, orderId, customerId: buyer.customerId, cardNumber })
  })

const payWith =
  (cardNumber: string, wanted: PaymentState): Story =>
  async (world, dice) => {
    const customer = newCustomer(dice)
    await approveAndTell(world, await payQuickly(world, customer, cardNumber), customer, wanted)
  }

async function cancelInParts(world: World, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const ticket = await payQuickly(world, customer)
  if ((await approveAndTell(world, ticket, customer, 'approved')) === 'reversed') return
  const { transactionId } = ticket
  const part = 100 + dice.below(800)
  const first = await cancelUntilKnown(world, 'cancel-part', {
    transactionId,
    amount: part,
    isPartial: true,
    sequence: 1,
  })
  assert.equal(first.outcome, 'cancelled')
  assert.equal(stateOf(world, transactionId), 'partiallyCancelled')
  const rest = { transactionId, amount: customer.amount - part, isPartial: true, sequence: 2 }
  const second = await cancelUntilKnown(world, 'cancel-rest', rest)
  assert.equal(second.outcome, 'cancelled')
  assert.equal(stateOf(world, transactionId), 'cancelled')
  await requireTold(world, ticket)
}

async function cancelInFull(world: World, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const ticket = await payQuickly(world, customer)
  if ((await approveAndTell(world, ticket, customer, 'approved')) === 'reversed') return
  const whole = { transactionId: ticket.transactionId, amount: customer.amount, sequence: 1 }
  assert.equal((await cancelUntilKnown(world, 'cancel-full', whole)).outcome, 'cancelled')
  assert.equal(stateOf(world, ticket.transactionId), 'cancelled')
  await requireTold(world, ticket)
}

async function deleteMemberOnce(world: World, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const { customerId } = customer.buyer
  await register(world, customerId)
  const deleted = await deleteUntilKnown(world, customerId)
  assert.equal(deleted.outcome, 'deleted', JSON.stringify(deleted))
  assert.ok(deleted.outcome === 'deleted' && deleted.hadCard)
  assert.equal(memberOf(takeSnapshot(world), customer), undefined)
}

async function abort(world: World, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  const window = await openWindow(world, formOf(world, customer))
  await world.until(async () => {
    const url = `${world.child().url}${window.path}`
    await postForm({ url, body: 'step=abort', origin: world.child().url, cookies: window.cookies })
  })
  const states = takeSnapshot(world).payments.filter(({ order_id }) => order_id === customer.orderId)
  assert.ok(
    states.some(({ state }) => state === 'aborted'),
    'the buyer was told that the payment is stopped',
  )
  const page = await world.until(() => openPage(`${world.child().url}${window.path}`, window.cookies))
  assert.equal(page.status, 200)
}

async function expire(world: World, dice: Dice): Promise<void> {
  const customer = newCustomer(dice)
  await openWindow(world, formOf(world, customer))
  await world.until(() => letTimePass(world, 31 * 60_000, 'expire'))
  await world.until(() => letTimePass(world, 3_000, 'expire'))
  const states = takeSnapshot(world).payments.filter(({ order_id }) => order_id === customer.orderId)
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
  abort,
  expire,
}
