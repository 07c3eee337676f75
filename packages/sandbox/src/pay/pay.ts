import type { Runtime } from '@sspay/gateway'
import { randomHex } from '@sspay/gateway/tools'
import {
  type ApprovalTicket,
  approve,
  cancel,
  createPaymentForm,
  defineMerchant,
  deleteMember,
  FieldError,
  type Merchant,
  memoryJournal,
  readAuthentication,
  UnwritableTextError,
} from '@sspay/merchant'
import {
  authenticationResult,
  describeProblem,
  koreanTimestamp,
  type LocalizedText,
  type WireText,
} from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { type Page, postForm } from '../buyer/browser.ts'
import { type Buyer, newBuyer } from '../buyer/buyer.ts'
import { createCookieJar, noCookies } from '../buyer/cookie-jar.ts'
import { WindowRejection, walkWindow } from '../buyer/walk-window.ts'
import { untranslated } from '../command-line/language.ts'
import type { PayOptions } from './options.ts'
import { type PayingShop, readPayingShop } from './paying-shop.ts'

/** Reads the newest one-time code of this phone from the sandbox's inbox. */
export async function readNewestCode(consoleUrl: string, phone: string): Promise<string> {
  const answer = await fetch(`${consoleUrl}/sandbox/phone/messages?phone=${encodeURIComponent(phone)}`, {
    signal: AbortSignal.timeout(5_000),
  })
  if (!answer.ok) throw new Error(`the phone inbox at ${consoleUrl} answers HTTP ${answer.status}`)
  const { messages } = (await answer.json()) as { readonly messages: readonly { readonly code?: string }[] }
  const newest = messages.find(({ code }) => code !== undefined)
  if (newest?.code === undefined) throw new Error('no one-time code has arrived')
  return newest.code
}

export interface PayResult {
  readonly exitCode: 0 | 1 | 2 | 3
  readonly sentence: LocalizedText
  /** The result by wire name. */
  readonly wire?: WireText | undefined
}

export interface PayContext {
  readonly runtime: Runtime
  readonly options: PayOptions
  readonly gatewayUrl: string
  readonly consoleUrl: string
  /** Prints one step. */
  readonly report: (step: LocalizedText) => void
}

/** Makes one payment over HTTP as both the shop and the buyer, from the signed form to the approval. */
export async function pay(context: PayContext): Promise<PayResult> {
  const { options, runtime } = context
  const shop = await readPayingShop(options.shop, context.gatewayUrl)
  const merchant = defineMerchant({ ...shop.config, now: () => runtime.now() })
  if (options.deletesMember && options.customerId !== undefined)
    return deleteCustomer(context, merchant, options.customerId)

  const buyer = newBuyer(runtime, options)
  const orderId = `pay_${koreanTimestamp(runtime.now())}_${randomHex(runtime, 4)}`
  const window = await openWindow(context, { merchant, shop, buyer, orderId })
  if ('exitCode' in window) return window
  const returned = await walkWindow(window, {
    buyer,
    readCode: (phone) => readNewestCode(context.consoleUrl, phone),
    onStep: (step) => context.report(stepNames[step] ?? { ko: `  ${step}`, en: step }),
  })
  if (options.stopsBeforeApproval)
    return {
      exitCode: 0,
      sentence: { ko: '인증 완료, 승인 전', en: 'authenticated, not approved' },
      wire: ticketOf(returned),
    }

  const ticket = await readTicket(context, merchant, returned, `${shop.origin}/return`)
  const result = await approveTicket(context, merchant, ticket, orderId)
  if (result.exitCode !== 0 || !(options.deletesMember || options.refund)) return result
  context.report({ ko: `결제 완료: ${result.sentence.ko}`, en: `paid: ${result.sentence.en}` })
  if (options.refund !== undefined) return refund(context, merchant, ticket.transactionId, shop.cancelPassword)
  return deleteCustomer(context, merchant, buyer.customerId)
}

const stepNames: Readonly<Record<string, LocalizedText>> = {
  terms: { ko: '  약관 동의', en: 'terms' },
  identity: { ko: '  본인인증 정보 입력', en: 'identity' },
  'identity-code': { ko: '  인증번호 입력', en: 'one-time code from the phone inbox' },
  card: { ko: '  카드 등록', en: 'card' },
  'pop-card': { ko: '  팝카드', en: 'membership card' },
  'password-set': { ko: '  결제 비밀번호 설정', en: 'new payment password on the keypad' },
  'password-repeat': { ko: '  결제 비밀번호 확인', en: 'the password again on another keypad' },
  password: { ko: '  결제 비밀번호 입력', en: 'payment password on the keypad' },
  'add-card': { ko: '  카드 추가', en: 'adding a card' },
  confirm: { ko: '  결제 확인', en: 'confirm' },
}

interface Order {
  readonly merchant: Merchant
  readonly shop: PayingShop
  readonly buyer: Buyer
  readonly orderId: string
}

