import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { RecordedCall } from '../../src/request-log/model.ts'
import { encryptedRequest } from '../cancellation/support.ts'
import { requestForm } from '../payment-window/request-form.ts'
import {
  approvalPath,
  authenticate,
  cancelPath,
  deletionPath,
  inquiryPath,
  type LoggedGateway,
  openLoggedGateway,
  type Ticket,
  ticketBody,
} from './support.ts'

let logged: LoggedGateway
let paid: Ticket
before(async () => {
  logged = await openLoggedGateway()
  paid = await authenticate(logged)
  await logged.ask(approvalPath, ticketBody(paid))
})
after(() => logged.close())

interface Sent {
  readonly method?: string
  readonly body?: string | FormData
  readonly headers?: Readonly<Record<string, string>>
}

async function send(path: string, { method = 'POST', body, headers = {} }: Sent) {
  const request = new Request(`http://localhost${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  const answer = await logged.gateway.fetch(request)
  const text = await answer.text()
  const call: RecordedCall = (await logged.calls()).findLast(({ direction }) => direction === 'in') ?? assert.fail()
  return { answer, text, call, words: call.explanation?.words ?? { ko: '', en: '' } }
}

const json = { 'content-type': 'application/json' }
const formData = new FormData()
formData.set('Tid', '1')

describe('a body that holds no fields', () => {
  for (const [name, path, sent, ko, en] of [
    [
      'JSON to the window',
      '/ssp/reqPay.do',
      { body: '{"Amt":"1004"}', headers: json },
      /JSON입니다.*urlencoded/,
      /JSON/,
    ],
    ['GET to the window', '/ssp/reqPay.do?Amt=1004', { method: 'GET' }, /GET.*POST로 보내세요/, /GET.*POST/],
    [
      'fetch to the window',
      '/ssp/reqPay.do',
      { method: 'OPTIONS', headers: { origin: 'http://a' } },
      /<form>/,
      /<form>/,
    ],
    ['nothing to the window', '/ssp/reqPay.do', { body: '' }, /비어 있습니다.*urlencoded/, /empty.*urlencoded/],
    ['FormData to the window', '/ssp/reqPay.do', { body: formData }, /multipart.*URLSearchParams/, /multipart/],
    ['GET', `${approvalPath}?Tid=1`, { method: 'GET' }, /GET.*POST로 보내세요/, /GET.*POST/],
    ['FormData', cancelPath, { body: formData }, /multipart.*URLSearchParams/, /multipart/],
    ['broken JSON', deletionPath, { body: '{"Mid":', headers: json }, /JSON.*괄호/, /brackets/],
    ['CORS', inquiryPath, { method: 'OPTIONS', headers: { origin: 'http://a' } }, /브라우저에서 부르지/, /browser/],
  ] as const) {
    test(`${name}: ${path}`, async () => {
      const { answer, text, call, words } = await send(path, sent)
      assert.equal(call.code, 'S010')
      assert.match(words.ko, ko)
      assert.match(words.en, en)
      assert.deepEqual(call.problems, [])
      if (path.startsWith('/ssp/')) assert.ok(text.includes(JSON.stringify(words).replace(/</g, '\\u003c')))
      else assert.ok(words.ko.startsWith(JSON.parse(text).ResultMsg.replace(/…$/, '')))
      assert.equal(answer.status, path.startsWith('/ssp/') ? 400 : 200)
    })
  }

  test('a browser that calls the API of servers is a warning, whatever the answer', async () => {
    const headers = { origin: 'https://shop.example', 'content-type': 'text/plain' }
    const { call, answer } = await send(approvalPath, { body: ticketBody(paid), headers })
    assert.deepEqual([call.code, call.warnings], ['3001', ['called_from_browser']])
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
  })
})

describe('an accepted form that another gateway might reject', () => {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  const nineHoursAgo = new Date(new Date('2025-01-02T03:04:05+09:00').getTime() - 9 * 60 * 60_000)
  for (const [name, form, warning, says] of [
    [
      'no MallReserved',
      { ...requestForm(), MallReserved: '' },
      'merchant_note_missing',
      /MallReserved가 없습니다. .*거절할 수 있습니다. Base64로 인코딩한 값을 보내세요/,
    ],
    [
      'plain MallReserved',
      { ...requestForm(), MallReserved: 'order=1' },
      'merchant_note_not_base64',
      /Base64가 아닙니다. .*Base64로 인코딩하세요/,
    ],
    [
      'EdiDate in UTC',
      requestForm({ requestedAt: nineHoursAgo }),
      'request_time_utc',
      /9시간 이릅니다. UTC로 .*한국 시각\(Asia\/Seoul\)으로 적으세요/,
    ],
    [
      'the MerchantKey',
      { ...requestForm(), MerchantKey: 'x'.repeat(88) },
      'merchant_key_leaked',
      /상점키\(MerchantKey\)가 들어 있습니다. .*폼에서 빼고, 운영 키라면 바로 바꾸세요/,
    ],
  ] as const) {
    test(name, async () => {
      const { call } = await send('/ssp/reqPay.do', { body: String(new URLSearchParams(form)), headers: type })
      assert.deepEqual([call.result, call.warnings], ['ok', [warning]])
      const { text } = await logged.read(`/requests/${call.id}`)
      assert.match(text, new RegExp(`data-warning="${warning}"`))
      assert.match(text, says)
    })
  }
})

describe('which half of a ticket is wrong stands in the log, not in the answer', () => {
  for (const [name, change, mistake, ko] of [
    [
      'TrAuthKey',
      { approvalTicket: 'f'.repeat(64) },
      'ticket_wrong',
      /TrAuthKey가 그 거래의 것이 아닙니다\. .*자르거나 바꾸지 말고/,
    ],
    ['Tid', { transactionId: 'ssptest01m01012501020304059999' }, 'transaction_unknown', /Tid가 이 게이트웨이에 없습/],
  ] as const) {
    for (const path of [approvalPath, inquiryPath]) {
      test(`${name}: ${path}`, async () => {
        const { text, call, words } = await send(path, { body: ticketBody({ ...paid, ...change }) })
        assert.deepEqual([call.code, call.explanation?.mistakes], ['S101', [mistake]])
        assert.match(words.ko, ko)
        assert.match(JSON.parse(text).ResultMsg, /^거래번호\(Tid\) 또는 인증키\(TrAuthKey\)가 맞지 않습니다\.$/)
      })
    }
  }
})

describe('a rejected cancellation', () => {
  for (const [name, change, code, ko, en] of [
    [
      'too much',
      { CancelAmt: '2000', PartialCancelCode: '1' },
      '2032',
      /남은 금액은 1,004원인데 2,000원/,
      /1,004 won are left/,
    ],
    [
      'full, another amount',
      { CancelAmt: '500' },
      '2011',
      /결제 금액 1,004원.*PartialCancelCode=1/,
      /PartialCancelCode=1/,
    ],
    ['wrong password', { CancelPwd: '000000' }, 'S501', /4번 더 틀리면/, /4 more wrong/],
  ] as const) {
    test(`${name}: the log has the numbers and the cure`, async () => {
      const asked = encryptedRequest({ Tid: paid.transactionId, ...change })
      const { text, call, words } = await send(cancelPath, { body: asked })
      assert.equal(call.code, code)
      assert.match(words.ko, ko)
      assert.match(words.en, en)
      assert.doesNotMatch(text, /1,004|4번/)
    })
  }
})

test('several wrong fields: the message ends with a whole word and within its length', async () => {
  const { text } = await send(approvalPath, { body: '{"Tid":"1","TrAuthKey":"한글"}' })
  const message: string = JSON.parse(text).ResultMsg
  assert.ok(message.length <= 100, message)
  const whole =
    (await logged.calls())
      .at(-1)
      ?.problems.map(({ ko }) => ko)
      .join(' ') ?? ''
  assert.ok(message.endsWith('…') ? whole.startsWith(`${message.slice(0, -1)} `) : whole === message, message)
})
