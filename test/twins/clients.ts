import type { Merchant } from '@sspay/gateway'

export type Fields = Readonly<Record<string, string>>

/**
 * What a client does: writes the form of an order, takes a return and approves it, reads an abort, cancels, deletes a
 * member, reads a notification.
 */
export type Step = 'request' | 'receive' | 'abort' | 'cancel' | 'delete' | 'notified'

/** Where a client finds the order that a return, an abort or an error is about. */
type OrderPlace = 'session' | 'Moid' | 'MallReserved' | 'MerReqData'

/** One existing client's shape: what it sends, in which encodings and order, and what it reads from answers. */
export interface Client {
  /** Its parts in words, for the title of the test. */
  readonly shape: string
  readonly language: 'Java' | 'PHP' | 'TypeScript' | 'HTML'
  /** `pc`: the window in a layer, with a Callback. `mobile`: in place, with a post to ReturnUrl. */
  readonly device: 'pc' | 'mobile'
  /** Charset of the page with the form. */
  readonly pageCharset: 'utf-8' | 'euc-kr'
  /** Fields of the form beside, or in the place of, those of every client; null: it has no such field. */
  readonly form: Readonly<Record<string, string | null>>
  /** Its base address ends with a slash: `//payment/approval/…`. */
  readonly joinsSlashes?: true
  readonly approvalBody: 'json' | 'form'
  /** By which part of the answer it marks the order paid. */
  readonly paidBy: 'ResultCode' | 'ResultMsg' | 'Tid'
  /** It reads `MallReserved`, `Tid` and `Moid` of a declined payment too. */
  readonly readsDeclines?: true
  /** It approves only after `ResultCode` `0000`, in the Callback too. */
  readonly expectsSuccessCode?: true
  readonly findsOrderIn: OrderPlace
  /** Milliseconds until it stops waiting for an answer. */
  readonly timeoutMs: number
  /** How `EncData` and `Mid` travel: the form of `raw` escapes nothing, so that each `+` arrives as a blank. */
  readonly envelope: 'json' | 'form' | 'raw'
  /** Its Base64 has lines. */
  readonly wrapsBase64?: true
  /** The fields of each cancellation beside `Tid`, `Mid`, `CancelPwd` and `HashData`; in full where no `CancelAmt`. */
  readonly cancels: readonly { readonly fields: Fields; readonly code: '2001' | '2013' }[]
  /** Sends the guide's deletion body, the same bytes each time, also after the customer has joined again. */
  readonly deletesMember?: true
  readonly notification: {
    readonly names: 'current' | 'legacy'
    readonly charset: 'utf-8' | 'euc-kr'
    /** The whole body of its answer. */
    readonly answer: string
  }
  readonly merchant?: Partial<Merchant>
}

const cancelInFull = { SERVICE_MODE: 'CL1', CancelMsg: '고객 요청', CancelSeq: '1', PartialCancelCode: '0' }
const full = (fields: Fields) => ({ fields, code: '2001' }) as const
const part = (CancelAmt: string, CancelSeq: string) =>
  full({ CancelMsg: '부분 취소', CancelSeq, PartialCancelCode: '1', CancelAmt })
const guideTimeoutMs = 10_000
const usual = { language: 'TypeScript', pageCharset: 'utf-8', paidBy: 'ResultCode', timeoutMs: guideTimeoutMs } as const
const mobile = { ...usual, device: 'mobile', approvalBody: 'json', envelope: 'json' } as const
const pc = { ...mobile, device: 'pc', findsOrderIn: 'session' } as const
const inHangul = { names: 'legacy', charset: 'euc-kr' } as const
const current = { names: 'current', charset: 'utf-8', answer: 'OK' } as const
const php = { language: 'PHP', pageCharset: 'utf-8' } as const
const java = { language: 'Java', pageCharset: 'utf-8' } as const

