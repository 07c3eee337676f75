import { endpoints, localEndpoints } from '../../../packages/protocol/src/endpoints.ts'
import { bilingual, type Json, pascalCase, schemaOf } from './field-schema.ts'
import { describedTable } from './messages.ts'
import { billKeyWindowCall, pathOf, paymentWindowCall, serverCall } from './operations.ts'

/** What both descriptions say of themselves. */
export const documentHead = (title: string, description: { readonly ko: string; readonly en: string }): Json => ({
  title,
  version: '1.0.0',
  description: bilingual(description),
  license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
})

const about = {
  ko: '쇼핑몰이 SS-Pay에 보내는 요청과 그 답입니다. 스마트로와 관계가 없는 독립 구현인 sspay 게이트웨이가 받는 것을 적었고, `S`로 시작하는 결과코드는 sspay가 정한 것입니다. `x-sensitivity`가 `personal`인 값은 개인정보이고 `secret`인 값은 비밀이니 로그에 남기지 마세요. `maxLength`는 바이트가 아니라 글자 수입니다.',
  en: 'The requests of a shop to SS-Pay and their answers, as the sspay gateway reads and writes them: an independent implementation, not affiliated with Smartro. It defines the result codes that start with `S`. A value whose `x-sensitivity` is `personal` is personal data, one that is `secret` is a secret: log neither. `maxLength` counts characters, not bytes.',
}

const messages = [
  'payment-request',
  'callback-result',
  'authentication-return',
  'abort-result',
  'approval-request',
  'approval-result',
  'sealed-envelope',
  'cancel-request',
  'cancel-result',
  'member-deletion-request',
  'member-deletion-result',
  'bill-key-request',
  'bill-key-result',
  'bill-key-registration-request',
  'bill-key-charge-request',
  'bill-key-deletion-request',
  'bill-key-deletion-result',
] as const

const local = localEndpoints({ origin: 'http://localhost:4610' })

const serversOf = (...names: readonly ('pcWindow' | 'mobileWindow' | 'approval')[]): readonly Json[] =>
  Object.entries({ sandbox: local, ...endpoints }).flatMap(([environment, addresses]) =>
    [...new Set(names.map((name) => new URL(addresses[name]).origin))].map((url) => ({
      url,
      description: environment,
    })),
  )

const atWindow = (item: Json): Json => ({ servers: serversOf('pcWindow', 'mobileWindow'), ...item })

const billKeyCalls = (): Json => ({
  [pathOf('billKeyWindow')]: { servers: serversOf('mobileWindow'), ...billKeyWindowCall() },
  [pathOf('billKeyRegistration')]: serverCall({
    id: 'registerBillKey',
    place: 'issue',
    success: 'issued',
    summary: { ko: '카드번호로 빌링키 발급', en: 'Issue a bill key for a card number' },
    about: {
      ko: '창 없이 카드번호로 빌링키를 발급합니다. 결제하지 않습니다. 요청(`BillKeyRegistrationRequest`)을 암호화해 보내고, 답의 `BillTokenKey`도 암호화되어 있습니다.',
      en: 'Issues a bill key for a card number, without a window. Nothing is charged. The request (`BillKeyRegistrationRequest`) is sent encrypted, and `BillTokenKey` of the answer is encrypted too.',
    },
    request: 'sealed-envelope',
    encrypted: 'bill-key-registration-request',
    answer: 'bill-key-result',
  }),
  [pathOf('billKeyCharge')]: serverCall({
    id: 'chargeBillKey',
    place: 'charge',
    summary: { ko: '빌링키 결제', en: 'Charge a bill key' },
    about: {
      ko: '구매자 없이 빌링키로 결제합니다. 같은 빌링키와 주문번호로 다시 보내면 처음 답을 다시 받고 두 번 결제되지 않습니다. 요청(`BillKeyChargeRequest`)을 암호화해 보내고, 답은 암호화하지 않습니다.',
      en: 'Charges a bill key without the buyer. The same bill key and order number again get the first answer again and charge nothing. The request (`BillKeyChargeRequest`) is sent encrypted; the answer is not encrypted.',
    },
    request: 'sealed-envelope',
    encrypted: 'bill-key-charge-request',
    answer: 'approval-result',
  }),
  [pathOf('billKeyDeletion')]: serverCall({
    id: 'deleteBillKey',
    place: 'key-deletion',
    success: 'deleted',
    summary: { ko: '빌링키 삭제', en: 'Delete a bill key' },
    about: {
      ko: '빌링키 하나를 끝냅니다. 회원과 카드는 남습니다. 요청(`BillKeyDeletionRequest`)을 암호화해 보내고, 답은 암호화하지 않습니다.',
      en: 'Ends one bill key; the member and the card stay. The request (`BillKeyDeletionRequest`) is sent encrypted; the answer is not encrypted.',
    },
    request: 'sealed-envelope',
    encrypted: 'bill-key-deletion-request',
    answer: 'bill-key-deletion-result',
  }),
})

