import { resultCodes } from '../../../packages/protocol/src/codes/result-codes.ts'
import { bilingual, exampleOf, type Json, pascalCase, schemaOf } from './field-schema.ts'
import { describedTable } from './messages.ts'
import { documentHead } from './openapi.ts'
import { form, resultOf, schemaReference } from './operations.ts'

const http = (binding: Json): Json => ({ http: { ...binding, bindingVersion: '0.3.0' } })

const headers: Json = {
  type: 'object',
  properties: {
    'content-type': {
      type: 'string',
      enum: [`${form}; charset=utf-8`, `${form}; charset=euc-kr`],
      description: bilingual({
        ko: '가맹점 설정의 문자 집합입니다. `euc-kr`은 windows-949이며, 쓸 수 없는 글자는 `?`가 됩니다.',
        en: 'In the charset of the merchant’s settings. `euc-kr` stands for windows-949; a character that it lacks becomes `?`.',
      }),
    },
    'webhook-id': {
      type: 'string',
      pattern: '^[A-Za-z0-9]+-[0-9]+$',
      description: bilingual({
        ko: '거래번호와 순번입니다. 다시 보낼 때도 같으므로 중복을 알아볼 수 있습니다.',
        en: 'Transaction id and sequence number. The same on every attempt, so that duplicates are recognized.',
      }),
      examples: ['ssptest01m01012501020304104338-4'],
    },
    'webhook-timestamp': {
      type: 'string',
      pattern: '^[0-9]+$',
      description: bilingual({ ko: '보낸 시각(초)', en: 'Unix time of the attempt, in seconds.' }),
      examples: ['1735754645'],
    },
    'webhook-signature': {
      type: 'string',
      pattern: '^v1,[A-Za-z0-9+/=]+( v1,[A-Za-z0-9+/=]+)*$',
      description: bilingual({
        ko: '`id.timestamp.body`의 HMAC-SHA-256(Base64), 키마다 하나씩입니다. 가맹점에 웹훅 키가 있을 때만 옵니다.',
        en: 'HMAC-SHA-256 of `id.timestamp.body` in Base64, one for each key. Only for a merchant with webhook keys.',
      }),
      examples: ['v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='],
    },
  },
  required: ['content-type', 'webhook-id', 'webhook-timestamp'],
}

const { approved } = resultCodes

/** Example of an approval, without the fields of a refund. */
function approvalExample(name: string): Json {
  const { table } = describedTable(name)
  const ofApproval = Object.entries(table).filter(([, field]) => !refundNames.has(field.name))
  return exampleOf(Object.fromEntries(ofApproval), resultOf('approved'))
}

const refundNames: ReadonlySet<string> = new Set([
  'cancelledAmount',
  'partialTransactionId',
  'refundAmount',
  'cancelDate',
  'cancelTime',
  'originalTransactionId',
])

const messageOf = (name: string): Json => {
  const { title, about } = describedTable(name)
  return {
    name: pascalCase(name),
    title: `${title.ko} · ${title.en}`,
    description: bilingual(about),
    contentType: form,
    headers,
    payload: schemaReference(name),
    examples: [{ name: 'approval', summary: `${approved.code} ${approved.en}`, payload: approvalExample(name) }],
  }
}

const names = ['notification', 'legacy-notification'] as const

const reference = (path: string): Json => ({ $ref: `#/${path}` })

const channels: Json = {
  notification: {
    address: '{notificationPath}',
    title: '재통보 · Notification',
    description: bilingual({
      ko: '가맹점 설정의 재통보 주소입니다. 승인과 취소마다 하나씩, 거래별로 순서대로 갑니다. 같은 재통보가 두 번 이상 올 수 있습니다.',
      en: 'The notification address of the merchant’s settings. One for each approval and each refund, in order per payment. The same notification can come more than once.',
    }),
    parameters: {
      notificationPath: { description: 'The path of the notification address.', examples: ['pay/notify'] },
    },
    servers: [reference('servers/shop')],
    messages: Object.fromEntries(
      names.map((name) => [pascalCase(name), reference(`components/messages/${pascalCase(name)}`)]),
    ),
  },
  answer: {
    address: null,
    title: '상점의 답 · The shop’s answer',
    messages: { Ok: reference('components/messages/Ok') },
  },
}

const ok: Json = {
  name: 'Ok',
  title: '받았음 · Acknowledgement',
  description: bilingual({
    ko: 'HTTP 200이고 본문에 `OK`가 있으면 전달된 것입니다. 다른 상태(리디렉션도), `OK`가 없는 본문, 시간 초과는 실패이며 가맹점 설정의 간격과 횟수로 다시 보냅니다.',
    en: 'Delivered when the status is 200 and the body contains `OK`. Any other status (redirects too), a body without `OK` and a timeout have failed: it is sent again at the interval and up to the number of attempts of the merchant’s settings.',
  }),
  contentType: 'text/plain',
  payload: { type: 'string', pattern: 'OK', examples: ['OK'] },
  bindings: http({ statusCode: 200 }),
  examples: [{ name: 'ok', payload: 'OK' }],
}

const about = {
  ko: 'SS-Pay가 상점에 보내는 재통보(웹훅)입니다. 한 요청에 이름이 새 것(`Notification`)이나 옛 것(`LegacyNotification`)인 폼 하나가 가며, 가맹점 설정의 `fieldNames`가 정합니다. `SignValue`를 확인하세요. `x-sensitivity`가 `personal`이나 `secret`인 값은 로그에 남기지 마세요. `maxLength`는 글자 수입니다.',
  en: 'The notifications (webhooks) from SS-Pay to a shop. Each is one form with the current names (`Notification`) or the older ones (`LegacyNotification`), as `fieldNames` of the merchant’s settings says. Verify `SignValue`. Log no value whose `x-sensitivity` is `personal` or `secret`. `maxLength` counts characters.',
}

/** AsyncAPI 3 of what the gateway sends to a shop. */
export const renderAsyncApi = (): Json => ({
  asyncapi: '3.0.0',
  info: documentHead('SS-Pay 재통보 · Notifications', about),
  defaultContentType: form,
  servers: {
    shop: {
      host: '{shopHost}',
      protocol: 'https',
      description: 'The shop’s server.',
      variables: { shopHost: { default: 'shop.example' } },
    },
  },
  channels,
  operations: {
    notify: {
      action: 'send',
      channel: reference('channels/notification'),
      summary: '재통보 · Notify the shop',
      bindings: http({ method: 'POST' }),
      messages: names.map((name) => reference(`channels/notification/messages/${pascalCase(name)}`)),
      reply: { channel: reference('channels/answer'), messages: [reference('channels/answer/messages/Ok')] },
    },
  },
  components: {
    messages: { ...Object.fromEntries(names.map((name) => [pascalCase(name), messageOf(name)])), Ok: ok },
    schemas: Object.fromEntries(names.map((name) => [pascalCase(name), schemaOf(describedTable(name))])),
  },
})
