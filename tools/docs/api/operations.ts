import { billKeySuccesses, type ResultReason, resultCodes } from '../../../packages/protocol/src/codes/result-codes.ts'
import { type Endpoints, localEndpoints } from '../../../packages/protocol/src/endpoints.ts'
import type { LocalizedText } from '../../../packages/protocol/src/field-table.ts'
import { writeMessage } from '../../../packages/protocol/src/message-codec.ts'
import { approvalResult } from '../../../packages/protocol/src/messages/approval.ts'
import type { Place } from '../advice/model.ts'
import { resultAdvice } from '../advice/result-advice.ts'
import { bilingual, exampleOf, type Json, pascalCase } from './field-schema.ts'
import { describedTable } from './messages.ts'

export const schemaReference = (message: string): Json => ({ $ref: `#/components/schemas/${pascalCase(message)}` })

const local = localEndpoints({ origin: 'http://localhost:4610' })

export const pathOf = (name: Exclude<keyof Endpoints, 'sourceAddresses'>): string => new URL(local[name]).pathname

export const form = 'application/x-www-form-urlencoded'

const reasonsAt = (place: Place): readonly ResultReason[] =>
  (Object.keys(resultCodes) as ResultReason[]).filter((reason) => {
    const { places } = resultAdvice[reason]
    // What the window posts to the shop is no answer of a call.
    return places.includes(place) && !(place === 'issue' && places.includes('stop'))
  })

const successes: ReadonlySet<ResultReason> = new Set([
  'approved',
  'cancelled',
  'member_deleted',
  'member_without_card_deleted',
])

/** Code and message as they travel. */
export function resultOf(reason: ResultReason): Readonly<Record<string, string>> {
  const { code, ko } = resultCodes[reason]
  return writeMessage(approvalResult, { resultCode: code, resultMessage: ko })
}

/** Every answer of a call by its reason: a success with all its fields, any other with code and message. */
function answersAt({ place, answer, success }: ServerCall): Json {
  const { table } = describedTable(answer)
  const own = success === undefined ? [] : [[success, billKeySuccesses[success]] as const]
  const others = reasonsAt(place).map((reason) => [reason, resultCodes[reason]] as const)
  return Object.fromEntries(
    [...own, ...others].map(([reason, { code, ko, en }]) => {
      const result = writeMessage(approvalResult, { resultCode: code, resultMessage: ko })
      const isSuccess = reason === success || successes.has(reason as ResultReason)
      return [reason, { summary: `${code} ${en}`, value: isSuccess ? exampleOf(table, result) : result }]
    }),
  )
}

interface ServerCall {
  readonly id: string
  readonly place: Place
  readonly summary: LocalizedText
  readonly about: LocalizedText
  readonly request: string
  readonly answer: string
  /** The message inside the sealed envelope. */
  readonly encrypted?: string
  /** Of a call about bill keys. */
  readonly success?: keyof typeof billKeySuccesses
}

const bothEncodings: LocalizedText = {
  ko: 'JSON과 폼을 모두 받으며, `Content-Type`이 아니라 본문의 첫 글자로 구별합니다. JSON은 UTF-8, 폼은 UTF-8이나 EUC-KR(windows-949)입니다. JSON의 숫자와 참·거짓은 글자로 읽습니다.',
  en: 'JSON or a form, distinguished by the first character of the body and not by `Content-Type`. JSON is UTF-8, a form UTF-8 or EUC-KR (windows-949). Numbers and booleans of JSON are read as their text.',
}

const everyAnswer: LocalizedText = {
  ko: '거절도 언제나 HTTP 200이며, 결과는 `ResultCode`에 있습니다. UTF-8이고 모든 값이 문자열입니다. 모르는 코드와 필드는 오류가 아닙니다.',
  en: 'Always HTTP 200, rejections too: `ResultCode` tells the result. UTF-8, and every value is a string. An unknown code or field is not an error.',
}

/** A call from the shop's server. */
export const serverCall = (call: ServerCall): Json => ({
  post: {
    operationId: call.id,
    summary: `${call.summary.ko} · ${call.summary.en}`,
    description: bilingual(call.about),
    requestBody: {
      required: true,
      description: bilingual(bothEncodings),
      content: {
        'application/json': {
          schema: schemaReference(call.request),
          example: exampleOf(describedTable(call.request).table),
        },
        [form]: { schema: schemaReference(call.request) },
      },
      ...(call.encrypted === undefined ? {} : { 'x-encrypted-schema': schemaReference(call.encrypted) }),
    },
    responses: {
      200: {
        description: bilingual(everyAnswer),
        content: { 'application/json': { schema: schemaReference(call.answer), examples: answersAt(call) } },
      },
    },
  },
})

const codeHeader = (codes: readonly string[]): Json => ({
  description: bilingual({ ko: '결과코드', en: 'The result code.' }),
  schema: { type: 'string', maxLength: 4, examples: codes },
})

const page = (about: LocalizedText, headers?: Json): Json => ({
  description: bilingual(about),
  ...(headers === undefined ? {} : { headers }),
  content: { 'text/html': { schema: { type: 'string' } } },
})