/** OpenAPI 3.1 of the calls between a shop and the gateway. */
export const renderOpenApi = (): Json => ({
  openapi: '3.1.0',
  info: documentHead('SS-Pay', about),
  jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
  servers: serversOf('approval'),
  // No call has HTTP authentication: the approval ticket, signatures and encryption are in the bodies.
  security: [],
  paths: {
    [pathOf('pcWindow')]: atWindow(paymentWindowCall()),
    [pathOf('approval')]: serverCall({
      id: 'approve',
      place: 'approval',
      summary: { ko: '승인', en: 'Approve a payment' },
      about: {
        ko: '결제창이 준 거래번호와 인증키로 승인합니다. 이때 결제됩니다. 같은 요청을 다시 보내면 처음 답을 다시 받습니다.',
        en: 'Approves a payment with the transaction id and the ticket of the payment window. This charges the card. The same request again gets the first answer again.',
      },
      request: 'approval-request',
      answer: 'approval-result',
    }),
    [pathOf('inquiry')]: serverCall({
      id: 'inquire',
      place: 'inquiry',
      summary: { ko: '승인 조회', en: 'Look up an approval' },
      about: {
        ko: '승인의 답을 잃었을 때 지금의 결과를 묻습니다. 아무것도 바꾸지 않습니다. 취소한 거래의 답에는 `StateCd`와 `CancelAmt`가 더 있습니다.',
        en: 'The current result, when the answer of an approval was lost. Changes nothing. Of a refunded payment it has `StateCd` and `CancelAmt` too.',
      },
      request: 'approval-request',
      answer: 'approval-result',
    }),
    [pathOf('cancel')]: serverCall({
      id: 'cancel',
      place: 'cancel',
      summary: { ko: '취소', en: 'Refund a payment' },
      about: {
        ko: '승인된 거래를 전부 또는 일부 취소합니다. 취소 요청(`CancelRequest`)을 암호화해 보내고, 답은 암호화하지 않습니다.',
        en: 'Refunds an approved payment in full or in part. The cancel request (`CancelRequest`) is sent encrypted; the answer is not encrypted.',
      },
      request: 'sealed-envelope',
      encrypted: 'cancel-request',
      answer: 'cancel-result',
    }),
    [pathOf('memberDeletion')]: serverCall({
      id: 'deleteMember',
      place: 'deletion',
      summary: { ko: 'SS-Pay 회원 삭제', en: 'Delete a member' },
      about: {
        ko: '회원과 등록된 카드를 모두 삭제합니다. 삭제 요청(`MemberDeletionRequest`)을 암호화해 보내고, 답은 암호화하지 않습니다.',
        en: 'Deletes a member with all cards. The request (`MemberDeletionRequest`) is sent encrypted; the answer is not encrypted.',
      },
      request: 'sealed-envelope',
      encrypted: 'member-deletion-request',
      answer: 'member-deletion-result',
    }),
    ...billKeyCalls(),
  },
  components: {
    schemas: Object.fromEntries(messages.map((name) => [pascalCase(name), schemaOf(describedTable(name))])),
  },
})