async function openWindow(
  { options, report }: PayContext,
  { merchant, shop, buyer, orderId }: Order,
): Promise<Page | PayResult> {
  const { amount, goodsName, installmentMonths, device, charset, keepsCookies } = options
  try {
    const form = createPaymentForm(
      merchant,
      {
        orderId,
        amount,
        goodsName,
        customerId: buyer.customerId,
        buyerName: buyer.name,
        buyerPhone: buyer.phone,
        buyerEmail: buyer.email,
        returnUrl: `${shop.origin}/return`,
        abortUrl: `${shop.origin}/abort`,
        answerCharset: charset,
        ...(installmentMonths === 0 ? {} : { installmentMonths }),
      },
      { device },
    )
    report({
      ko: `결제창 열기: ${orderId}, ${amount}원, 고객 ${buyer.customerId}`,
      en: `opening the window: ${orderId}, ${amount} won, customer ${buyer.customerId}`,
    })
    // The drop-in script adds SspReturn when it opens the window in a layer.
    const fields = device === 'pc' ? { ...form.fields, SspReturn: 'message' } : form.fields
    const cookies = keepsCookies ? createCookieJar() : noCookies
    return await postForm({ url: form.action, body: encodeForm(fields, charset), origin: shop.origin, cookies })
  } catch (cause) {
    if (cause instanceof UnwritableTextError)
      return { exitCode: 2, sentence: untranslated(`--euc-kr: ${cause.message}`) }
    if (!(cause instanceof FieldError)) throw cause
    const problems = cause.problems.map((problem) => describeProblem(problem))
    const linesIn = (language: 'ko' | 'en'): string => problems.map((problem) => problem[language]).join('\n')
    return { exitCode: 2, sentence: { ko: linesIn('ko'), en: linesIn('en') } }
  }
}

/** The fields of the authentication result that an approval needs; ReturnUrl also receives the form's own fields. */
const ticketOf = (returned: WireText): WireText =>
  Object.fromEntries(Object.keys(authenticationResult).map((name) => [name, returned[name]]))

async function readTicket(
  { options }: PayContext,
  merchant: Merchant,
  returned: WireText,
  returnUrl: string,
): Promise<ApprovalTicket> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = encodeForm(returned, options.charset)
  const request = new Request(returnUrl, { method: 'POST', headers, body })
  const reading = await readAuthentication(merchant, request)
  if (reading.outcome === 'authenticated') return reading.approvalTicket
  throw new WindowRejection('the window returned nothing that can be approved')
}

async function approveTicket(
  context: PayContext,
  merchant: Merchant,
  ticket: ApprovalTicket,
  orderId: string,
): Promise<PayResult> {
  const { amount } = context.options
  const { transactionId } = ticket
  context.report({ ko: `승인 요청: ${transactionId}`, en: `approving ${transactionId}` })
  const outcome = await approve(merchant, ticket, { expected: { amount, orderId }, journal: memoryJournal() })
  if (outcome.outcome !== 'approved') return resultOfFailure(context, { ko: '거절', en: 'declined' }, outcome)
  const { approvalNumber = '', issuerName = '', maskedCardNumber = '', raw } = outcome.payment
  const card = `${issuerName} ${maskedCardNumber}`
  const sentence = {
    ko: `승인: ${amount}원, ${card}, 승인번호 ${approvalNumber}`,
    en: `approved: ${amount} won, ${card}, no. ${approvalNumber}`,
  }
  return { exitCode: 0, sentence, wire: raw }
}

/** Refunds the approved payment, in full or in part. */
async function refund(
  context: PayContext,
  merchant: Merchant,
  transactionId: string,
  cancelPassword: string,
): Promise<PayResult> {
  const { amount: paid, refund: amount = paid } = context.options
  context.report({ ko: `취소 요청: ${transactionId}, ${amount}원`, en: `refunding ${transactionId}, ${amount} won` })
  const outcome = await cancel(merchant, {
    transactionId,
    amount,
    isPartial: amount < paid,
    sequence: 1,
    cancelPassword,
    reason: '구매자 요청',
  })
  if (outcome.outcome !== 'cancelled') return resultOfFailure(context, { ko: '취소 거절', en: 'rejected' }, outcome)
  return { exitCode: 0, sentence: { ko: `취소: ${amount}원`, en: `refunded: ${amount} won` }, wire: outcome.raw }
}

async function deleteCustomer(context: PayContext, merchant: Merchant, customerId: string): Promise<PayResult> {
  context.report({ ko: `회원 삭제 요청: ${customerId}`, en: `deleting member ${customerId}` })
  // Q49: the signature of a deletion covers no time or random value, so only a new note makes it a new request.
  const outcome = await deleteMember(merchant, customerId, { merchantNote: randomHex(context.runtime, 8) })
  if (outcome.outcome !== 'deleted') return resultOfFailure(context, { ko: '삭제 거절', en: 'rejected' }, outcome)
  const sentence = outcome.hadCard
    ? { ko: '삭제: 회원과 카드', en: 'deleted: member and cards' }
    : { ko: '삭제: 회원(카드 없음)', en: 'deleted: member, no card' }
  return { exitCode: 0, sentence, wire: outcome.raw }
}

type Outcome = Awaited<ReturnType<typeof approve | typeof cancel | typeof deleteMember>>
type Failure = Exclude<Outcome, { readonly outcome: 'approved' | 'cancelled' | 'deleted' }>

/** `rejected`: the name of a rejection. An unknown outcome is reported with the console page of the payment. */
function resultOfFailure({ consoleUrl }: PayContext, rejected: LocalizedText, failure: Failure): PayResult {
  const { code } = failure
  if (failure.outcome !== 'unknown') {
    const { raw, message } = failure
    const [ko, en] = [`${rejected.ko}: ${code} ${message.ko}`, `${rejected.en}: ${code} ${message.en}`]
    return { exitCode: 1, sentence: { ko, en }, wire: raw }
  }
  const why = [failure.cause, code].filter(Boolean).join(' ')
  const url = `${consoleUrl}/${'transactionId' in failure ? `payments/${failure.transactionId}` : ''}`
  const sentence = {
    ko: `결과를 알 수 없음: ${why}. 처리되었을 수 있습니다. 콘솔에서 확인하세요: ${url}`,
    en: `unknown: ${why}. It may have been processed; check ${url}`,
  }
  return { exitCode: 3, sentence, wire: 'raw' in failure ? failure.raw : undefined }
}