const statusOf: Partial<Record<ResultReason, number>> = { body_too_large: 413, overloaded: 503, internal: 500 }

/** The window is for people, so that it answers with pages and an HTTP status. */
function windowResponses(reasons: readonly ResultReason[]): Json {
  const codesOf = (status: number): readonly string[] =>
    reasons.filter((reason) => (statusOf[reason] ?? 400) === status).map((reason) => resultCodes[reason].code)
  const header = { 'X-Sspay-Result': codeHeader(codesOf(400)) }
  const retryAfter = { description: bilingual({ ko: '초', en: 'Seconds.' }), schema: { type: 'string' } }
  return {
    303: {
      description: bilingual({ ko: '결제창으로 보냅니다.', en: 'Leads the browser to the payment window.' }),
      headers: {
        Location: {
          description: bilingual({ ko: '결제창의 주소', en: 'The address of the payment window.' }),
          schema: { type: 'string', format: 'uri-reference' },
        },
      },
    },
    400: page(
      {
        ko: '결제를 시작할 수 없다는 화면입니다. 잘못된 필드를 모두 보여 줍니다. 결제된 금액은 없습니다.',
        en: 'A page: the payment cannot be started. It names every wrong field. Nothing was charged.',
      },
      header,
    ),
    413: page(
      { ko: '본문이 너무 큽니다.', en: 'The body is too large.' },
      { 'X-Sspay-Result': codeHeader(codesOf(413)) },
    ),
    500: page({ ko: '처리 중 오류가 발생했습니다.', en: 'An internal error occurred.' }),
    503: page(
      { ko: '요청이 많아 처리하지 못했습니다.', en: 'Too many requests.' },
      { 'X-Sspay-Result': codeHeader(codesOf(503)), 'Retry-After': retryAfter },
    ),
  }
}

const postToShop = (message: string, operationId: string): Json => {
  const { title, about, table } = describedTable(message)
  return {
    post: {
      operationId,
      summary: `${title.ko} · ${title.en}`,
      description: bilingual(about),
      requestBody: {
        required: true,
        description: bilingual({
          ko: '구매자의 브라우저가 `EncodingType`의 문자 집합(기본 UTF-8)으로 보내는 폼입니다. 값이 없는 필드도 빈 값으로 모두 옵니다.',
          en: 'A form that the buyer’s browser posts, in the charset of `EncodingType` (UTF-8 by default). Fields without a value are present and empty.',
        }),
        content: { [form]: { schema: schemaReference(message), example: exampleOf(table) } },
      },
      responses: {
        200: page({ ko: '구매자에게 보여 줄 상점의 화면입니다.', en: 'The shop’s page for the buyer.' }),
      },
    },
  }
}

interface WindowCall {
  readonly id: string
  readonly request: string
  /** Why it does not open. */
  readonly reasons: readonly ResultReason[]
  /** What the window posts to the shop: by name, the address in the request and the call. */
  readonly callbacks: Json
}

/** The form of the shop's page, and what the window posts back through the buyer's browser. */
function windowCall({ id, request, reasons, callbacks }: WindowCall): Json {
  const { about, title, table } = describedTable(request)
  return {
    post: {
      operationId: id,
      summary: `${title.ko} · ${title.en}`,
      description: bilingual(about),
      requestBody: {
        required: true,
        description: bilingual({
          ko: '문자 집합은 `Content-Type`의 charset이나 본문의 바이트로 정합니다. 같은 이름이 서로 다른 값으로 두 번 있으면 거절합니다.',
          en: 'The charset is that of `Content-Type`, else it is detected from the bytes of the body. A name with two different values is rejected.',
        }),
        content: { [form]: { schema: schemaReference(request), example: exampleOf(table) } },
      },
      responses: windowResponses(reasons),
      callbacks,
    },
  }
}

export const paymentWindowCall = (): Json =>
  windowCall({
    id: 'openPaymentWindow',
    request: 'payment-request',
    reasons: reasonsAt('window'),
    callbacks: {
      authenticated: { '{$request.body#/ReturnUrl}': postToShop('authentication-return', 'receiveAuthentication') },
      aborted: { '{$request.body#/StopUrl}': postToShop('abort-result', 'receiveAbort') },
    },
  })

export const billKeyWindowCall = (): Json =>
  windowCall({
    id: 'openBillKeyWindow',
    request: 'bill-key-request',
    reasons: [
      ...(['field_invalid', 'checksum_wrong', 'merchant_unknown', 'merchant_unusable', 'bill_keys_off'] as const),
      ...(['easy_pay_merchant_mismatch', 'allowed_origins_missing', 'return_origin_not_allowed'] as const),
      ...(['request_too_old', 'request_in_future', 'text_outside_charset'] as const),
      ...(['body_unreadable', 'body_too_large', 'overloaded', 'internal'] as const),
    ],
    callbacks: { billKeyResult: { '{$request.body#/ReturnUrl}': postToShop('bill-key-result', 'receiveBillKey') } },
  })
