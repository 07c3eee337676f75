import type { FieldTable, LocalizedText } from '../../packages/protocol/src/field-table.ts'
import { approvalRequest, approvalResult } from '../../packages/protocol/src/messages/approval.ts'
import { authenticationReturn } from '../../packages/protocol/src/messages/authentication-return.ts'
import { billKeyChargeRequest } from '../../packages/protocol/src/messages/bill-key-charge.ts'
import {
  billKeyDeletionRequest,
  billKeyDeletionResult,
} from '../../packages/protocol/src/messages/bill-key-deletion.ts'
import { billKeyRegistrationRequest } from '../../packages/protocol/src/messages/bill-key-registration.ts'
import { billKeyRequest } from '../../packages/protocol/src/messages/bill-key-request.ts'
import { billKeyResult } from '../../packages/protocol/src/messages/bill-key-result.ts'
import { cancelRequest, cancelResult } from '../../packages/protocol/src/messages/cancel.ts'
import { memberDeletionRequest, memberDeletionResult } from '../../packages/protocol/src/messages/member-deletion.ts'
import { legacyNotification, notification } from '../../packages/protocol/src/messages/notification.ts'
import { paymentRequest } from '../../packages/protocol/src/messages/payment-request.ts'
import { sealedEnvelope } from '../../packages/protocol/src/messages/sealed-envelope.ts'
import { abortResult, authenticationResult } from '../../packages/protocol/src/messages/window-result.ts'

export interface MessagePage {
  /** File name without extension. */
  readonly name: string
  readonly title: LocalizedText
  readonly about: LocalizedText
  readonly table: FieldTable
}

