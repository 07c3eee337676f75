import type { LocalizedText } from '../field-table.ts'

/** A result code (ResultCode) with its sentence in both languages. */
export interface ResultCode extends LocalizedText {
  readonly code: string
}

/** One reason, one code, one sentence in each language. Codes with S are ours: no public code exists for them (Q06). */
export const resultCodes = {
  authenticated: { code: '0000', ko: '인증 성공', en: 'The buyer has authenticated.' },
  approved: { code: '3001', ko: '카드 결제 성공', en: 'The card payment was approved.' },
  cancelled: { code: '2001', ko: '취소 성공', en: 'The payment was cancelled.' },
  member_deleted: {
    code: 'PD00',
    ko: '회원정보와 등록된 카드 정보 삭제',
    en: 'The member and the registered cards were deleted.',
  },
  member_without_card_deleted: {
    code: 'PS40',
    ko: '등록된 카드 정보가 없어 회원 정보만 삭제',
    en: 'The member was deleted; no card was registered.',
  },

  card_number_invalid: { code: '3011', ko: '카드번호 오류입니다.', en: 'The card number is not valid.' },
  card_expired: { code: '3021', ko: '카드 유효기간 오류입니다.', en: 'The card has expired.' },
  installment_unsupported: { code: '3022', ko: '할부가 되지 않는 카드입니다.', en: 'The card takes no instalments.' },
  installment_months_invalid: {
    code: '3023',
    ko: '할부 개월 오류입니다.',
    en: 'The number of instalments is not allowed.',
  },
  card_amount_too_small: {
    code: '3041',
    ko: '카드 결제 최소 금액보다 작습니다.',
    en: 'The amount is below what the card accepts.',
  },
  balance_insufficient: {
    code: '3081',
    ko: '잔액 또는 한도가 부족합니다.',
    en: 'The balance or the limit is not sufficient.',
  },
  issuer_declined: { code: '3095', ko: '카드사에서 거절했습니다.', en: 'The card issuer declined.' },

  cancel_amount_invalid: { code: '2011', ko: '취소 금액 오류입니다.', en: 'The cancel amount is not valid.' },
  transaction_unknown: { code: '2012', ko: '취소할 거래가 없습니다.', en: 'There is no such transaction to cancel.' },
  already_cancelled: { code: '2013', ko: '이미 취소된 거래입니다.', en: 'The transaction has been cancelled already.' },
  cancel_exceeds_rest: {
    code: '2032',
    ko: '취소 금액이 남은 금액보다 큽니다.',
    en: 'The cancel amount is more than the rest.',
  },
  partial_cancel_impossible: {
    code: '2033',
    ko: '부분취소를 할 수 없는 거래입니다.',
    en: 'A partial cancel is not possible.',
  },

  field_invalid: { code: 'S001', ko: '요청 값이 올바르지 않습니다.', en: 'A field of the request is not valid.' },
  signature_wrong: {
    code: 'S002',
    ko: '위·변조 검증값(EncryptData)이 맞지 않습니다.',
    en: 'The signature (EncryptData) does not match.',
  },
  request_too_old: { code: 'S003', ko: '전문생성일시(EdiDate)가 너무 오래되었습니다.', en: 'EdiDate is too old.' },
  request_in_future: { code: 'S004', ko: '전문생성일시(EdiDate)가 미래입니다.', en: 'EdiDate lies in the future.' },
  merchant_unknown: { code: 'S005', ko: '등록되지 않은 상점ID(Mid)입니다.', en: 'The merchant (Mid) is not known.' },
  easy_pay_merchant_mismatch: {
    code: 'S006',
    ko: '상점ID(Mid)에 속하지 않은 간편결제 가맹점 ID(SspMallId)입니다.',
    en: 'The SspMallId does not belong to the Mid.',
  },
  amount_below_minimum: {
    code: 'S007',
    ko: '거래 금액(Amt)이 최소 금액보다 작습니다.',
    en: 'Amt is below the minimum.',
  },
  tax_split_wrong: {
    code: 'S008',
    ko: '과세(TaxAmt)+부가세(VatAmt)+비과세(TaxFreeAmt)가 거래 금액(Amt)과 다릅니다.',
    en: 'TaxAmt + VatAmt + TaxFreeAmt is not Amt.',
  },
  issuer_not_selectable: {
    code: 'S009',
    ko: '지정할 수 없는 카드사 코드(FnCd)입니다.',
    en: 'FnCd names an issuer that cannot be chosen.',
  },
  body_unreadable: { code: 'S010', ko: '요청 본문을 읽을 수 없습니다.', en: 'The request body cannot be read.' },
  body_too_large: { code: 'S011', ko: '요청 본문이 너무 큽니다.', en: 'The request body is too large.' },
  path_unknown: { code: 'S012', ko: '없는 주소입니다.', en: 'There is nothing at this address.' },
  installment_below_minimum: {
    code: 'S013',
    ko: '할부(CardQuota)는 50,000원부터 가능합니다.',
    en: 'Instalments (CardQuota) start at 50,000 won.',
  },
  text_outside_charset: {
    code: 'S014',
    ko: '응답 Charset(EncodingType=euckr)으로 표현할 수 없는 글자가 있습니다.',
    en: 'A character cannot be written in the answer charset (EncodingType=euckr).',
  },
  return_origin_not_allowed: {
    code: 'S015',
    ko: '가맹점에 등록되지 않은 주소(ReturnUrl 또는 StopUrl)입니다.',
    en: 'ReturnUrl or StopUrl is not at an address registered for the merchant.',
  },
  page_origin_not_allowed: {
    code: 'S016',
    ko: '가맹점에 등록되지 않은 페이지에서 결제창을 열었습니다.',
    en: 'The page that opens the window is not registered for the merchant.',
  },
  allowed_origins_missing: {
    code: 'S017',
    ko: '가맹점의 허용 주소(allowedOrigins)가 등록되어 있지 않습니다.',
    en: 'No address (allowedOrigins) is registered for the merchant.',
  },
  merchant_unusable: {
    code: 'S018',
    ko: '가맹점 설정에 잘못된 값이 있어 결제할 수 없습니다.',
    en: 'A setting of the merchant is wrong, so it takes no payments.',
  },

  approval_ticket_unknown: {
    code: 'S101',
    ko: '거래번호(Tid) 또는 인증키(TrAuthKey)가 맞지 않습니다.',
    en: 'Tid and TrAuthKey do not match.',
  },
  approval_ticket_expired: { code: 'S102', ko: '승인 가능 시간이 지났습니다.', en: 'The time to approve has passed.' },
  approval_in_progress: { code: 'S103', ko: '승인이 진행 중입니다.', en: 'The approval is in progress.' },
  approval_ticket_spent: {
    code: 'S104',
    ko: '이미 사용한 인증키(TrAuthKey)입니다.',
    en: 'The TrAuthKey has been used.',
  },
  not_approved_yet: {
    code: 'S105',
    ko: '아직 승인하지 않은 거래입니다.',
    en: 'The payment has not been approved yet.',
  },
  transaction_archived: {
    code: 'S107',
    ko: '보관된 오래된 거래입니다. 결제 서비스에 문의하세요.',
    en: 'The transaction is old and archived: ask the payment service.',
  },
  // Said by the shop's own server, never by the service.
  order_tampered: {
    code: 'S106',
    ko: '결제창이 받은 주문이 상점이 봉인한 주문과 다릅니다. 결제하지 않았습니다.',
    en: 'The window was given another order than the shop sealed. Nothing was charged.',
  },

  buyer_aborted: { code: 'S201', ko: '사용자가 결제를 중단했습니다.', en: 'The buyer stopped the payment.' },
  window_expired: { code: 'S202', ko: '결제 시간이 지났습니다.', en: 'The time to pay has passed.' },
  password_locked: { code: 'S203', ko: '결제 비밀번호가 잠겼습니다.', en: 'The payment password is locked.' },
  identity_mismatch: {
    code: 'S204',
    ko: '본인인증 정보가 구매자 정보와 다릅니다.',
    en: 'The verified identity is not the buyer.',
  },

  member_unknown: { code: 'S301', ko: '등록된 회원이 없습니다.', en: 'There is no such member.' },
  sealed_body_invalid: {
    code: 'S302',
    ko: '암호화 데이터(EncData)를 확인할 수 없습니다.',
    en: 'EncData cannot be verified.',
  },
  deletion_replayed: {
    code: 'S303',
    ko: '이미 처리한 삭제 요청입니다.',
    en: 'This deletion request has been processed already.',
  },
  deletion_checksum_wrong: {
    code: 'S304',
    ko: '위·변조 검증값(VerifyValue)이 맞지 않습니다.',
    en: 'VerifyValue does not match.',
  },

  outcome_unresolved: { code: 'S401', ko: '승인 결과를 확인하고 있습니다.', en: 'The outcome is not known yet.' },
  payment_reversed: { code: 'S402', ko: '승인이 취소(망취소)되었습니다.', en: 'The payment was reversed.' },

  cancel_password_wrong: {
    code: 'S501',
    ko: '취소 비밀번호(CancelPwd)가 맞지 않습니다.',
    en: 'CancelPwd does not match.',
  },
  cancel_password_locked: {
    code: 'S502',
    ko: '취소 비밀번호를 다섯 번 틀려 취소가 잠겼습니다.',
    en: 'Cancelling is locked after five wrong cancel passwords.',
  },
  cancel_sequence_conflict: {
    code: 'S503',
    ko: '같은 취소 차수(CancelSeq)로 다른 취소를 요청했습니다.',
    en: 'CancelSeq was used for another cancellation.',
  },
  cancel_unresolved: {
    code: 'S504',
    ko: '취소 결과를 확인하고 있습니다.',
    en: 'The outcome of the cancellation is not known yet.',
  },
  cancel_signature_wrong: {
    code: 'S505',
    ko: '위·변조 검증값(HashData)이 맞지 않습니다.',
    en: 'HashData does not match.',
  },

  overloaded: {
    code: 'S901',
    ko: '요청이 많아 처리하지 못했습니다. 잠시 뒤 다시 시도해 주세요.',
    en: 'Too many requests; try again shortly.',
  },
  internal: { code: 'S999', ko: '처리 중 오류가 발생했습니다.', en: 'An internal error occurred.' },
} as const satisfies Readonly<Record<string, ResultCode>>

/** The name of a result code, for code that decides: `approved`, `cancelled`, `signature_wrong`. */
export type ResultReason = keyof typeof resultCodes

const reasonsByCode = new Map<string, ResultReason>(
  Object.entries(resultCodes).map(([reason, { code }]) => [code, reason as ResultReason]),
)

/** Undefined for a code this table does not know: carry it, show it, never fail on it. */
export const findResultReason = (code: string): ResultReason | undefined => reasonsByCode.get(code)