/** Described for readers in docs/guides/en/migration.md. */
export const clients: readonly Client[] = [
  {
    ...pc,
    ...java,
    shape: 'a servlet, approval and cancellation form-encoded',
    form: { TransType: '0', MallUserId: null },
    approvalBody: 'form',
    envelope: 'form',
    cancels: [full(cancelInFull)],
    deletesMember: true,
    notification: current,
  },
  {
    ...pc,
    ...java,
    shape: 'a JSP page in EUC-KR, tax of zero, StopUrl as in the sample',
    pageCharset: 'euc-kr',
    form: { EncodingType: 'euckr', StopUrl: '결제중단 URL', TaxCd: '', TaxAmt: '0', TaxFreeAmt: '0', VatAmt: '0' },
    paidBy: 'ResultMsg',
    cancels: [full({ CancelMsg: '', PartialCancelCode: '0' })],
    notification: { ...inHangul, answer: '\r\n<html><body>\r\n OK \r\n</body></html>' },
  },
  {
    ...mobile,
    ...java,
    shape: 'order in MallReserved, slashes doubled, Base64 unescaped',
    form: { MallUserId: null, MallIp: '0:0:0:0:0:0:0:1', UserIp: '1.2.3.4, 5.6.7.8' },
    joinsSlashes: true,
    findsOrderIn: 'MallReserved',
    envelope: 'raw',
    cancels: [part('400', '1'), part('1500', '2')],
    notification: { ...current, charset: 'euc-kr' },
  },
  {
    ...mobile,
    ...java,
    shape: 'a JSP page, order in Moid, CancelSeq always 1, lines in Base64',
    form: { EncodingType: 'euckr' },
    readsDeclines: true,
    findsOrderIn: 'Moid',
    wrapsBase64: true,
    cancels: [full(cancelInFull), { fields: cancelInFull, code: '2013' }],
    notification: { ...inHangul, answer: '  OK' },
    merchant: { repeatedCancellation: 'reject', abortCode: 'U999' },
  },
  {
    ...pc,
    ...php,
    shape: 'curl, ReturnUrl relative, StopUrl empty, MallIp unknown',
    form: { ReturnUrl: '/pay/return.php', StopUrl: '', MallIp: 'unknown' },
    cancels: [full({ CancelMsg: '', CancelSeq: '01' })],
    notification: { ...inHangul, answer: 'OK' },
  },
  {
    ...mobile,
    ...php,
    shape: 'order in MerReqData, after ResultCode 0000',
    form: { MallUserId: null },
    expectsSuccessCode: true,
    findsOrderIn: 'MerReqData',
    cancels: [full({ CancelMsg: '' })],
    notification: { ...current, answer: 'OK\r\n' },
  },
  {
    ...pc,
    ...php,
    shape: 'a page in EUC-KR, paid where there is a Tid, BuyerEmail empty',
    pageCharset: 'euc-kr',
    form: { EncodingType: 'EUC-KR', BuyerEmail: '', MallUserId: null },
    paidBy: 'Tid',
    cancels: [part('700', '1'), part('1200', '2')],
    deletesMember: true,
    notification: { ...inHangul, answer: '\uFEFFOK' },
  },
  {
    ...mobile,
    ...php,
    shape: 'answers in EUC-KR, approval form-encoded, CancelSeq 001',
    form: { EncodingType: 'euckr', BuyerTel: '' },
    findsOrderIn: 'Moid',
    approvalBody: 'form',
    envelope: 'raw',
    cancels: [full({ ...cancelInFull, CancelSeq: '001' })],
    notification: { ...inHangul, answer: '<p>OK</p>' },
  },
  {
    ...mobile,
    shape: 'a Next route, order in MallReserved, W034 for an abort',
    form: { UserIp: '::ffff:203.0.113.7', MallUserId: null },
    expectsSuccessCode: true,
    findsOrderIn: 'MallReserved',
    cancels: [full(cancelInFull)],
    notification: current,
    merchant: { abortCode: 'W034' },
  },
  {
    ...pc,
    shape: 'a React page, no StopUrl, ReturnUrl and BuyerTel empty',
    form: { StopUrl: null, ReturnUrl: '', BuyerTel: '' },
    cancels: [full({ CancelMsg: '단순 변심', CancelSeq: '1' })],
    notification: current,
  },
  {
    ...pc,
    shape: 'a Vue page, 5 s for an answer, no EncodingType',
    form: { EncodingType: null, MallUserId: null, StopUrl: '' },
    timeoutMs: 5_000,
    cancels: [part('500', '1')],
    notification: { ...current, answer: 'ok: OK' },
  },
  {
    ...mobile,
    shape: 'a Svelte page, order in Moid, addresses in IPv6',
    form: { MallIp: '::1', UserIp: '2001:db8::1234:5678:9abc' },
    findsOrderIn: 'Moid',
    cancels: [full(cancelInFull)],
    notification: current,
  },
  {
    ...pc,
    shape: 'an Express server, slashes doubled, the same cancellation twice',
    form: {},
    joinsSlashes: true,
    paidBy: 'ResultMsg',
    readsDeclines: true,
    cancels: [full(cancelInFull), full(cancelInFull)],
    notification: { ...inHangul, answer: 'OK' },
  },
  {
    ...pc,
    shape: 'a NestJS server, ResultCode 0000 in the Callback, every value a text',
    form: { SkinColor: 'BLACK', CardQuota: '00', EncodingType: 'UTF-8' },
    expectsSuccessCode: true,
    paidBy: 'Tid',
    cancels: [full({ ...cancelInFull, CancelTaxAmt: '', CancelTaxFreeAmt: '', CancelVatAmt: '' })],
    notification: current,
  },
  {
    ...pc,
    language: 'HTML',
    shape: 'a page in EUC-KR whose Callback posts the form, merchantKey in it',
    pageCharset: 'euc-kr',
    form: { EncodingType: 'euc-kr', merchantKey: 'shown to every buyer' },
    cancels: [full({ CancelMsg: '' })],
    notification: { ...inHangul, answer: '<!doctype html><title>OK</title>OK' },
  },
  {
    ...mobile,
    language: 'HTML',
    shape: 'a page in UTF-8, order in MerReqData, ReturnUrl twice',
    form: { MallUserId: null, EncodingType: '' },
    findsOrderIn: 'MerReqData',
    cancels: [full({ CancelMsg: '환불' })],
    notification: current,
  },
]