/** One page per message, in the order of a payment. */
export const messagePages: readonly MessagePage[] = [
  {
    name: 'payment-request',
    title: { ko: '결제요청', en: 'Payment request' },
    about: {
      ko: '결제창을 여는 폼입니다(`/ssp/reqPay.do`). UTF-8과 EUC-KR을 모두 받습니다.',
      en: 'The form that opens the payment window (`/ssp/reqPay.do`), in UTF-8 or EUC-KR.',
    },
    table: paymentRequest,
  },
  {
    name: 'authentication-result',
    title: { ko: '인증 결과', en: 'Authentication result' },
    about: {
      ko: '상점이 Callback(PC)이나 ReturnUrl로 오는 폼 POST(모바일)로 받는 값입니다. 아직 결제되지 않았습니다.',
      en: 'Sent to the shop by Callback (PC) or by a form POST to ReturnUrl (mobile). Nothing is charged yet.',
    },
    table: authenticationResult,
  },
  {
    name: 'authentication-return',
    title: { ko: 'ReturnUrl로 오는 값', en: 'Post to ReturnUrl' },
    about: {
      ko: 'ReturnUrl로 오는 폼 POST의 모든 값입니다. 처음 두 값만 결제에 쓰고, 나머지는 구매자 브라우저를 거친 서명 없는 값이므로 믿지 마세요.',
      en: 'All fields of the form POST to ReturnUrl. Only the first two count; the others pass through the buyer’s browser unsigned, so do not trust them.',
    },
    table: authenticationReturn,
  },
  {
    name: 'approval-request',
    title: { ko: '승인 요청', en: 'Approval request' },
    about: {
      ko: '상점 서버가 `urlCallApproval.do`로 보내는 JSON입니다. `approvalInquiry.do`도 같은 두 값을 받습니다.',
      en: 'JSON from the shop’s server to `urlCallApproval.do`; `approvalInquiry.do` takes the same two fields.',
    },
    table: approvalRequest,
  },
  {
    name: 'approval-result',
    title: { ko: '승인 결과', en: 'Approval result' },
    about: {
      ko: 'JSON 답입니다. 언제나 HTTP 200이고 모든 값이 문자열입니다. `3001`이 성공입니다.',
      en: 'The JSON answer. It is always HTTP 200, and every value is a string. `3001` is success.',
    },
    table: approvalResult,
  },
  {
    name: 'abort-result',
    title: { ko: '결제 중단', en: 'Abort' },
    about: {
      ko: '구매자가 결제를 중단하면 StopUrl로 오는 폼 POST입니다.',
      en: 'The form POST to StopUrl when the buyer aborts the payment.',
    },
    table: abortResult,
  },
  {
    name: 'notification',
    title: { ko: '재통보', en: 'Notification' },
    about: {
      ko: '상점의 재통보 주소로 가는 폼 POST입니다. 답에 `OK`가 있으면 전달된 것입니다.',
      en: 'The webhook: a form POST to the shop’s notification address. It is delivered when the answer contains `OK`.',
    },
    table: notification,
  },
  {
    name: 'legacy-notification',
    title: { ko: '재통보(옛 이름)', en: 'Notification with the older names' },
    about: {
      ko: '`fieldNames`가 `legacy`인 상점의 재통보입니다. 값이 없는 이름도 빈 값으로 모두 옵니다.',
      en: 'The notification of a merchant whose `fieldNames` is `legacy`. All names are present, empty if there is no value.',
    },
    table: legacyNotification,
  },
  {
    name: 'sealed-envelope',
    title: { ko: '암호화 전문', en: 'Sealed envelope' },
    about: {
      ko: '회원 삭제, 취소, 빌링키 요청을 담는 JSON입니다. AES-256-CBC이며, 검증 벡터는 `packages/protocol/vectors/sealed-bodies.json`에 있습니다.',
      en: 'The JSON that carries an encrypted member deletion, cancel or bill key request. AES-256-CBC; test vectors are in `packages/protocol/vectors/sealed-bodies.json`.',
    },
    table: sealedEnvelope,
  },
  {
    name: 'member-deletion-request',
    title: { ko: 'SS-Pay 회원 삭제', en: 'Member deletion request' },
    about: {
      ko: '`ssbMemberDel.do`로 보내는 암호화 전문 안의 JSON입니다.',
      en: 'The JSON inside the sealed envelope of `ssbMemberDel.do`.',
    },
    table: memberDeletionRequest,
  },
  {
    name: 'member-deletion-result',
    title: { ko: 'SS-Pay 회원 삭제 결과', en: 'Member deletion result' },
    about: {
      ko: '암호화하지 않은 JSON 답입니다. `PD00`과 `PS40`이 성공입니다.',
      en: 'The plain JSON answer. `PD00` and `PS40` are success.',
    },
    table: memberDeletionResult,
  },
  {
    name: 'cancel-request',
    title: { ko: '취소 요청', en: 'Cancel request' },
    about: {
      ko: '`cancel.do`로 보내는 암호화 전문 안의 JSON입니다.',
      en: 'The JSON inside the sealed envelope of `cancel.do`.',
    },
    table: cancelRequest,
  },
  {
    name: 'cancel-result',
    title: { ko: '취소 결과', en: 'Cancel result' },
    about: {
      ko: '암호화하지 않은 JSON 답입니다. `2001`이 성공입니다.',
      en: 'The plain JSON answer. `2001` is success.',
    },
    table: cancelResult,
  },
  {
    name: 'bill-key-request',
    title: { ko: '빌링키 발급 요청', en: 'Request for a bill key' },
    about: {
      ko: '빌링키를 발급하는 결제창을 여는 폼입니다(`/ssb/interface.do`). 결제하지 않으므로 금액이 없습니다.',
      en: 'The form that opens the window which issues a bill key (`/ssb/interface.do`). Nothing is charged, so it has no amount.',
    },
    table: billKeyRequest,
  },
  {
    name: 'bill-key-result',
    title: { ko: '빌링키 발급 결과', en: 'Result of issuing a bill key' },
    about: {
      ko: 'ReturnUrl로 오는 폼 POST이며, `urlCallCardReg.do`의 JSON 답이기도 합니다. `3001`이 성공이고, `BillTokenKey`는 암호화되어 있습니다.',
      en: 'The form POST to ReturnUrl, and the JSON answer of `urlCallCardReg.do`. `3001` is success, and `BillTokenKey` is encrypted.',
    },
    table: billKeyResult,
  },
  {
    name: 'bill-key-registration-request',
    title: { ko: '카드번호로 빌링키 발급', en: 'Bill key from a card number' },
    about: {
      ko: '`urlCallCardReg.do`로 보내는 암호화 전문 안의 JSON입니다. 상점이 카드번호를 다루므로 PCI DSS 대상이 됩니다.',
      en: 'The JSON inside the sealed envelope of `urlCallCardReg.do`. The shop handles the card number, so it falls under PCI DSS.',
    },
    table: billKeyRegistrationRequest,
  },
  {
    name: 'bill-key-charge-request',
    title: { ko: '빌링키 결제 요청', en: 'Payment with a bill key' },
    about: {
      ko: '`ssbbill.do`로 보내는 암호화 전문 안의 JSON입니다. 답은 [승인 결과](approval-result.md)와 같습니다.',
      en: 'The JSON inside the sealed envelope of `ssbbill.do`. The answer is an [approval result](approval-result.md).',
    },
    table: billKeyChargeRequest,
  },
  {
    name: 'bill-key-deletion-request',
    title: { ko: '빌링키 삭제 요청', en: 'Deletion of a bill key' },
    about: {
      ko: '`ssbdel.do`로 보내는 암호화 전문 안의 JSON입니다.',
      en: 'The JSON inside the sealed envelope of `ssbdel.do`.',
    },
    table: billKeyDeletionRequest,
  },
  {
    name: 'bill-key-deletion-result',
    title: { ko: '빌링키 삭제 결과', en: 'Result of deleting a bill key' },
    about: {
      ko: '암호화하지 않은 JSON 답입니다. `PD00`이 성공입니다.',
      en: 'The plain JSON answer. `PD00` is success.',
    },
    table: billKeyDeletionResult,
  },
]
