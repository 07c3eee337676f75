import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { type AbortResult, abortResult, writeMessage } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import fc from 'fast-check'
import { defineMerchant, readAbort, readAuthentication, readAuthenticationFields } from '../src/index.ts'
import { approvalTicket, config, ticket, transactionId } from './samples.ts'

const merchant = defineMerchant(config)

const formType = 'application/x-www-form-urlencoded'
const posted = (body: string | Uint8Array, contentType = formType): Request =>
  new Request('http://shop.example/return', { method: 'POST', body, headers: { 'content-type': contentType } })

const right = `Tid=${transactionId}&TrAuthKey=${approvalTicket}`

const readable: readonly (readonly [string, Request, Readonly<Record<string, string>>])[] = [
  ['the form of the guide', posted(right), {}],
  ['a form with charset', posted(right, `${formType}; charset=utf-8`), {}],
  [
    'a form in EUC-KR',
    posted(`${right}&${encodeForm({ Note: '한글' }, 'euc-kr')}`, `${formType}; charset=euc-kr`),
    { Note: '한글' },
  ],
  ['an undeclared form in EUC-KR', posted(`${right}&${encodeForm({ Note: '뷁' }, 'euc-kr')}`), { Note: '뷁' }],
  ['the same name twice with one value', posted(`${right}&Tid=${transactionId}`), {}],
  ['fields nobody knows', posted(`${right}&ResultCode=0000`), { ResultCode: '0000' }],
  ['JSON', posted(JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket }), 'application/json'), {}],
]

for (const [name, request, unknownFields] of readable) {
  test(`${name} is read`, async () => {
    const read = await readAuthentication(merchant, request)
    assert.ok(read.outcome === 'authenticated', JSON.stringify(read))
    assert.equal(read.approvalTicket.transactionId, transactionId)
    assert.equal(read.approvalTicket.exposeSecret(), approvalTicket)
    assert.deepEqual({ ...read.unknownFields }, unknownFields)
  })
}

const rejected: readonly (readonly [string, Request, readonly string[]])[] = [
  ['a GET', new Request(`http://shop.example/return?${right}`), ['Tid missing', 'TrAuthKey missing']],
  ['an empty body', posted(''), ['Tid missing', 'TrAuthKey missing']],
  ['a broken JSON', posted('{"Tid":', 'application/json'), ['Tid missing', 'TrAuthKey missing']],
  ['a body over 64 kB', posted(`${right}&x=${'y'.repeat(70_000)}`), ['Tid missing', 'TrAuthKey missing']],
  ['no ticket', posted(`Tid=${transactionId}`), ['TrAuthKey missing']],
  ['an over-long ticket', posted(`Tid=${transactionId}&TrAuthKey=${'a'.repeat(257)}`), ['TrAuthKey too_long']],
  ['two different transactions', posted(`${right}&Tid=other`), ['Tid repeated']],
  ['a transaction with markup', posted(`Tid=%3Cb%3E&TrAuthKey=${approvalTicket}`), ['Tid malformed']],
]

for (const [name, request, problems] of rejected) {
  test(`${name} is rejected with the name of the field`, async () => {
    const read = await readAuthentication(merchant, request)
    assert.ok(read.outcome === 'rejected')
    assert.deepEqual(
      read.problems.map(({ field, rule }) => `${field} ${rule}`),
      problems,
    )
  })
}

test('a body that was consumed before is a mistake in the shop, and says so', async () => {
  const request = posted(right)
  await request.text()
  await assert.rejects(readAuthentication(merchant, request), /has been read already/)
})

test('a body that breaks off has no fields', async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('Tid=1'))
      controller.error(new Error('gone'))
    },
  })
  const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': formType } }
  assert.equal(
    (await readAuthentication(merchant, new Request('http://shop.example/', init as RequestInit))).outcome,
    'rejected',
  )
})

test('a ticket prints without its secret', () => {
  for (const printed of [inspect(ticket(), { depth: 9, showHidden: true }), JSON.stringify(ticket()), `${ticket()}`]) {
    assert.ok(!printed.includes(approvalTicket))
  }
})

test('no body makes a reader throw', async () => {
  const contentTypes = fc.constantFrom(
    formType,
    `${formType}; charset=x`,
    'application/json',
    'text/plain',
    'multipart/form-data',
  )
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), contentTypes, async (bytes, contentType) => {
      await readAuthentication(merchant, posted(bytes, contentType))
      await readAbort(posted(bytes, contentType))
    }),
  )
})

test('fields of any names and values never throw', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (fields) => void readAuthenticationFields(merchant, fields)),
  )
})

const aborted: AbortResult = {
  paymentMethod: 'CARD',
  goodsName: '커피 & 케이크',
  amount: 1004,
  orderId: 'ORD0001',
  merchantId: 'ssptest01m',
  customerId: 'user0001',
  buyerName: '홍길동',
  buyerPhone: '01099991111',
  buyerEmail: 'noname@example.com',
  merchantNote: '7ZWc6riAIOyYiOu5hA==',
  resultCode: 'S201',
  resultMessage: '사용자가 결제를 중단했습니다.',
}

for (const charset of ['utf-8', 'euc-kr'] as const) {
  test(`the twelve fields of an abort are read in ${charset}`, async () => {
    const fields = { ...writeMessage(abortResult, aborted), Extra: '1' }
    const read = await readAbort(posted(encodeForm(fields, charset), `${formType}; charset=${charset}`))
    assert.ok(read.outcome === 'aborted', JSON.stringify(read))
    assert.deepEqual(read.abort, { ...aborted, merchantNote: '한글 예비' })
    assert.deepEqual({ ...read.unknownFields }, { Extra: '1' })
  })
}

test('an abort with a field twice is rejected', async () => {
  const read = await readAbort(posted(`${encodeForm(writeMessage(abortResult, aborted), 'utf-8')}&Amt=1`))
  assert.ok(read.outcome === 'rejected')
  assert.deepEqual(
    read.problems.map(({ field, rule }) => `${field} ${rule}`),
    ['Amt repeated'],
  )
})
