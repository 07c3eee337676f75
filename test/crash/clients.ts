import {
  type Approved,
  approve,
  type BillKeyCharge,
  type Cancellation,
  type Cancelled,
  type CancelRejected,
  cancel,
  chargeBillKey,
  type Declined,
  type DeletionOutcome,
  defineMerchant,
  deleteMember,
  type ExpectedPayment,
  type InquiryOutcome,
  inquire,
  type Merchant,
  memoryJournal,
  nodeTransport,
  registerBillKey,
} from '@sspay/merchant'
import { authenticationResult, type WireText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { openPage, postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import type { Buyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import type { CookieJar } from '../../packages/sandbox/src/buyer/cookie-jar.ts'
import { walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { readTicket, type Ticket } from '../support/quick-payment.ts'
import { ConnectionBroken, type Fixture } from './fixture.ts'

/** The shop's SDK, which finds the gateway wherever it listens at the moment. */
export function shopOf(fixture: Fixture): Merchant {
  const { merchantId, easyPayMerchantId, merchantKey } = testMerchant
  const send = nodeTransport()
  return defineMerchant({
    merchantId,
    easyPayMerchantId,
    merchantKey: merchantKey.expose(),
    environment: { origin: fixture.child().url },
    orderSignature: 'off_and_orders_can_be_tampered_with',
    now: fixture.now,
    connectTimeoutMs: 5_000,
    readTimeoutMs: 20_000,
    transport: (request) => send({ ...request, url: `${fixture.child().url}${new URL(request.url).pathname}` }),
  })
}

const brokenCauses: ReadonlySet<string> = new Set(['unreachable', 'interrupted'])

/**
 * When an outcome is unknown, these clients check whether the gateway still runs.
 */
function requireAnswered<Outcome extends { readonly outcome: string }>(outcome: Outcome): Outcome {
  const { cause } = outcome as { readonly cause?: string }
  if (outcome.outcome === 'unknown' && brokenCauses.has(cause ?? '')) throw new ConnectionBroken(cause)
  return outcome
}

export type Finished = Exclude<InquiryOutcome, { outcome: 'unknown' } | { outcome: 'not_approved_yet' }>

const retryBudget = 40

/**
 * Approves as a shop does that must know: approve, and while that is unknown let the gateway's work in the background
 * go on, inquire, and approve again when nothing was approved. `flow` names the first call.
 */
export async function approveUntilKnown(
  fixture: Fixture,
  ticket: Ticket,
  expected: ExpectedPayment,
  flow = 'approve',
): Promise<Finished> {
  const paymentTicket = readTicket(ticket)
  let asksFirst = true
  for (let round = 0; round < retryBudget; round++) {
    const found = await fixture.until(async () => {
      const shop = shopOf(fixture)
      if (!asksFirst) await letTimePass(fixture, 2_500)
      await fixture.begin(asksFirst ? flow : 'ask-again')
      const asks = asksFirst
      asksFirst = false
      const outcome = asks
        ? await approve(shop, paymentTicket, { expected, journal: memoryJournal() })
        : await inquire(shop, paymentTicket, { expected })
      return requireAnswered(outcome)
    })
    if (found.outcome === 'not_approved_yet') asksFirst = true
    else if (found.outcome !== 'unknown') return found
  }
  throw new Error(`${ticket.transactionId}: the shop never learns what became of its payment`)
}

/**
 * A second card of a member, whose key the shop may charge. Asked for again by its own order number: another key. The
 * card network may be too slow to verify the card.
 */
export async function issueBillKey(fixture: Fixture, buyer: Buyer, cardNumber: string): Promise<string> {
  for (let round = 0; round < retryBudget; round++) {
    const issued = await fixture.until(async () => {
      await fixture.begin('bill-key')
      const card = { cardNumber, cardExpiry: '3912', cardPasswordPrefix: '12' }
      const { customerId, birthDate: birthDateOrBusinessNumber } = buyer
      const registration = { ...card, orderId: `card-${customerId}`, customerId, birthDateOrBusinessNumber }
      return requireAnswered(await registerBillKey(shopOf(fixture), registration))
    })
    if (issued.outcome === 'issued') return issued.exposeBillKey()
    if (issued.outcome !== 'unknown') throw new Error(`no bill key: ${JSON.stringify(issued)}`)
  }
  throw new Error(`${buyer.customerId}: the card is never verified`)
}

/** The same charge until its outcome is known, as a cron job that runs again. */
export async function chargeUntilKnown(fixture: Fixture, charge: BillKeyCharge): Promise<Approved | Declined> {
  const journal = memoryJournal()
  for (let round = 0; round < retryBudget; round++) {
    const outcome = await fixture.until(async () => {
      if (round > 0) await letTimePass(fixture, 2_500)
      await fixture.begin(round === 0 ? 'charge' : 'charge-again')
      return requireAnswered(await chargeBillKey(shopOf(fixture), charge, { journal }))
    })
    if (outcome.outcome !== 'unknown') return outcome
  }
  throw new Error(`${charge.orderId}: the shop never learns what became of its charge`)
}

/** Advances the gateway's clock and runs what is due in the background by then. */
export async function letTimePass(fixture: Fixture, durationMs: number, flow = 'resolve'): Promise<void> {
  await fixture.begin(flow)
  await fixture.advance(durationMs)
  await fixture.runDue()
}

export async function inquireOnce(
  fixture: Fixture,
  ticket: Ticket,
  expected: ExpectedPayment,
): Promise<InquiryOutcome> {
  return fixture.until(async () => {
    await fixture.begin('inquiry')
    return requireAnswered(await inquire(shopOf(fixture), readTicket(ticket), { expected }))
  })
}

/** Cancels until the answer is certain, with the same sequence each time. */
export async function cancelUntilKnown(
  fixture: Fixture,
  flow: string,
  cancellation: Omit<Cancellation, 'cancelPassword' | 'reason'>,
): Promise<Cancelled | CancelRejected> {
  const cancelPassword = testMerchant.cancelPassword.expose()
  for (let round = 0; round < retryBudget; round++) {
    const outcome = await fixture.until(async () => {
      await fixture.begin(flow)
      return requireAnswered(await cancel(shopOf(fixture), { ...cancellation, cancelPassword, reason: '시험' }))
    })
    if (outcome.outcome !== 'unknown') return outcome
    await fixture.until(() => letTimePass(fixture, 2_500))
  }
  throw new Error(`${cancellation.transactionId}: the shop never learns what became of its cancellation`)
}

/** The same note each time makes it the same request. */
export async function deleteUntilKnown(fixture: Fixture, customerId: string): Promise<DeletionOutcome> {
  return fixture.until(async () => {
    await fixture.begin('delete-member')
    return requireAnswered(await deleteMember(shopOf(fixture), customerId, { merchantNote: `delete ${customerId}` }))
  })
}

export interface WindowVisit {
  readonly buyer: Buyer
  /** Names the step that it begins with, where the step alone says too little. */
  readonly label?: string
  /** Receives each page before it is filled in; throwing ends the visit. */
  readonly onStep?: (step: string) => void
}

/** The window as one buyer sees it, across the gateway's deaths. */
export interface OpenWindow {
  /** Path of the window once its first page has arrived. */
  readonly path: string
  /** Of the browser that opened it. */
  readonly cookies: CookieJar
  /** Walks on from the page of this moment. */
  walk(visit: WindowVisit): Promise<Ticket>
}

const shopOrigin = 'https://shop.example'

export async function openWindow(fixture: Fixture, form: WireText): Promise<OpenWindow> {
  const { path, cookies } = await fixture.until(async () => {
    await fixture.begin('open')
    const page = await postForm({
      url: `${fixture.child().url}/ssp/reqPay.do`,
      body: encodeForm(form, 'utf-8'),
      origin: shopOrigin,
    })
    if (page.status !== 200) throw new Error(`the window does not open: HTTP ${page.status} ${page.html.slice(0, 400)}`)
    return { path: new URL(page.url).pathname, cookies: page.cookies }
  })
  return { path, cookies, walk: (visit) => walkAcrossKills(fixture, { path, cookies }, visit) }
}

async function walkAcrossKills(
  fixture: Fixture,
  { path, cookies }: Pick<OpenWindow, 'path' | 'cookies'>,
  { buyer, label = 'walk', onStep }: WindowVisit,
): Promise<Ticket> {
  const returned = await fixture.until(async () => {
    await fixture.begin(label)
    return walkWindow(await openPage(`${fixture.child().url}${path}`, cookies), {
      buyer,
      readCode: async (phone) => readCode(fixture, phone),
      onStep: (step) => onStep?.(step),
    })
  })
  const [transactionId = '', approvalTicket = ''] = Object.keys(authenticationResult).map((name) => returned[name])
  return { transactionId, approvalTicket }
}

/** After a reload it is unknown whether the code was used; if it was, the window says so and sends another. */
function readCode(fixture: Fixture, phone: string): string {
  const [newest] = fixture.inbox.messages(phone)
  if (newest?.kind !== 'code') throw new Error('no code has arrived')
  return newest.code
}
