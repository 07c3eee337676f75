const result = <const Code extends string>(code: Code, ko: string, en: string) => ({ code, ko, en })

/**
 * Every result code by its reason, in the order of the numbers. Codes with S are ours: no public code exists for them
 * (Q06).
 */
export const resultCodes = {
  authenticated: result('0000', '인증 성공', 'The buyer has authenticated.'),

  cancelled: result('2001', '취소 성공', 'The payment was cancelled.'),
  cancel_amount_invalid: result('2011', '취소 금액 오류입니다.', 'The cancel amount is not valid.'),
  transaction_unknown: result('2012', '취소할 거래가 없습니다.', 'There is no such transaction to cancel.'),
  already_cancelled: result('2013', '이미 취소된 거래입니다.', 'The transaction has been cancelled already.'),
  cancel_exceeds_rest: result(
    '2032',
    '취소 금액이 남은 금액보다 큽니다.',
    'The cancel amount exceeds the remaining amount.',
  ),
  partial_cancel_impossible: result(
    '2033',
    '부분취소를 할 수 없는 거래입니다.',
    'This payment cannot be cancelled in part.',
  ),

  approved: result('3001', '카드 결제 성공', 'The card payment was approved.'),
  card_number_invalid: result('3011', '카드번호 오류입니다.', 'The card number is not valid.'),
  card_expired: result('3021', '카드 유효기간 오류입니다.', 'The card has expired.'),
  installment_unsupported: result('3022', '할부가 되지 않는 카드입니다.', 'The card takes no instalments.'),
  installment_months_invalid: result('3023', '할부 개월 오류입니다.', 'The number of instalments is not allowed.'),
  card_amount_too_small: result(
    '3041',
    '카드 결제 최소 금액보다 작습니다.',
    'The amount is below what the card accepts.',
  ),
  balance_insufficient: result('3081', '잔액 또는 한도가 부족합니다.', 'The balance or the limit is not sufficient.'),
  issuer_declined: result('3095', '카드사에서 거절했습니다.', 'The card issuer declined.'),

  member_deleted: result(
    'PD00',
    '회원정보와 등록된 카드 정보 삭제',
    'The member and the registered cards were deleted.',
  ),
  member_without_card_deleted: result(
    'PS40',
    '등록된 카드 정보가 없어 회원 정보만 삭제',
    'The member was deleted; no card was registered.',
  ),

  field_invalid: result('S001', '요청 값이 올바르지 않습니다.', 'A field of the request is not valid.'),
  signature_wrong: result(
    'S002',
    '위·변조 검증값(EncryptData)이 맞지 않습니다.',
    'The signature (EncryptData) does not match.',
  ),
  request_too_old: result('S003', '전문생성일시(EdiDate)가 너무 오래되었습니다.', 'EdiDate is too old.'),
  request_in_future: result('S004', '전문생성일시(EdiDate)가 미래입니다.', 'EdiDate is in the future.'),
  merchant_unknown: result('S005', '등록되지 않은 상점ID(Mid)입니다.', 'The merchant (Mid) is not known.'),
  easy_pay_merchant_mismatch: result(
    'S006',
    '상점ID(Mid)에 속하지 않은 간편결제 가맹점 ID(SspMallId)입니다.',
    'The SspMallId does not belong to the Mid.',
  ),
  amount_below_minimum: result('S007', '거래 금액(Amt)이 최소 금액보다 작습니다.', 'Amt is below the minimum.'),
  tax_split_wrong: result(
    'S008',
    '과세(TaxAmt)+부가세(VatAmt)+비과세(TaxFreeAmt)가 거래 금액(Amt)과 다릅니다.',
    'TaxAmt + VatAmt + TaxFreeAmt is not Amt.',
  ),
  issuer_not_selectable: result(
    'S009',
    '지정할 수 없는 카드사 코드(FnCd)입니다.',
    'FnCd names an issuer that cannot be chosen.',
  ),
  body_unreadable: result('S010', '요청 본문을 읽을 수 없습니다.', 'The request body cannot be read.'),
  body_too_large: result('S011', '요청 본문이 너무 큽니다.', 'The request body is too large.'),
  path_unknown: result('S012', '없는 주소입니다.', 'There is nothing at this address.'),
  installment_below_minimum: result(
    'S013',
    '할부(CardQuota)는 50,000원부터 가능합니다.',
    'Instalments (CardQuota) start at 50,000 won.',
  ),
  text_outside_charset: result(
    'S014',
    '응답 Charset(EncodingType=euckr)으로 표현할 수 없는 글자가 있습니다.',
    'A character cannot be written in the answer charset (EncodingType=euckr).',
  ),
  return_origin_not_allowed: result(
    'S015',
    '가맹점에 등록되지 않은 주소(ReturnUrl 또는 StopUrl)입니다.',
    'ReturnUrl or StopUrl is not at an address registered for the merchant.',
  ),
  page_origin_not_allowed: result(
    'S016',
    '가맹점에 등록되지 않은 페이지에서 결제창을 열었습니다.',
    'The page that opens the window is not registered for the merchant.',
  ),
  allowed_origins_missing: result(
    'S017',
    '가맹점의 허용 주소(allowedOrigins)가 등록되어 있지 않습니다.',
    'No address (allowedOrigins) is registered for the merchant.',
  ),
  merchant_unusable: result(
    'S018',
    '가맹점이 결제를 받지 않습니다(설정이 잘못되었거나 꺼져 있음).',
    'The merchant takes no payments: a setting is wrong, or it is disabled.',
  ),
  general_payments_off: result(
    'S019',
    '일반 카드결제를 쓰지 않는 상점입니다. 간편결제라면 SspMallId와 PopCheck를 보내세요.',
    'The merchant has no general card payments. SS-Pay needs SspMallId and PopCheck.',
  ),
  service_not_offered: result(
    'S020',
    '알려진 서비스이지만 이 결제 서비스가 제공하지 않습니다.',
    'A known service that this gateway does not offer.',
  ),

  approval_ticket_unknown: result(
    'S101',
    '거래번호(Tid) 또는 인증키(TrAuthKey)가 맞지 않습니다.',
    'Tid and TrAuthKey do not match.',
  ),
  approval_ticket_expired: result('S102', '승인 가능 시간이 지났습니다.', 'The time to approve has passed.'),
  approval_in_progress: result('S103', '승인이 진행 중입니다.', 'The approval is in progress.'),
  approval_ticket_spent: result('S104', '이미 사용한 인증키(TrAuthKey)입니다.', 'The TrAuthKey has been used.'),
  not_approved_yet: result('S105', '아직 승인하지 않은 거래입니다.', 'The payment has not been approved yet.'),
  // Produced by the shop's own server, never by the gateway.
  order_tampered: result(
    'S106',
    '결제창이 받은 주문이 상점이 서명한 주문과 다릅니다. 결제하지 않았습니다.',
    'The window was given another order than the shop signed. Nothing was charged.',
  ),
  transaction_archived: result(
    'S107',
    '보관된 오래된 거래입니다. 결제 서비스에 문의하세요.',
    'The transaction is old and archived: ask the payment service.',
  ),

  buyer_aborted: result('S201', '사용자가 결제를 중단했습니다.', 'The buyer stopped the payment.'),
  window_expired: result('S202', '결제 시간이 지났습니다.', 'The time to pay has passed.'),

  member_unknown: result('S301', '등록된 회원이 없습니다.', 'There is no such member.'),
  sealed_body_invalid: result('S302', '암호화 데이터(EncData)를 확인할 수 없습니다.', 'EncData cannot be verified.'),
  deletion_replayed: result(
    'S303',
    '이미 처리한 삭제 요청입니다.',
    'This deletion request has been processed already.',
  ),
  checksum_wrong: result('S304', '위·변조 검증값(VerifyValue)이 맞지 않습니다.', 'VerifyValue does not match.'),

  outcome_unresolved: result('S401', '승인 결과를 확인하고 있습니다.', 'The outcome is not known yet.'),
  payment_reversed: result('S402', '승인이 취소(망취소)되었습니다.', 'The payment was reversed.'),

  cancel_password_wrong: result('S501', '취소 비밀번호(CancelPwd)가 맞지 않습니다.', 'CancelPwd does not match.'),
  cancel_password_locked: result(
    'S502',
    '취소 비밀번호를 다섯 번 틀려 취소가 잠겼습니다.',
    'Cancelling is locked after five wrong cancel passwords.',
  ),
  cancel_sequence_conflict: result(
    'S503',
    '같은 취소 차수(CancelSeq)로 다른 취소를 요청했습니다.',
    'CancelSeq was used for another cancellation.',
  ),
  cancel_unresolved: result(
    'S504',
    '취소 결과를 확인하고 있습니다.',
    'The outcome of the cancellation is not known yet.',
  ),
  cancel_signature_wrong: result('S505', '위·변조 검증값(HashData)이 맞지 않습니다.', 'HashData does not match.'),

  bill_key_unknown: result('S601', '등록되지 않은 빌링키입니다.', 'There is no such bill key.'),
  bill_key_deleted: result('S602', '삭제한 빌링키입니다.', 'The bill key was deleted.'),
  bill_key_ended: result(
    'S603',
    '회원 해지, 카드 삭제, 새 키로 교체, 운영자의 종료로 끝난 빌링키입니다.',
    'The bill key ended: member or card deleted, key replaced, or by the operator.',
  ),
  bill_key_card_registered: result('S604', '이미 빌링키를 발급한 카드입니다.', 'The card has a bill key already.'),
  bill_key_card_not_added: result(
    'S605',
    '빌링키를 발급한 다른 카드가 있어 카드를 더 등록할 수 없습니다.',
    'Another card of the member has a bill key, and no card can be added.',
  ),
  bill_key_card_foreign: result(
    'S606',
    '해외 카드로는 빌링키를 발급할 수 없습니다.',
    'A foreign card cannot have a bill key.',
  ),
  bill_key_card_unverified: result(
    'S607',
    '카드 정보(카드번호, 유효기간, 생년월일, 비밀번호)를 확인할 수 없습니다.',
    'The card cannot be verified: number, expiry, birth date or password is wrong.',
  ),
  bill_key_order_conflict: result(
    'S608',
    '같은 주문번호(Moid)로 다른 결제를 이미 요청했습니다.',
    'The Moid was used for another payment with this bill key.',
  ),
  bill_keys_off: result('S609', '빌링을 쓰지 않는 상점입니다.', 'The merchant has no bill keys.'),

  overloaded: result(
    'S901',
    '요청이 많아 처리하지 못했습니다. 잠시 뒤 다시 시도해 주세요.',
    'Too many requests; try again shortly.',
  ),
  internal: result('S999', '처리 중 오류가 발생했습니다.', 'An internal error occurred.'),
} as const

/**
 * Successes of bill keys. They have codes that shops know as success, and their own messages: 3001 also means that a
 * key was issued (Q69), PD00 that it was deleted (Q72).
 */
export const billKeySuccesses = {
  issued: result(resultCodes.approved.code, '빌링키 발급 성공', 'The bill key was issued.'),
  deleted: result(resultCodes.member_deleted.code, '빌링키 삭제', 'The bill key was deleted.'),
} as const

/** Name of a result code, for use in conditions: `approved`, `cancelled`, `signature_wrong`. */
export type ResultReason = keyof typeof resultCodes

const reasonsByCode = new Map<string, ResultReason>(
  Object.entries(resultCodes).map(([reason, { code }]) => [code, reason as ResultReason]),
)

/** Undefined for an unknown code: pass it on and show it, do not fail. */
export const findResultReason = (code: string): ResultReason | undefined => reasonsByCode.get(code)
