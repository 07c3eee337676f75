import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { encodeForm } from '@sspay/protocol/charset'
import type { RecordedCall } from '../../src/request-log/model.ts'
import { encryptedRequest } from '../cancellation/support.ts'
import { merchantKey, requestForm } from '../payment-window/request-form.ts'
import {
  approvalPath,
  authenticate,
  cancelPath,
  deletionBody,
  deletionPath,
  inquiryPath,
  type LoggedGateway,
  named,
  openLoggedGateway,
  ticketBody,
} from './support.ts'

const inOrder = (calls: readonly RecordedCall[]): readonly RecordedCall[] =>
  calls.toSorted((one, other) => one.startedAt.getTime() - other.startedAt.getTime())

test('one payment is recorded from the form to the notification of its cancellation, each call under its transaction', async (t) => {
  await using logged = await openLoggedGateway()
  t.after(logged.close)
  const ticket = await authenticate(logged)
  await logged.ask(inquiryPath, ticketBody(ticket))
  await logged.ask(approvalPath, ticketBody(ticket))
  await logged.waitFor('notification', 1)
  await logged.ask(
    cancelPath,
    encryptedRequest({ Tid: ticket.transactionId, CancelAmt: '504', PartialCancelCode: '1' }),
  )
  await logged.waitFor('notification', 2)
  const calls = inOrder(await logged.calls())
  assert.deepEqual(calls.map(named), [
    'window ok',
    'step terms ok',
    'step identity ok',
    'identity ok code_sent',
    'step identity-code ok',
    'identity ok verified',
    'step card ok',
    'card-network ok verified',
    'step password-set ok',
    'step password-repeat ok',
    'step confirm ok',
    'return post ok',
    'inquiry ok S105',
    'approval ok 3001',
    'card-network ok approved',
    'notification ok delivered',
    'cancellation ok 2001',
    'card-network ok cancelled',
    'notification ok delivered',
  ])
  assert.deepEqual([...new Set(calls.map(({ transactionId }) => transactionId))], [ticket.transactionId])
  assert.deepEqual([...new Set(calls.map(({ merchantId }) => merchantId))], ['ssptest01m'])
  const { request } = calls.find(({ code, kind }) => kind === 'card-network' && code === 'verified') ?? assert.fail()
  for (const name of ['cardNumber', 'expiryMonth', 'expiryYear', 'ownerBirthDate', 'passwordFirstTwo'])
    assert.equal(request[name], '***', name)
  assert.match(request.verificationId ?? '', /^[0-9a-f]{32}$/)
  const ids = (await logged.calls()).map(({ id }) => id)
  assert.deepEqual(
    ids,
    [...new Set(ids)].toSorted((one, other) => one - other),
    'ids grow',
  )
})

describe('each kind of call', () => {
  let logged: LoggedGateway
  let seen = 0
  before(async () => {
    logged = await openLoggedGateway()
  })
  beforeEach(async () => {
    seen = (await logged.calls()).length
  })
  after(() => logged.close())

  const newCalls = async (): Promise<readonly RecordedCall[]> => (await logged.calls()).slice(seen)
  async function onlyCall(): Promise<RecordedCall> {
    const [call, ...more] = await newCalls()
    assert.ok(call !== undefined && more.length === 0, `${more.length} more`)
    return call
  }

  const formType = 'application/x-www-form-urlencoded'
  const open = (form: Readonly<Record<string, string>>) =>
    logged.ask('/ssp/reqPay.do', new URLSearchParams(form).toString(), formType)

  test('a form that opens a window: fields masked by its table, content type and charset', async () => {
    await open({ ...requestForm(), Surprise: 'unknown', EncodingType: 'utf8' })
    const { request, answer, ...call } = await onlyCall()
    assert.deepEqual(
      [call.direction, call.method, call.address, call.origin, call.status, call.charset, call.contentType],
      ['in', 'POST', '/ssp/reqPay.do', 'http://localhost', 303, 'utf-8', formType],
    )
    assert.equal(call.orderId, 'Moid_20210118154643')
    const { Amt, BuyerName, BuyerTel, EncryptData, Surprise, GoodsName } = request
    assert.deepEqual(
      { Amt, BuyerName, BuyerTel, EncryptData, Surprise, GoodsName },
      {
        Amt: '1004',
        BuyerName: '홍***',
        BuyerTel: '0***',
        EncryptData: '***',
        Surprise: '***',
        GoodsName: '거래 상품명 <&">',
      },
    )
    assert.deepEqual(answer, {})
    assert.ok(call.durationMs > 0)
  })

  test('a form in EUC-KR is decoded', async () => {
    const body = encodeForm({ ...requestForm(), GoodsName: '따뜻한 커피', EncodingType: 'euckr' }, 'euc-kr')
    await logged.ask('/ssp/reqPay.do', body, formType)
    const { charset, request } = await onlyCall()
    assert.deepEqual([charset, request.GoodsName], ['euc-kr', '따뜻한 커피'])
  })

  test('a wrong signature: the rejection, the fields to compare, and the deviation from the guide', async () => {
    const hex = Buffer.from(requestForm().EncryptData ?? '', 'base64').toString('hex')
    await open({ ...requestForm(), EncryptData: hex })
    const { result, code, reason, problems, explanation, transactionId } = await onlyCall()
    assert.deepEqual([result, code, transactionId], ['rejected', 'S002', undefined])
    assert.match(reason?.ko ?? '', /EncryptData/)
    assert.deepEqual(explanation?.mistakes, ['hex'])
    assert.match(explanation?.words.ko ?? '', /16진수/)
    assert.deepEqual(
      problems.map(({ field, rule }) => `${field} ${rule}`),
      ['EncryptData compare', 'EdiDate compare', 'Mid compare', 'Amt compare'],
    )
  })

  test('fields that violate their table are named with the rule', async () => {
    await open({ ...requestForm(), Amt: '1,004', BuyerName: '' })
    const { code, problems } = await onlyCall()
    assert.equal(code, 'S001')
    assert.deepEqual(
      problems.map(({ field, rule }) => `${field} ${rule}`),
      ['Amt malformed', 'BuyerName missing'],
    )
  })

  test('an accepted form names the fields that it went on without', async () => {
    await open({ ...requestForm(), BuyerEmail: '', UserIp: '1.2.3.4, 5.6.7.8' })
    const { result, problems, warnings } = await onlyCall()
    assert.deepEqual([result, warnings], ['ok', ['fields_ignored']])
    assert.deepEqual(
      problems.map(({ field, rule }) => `${field} ${rule}`),
      ['UserIp malformed', 'BuyerEmail missing'],
    )
  })

  test('a form that carries its key raises a warning, and the key is stored nowhere', async () => {
    for (const name of ['MerchantKey', 'merchantKey']) {
      seen = (await logged.calls()).length
      await open({ ...requestForm(), [name]: merchantKey })
      const call = await onlyCall()
      assert.deepEqual(call.warnings, ['merchant_key_leaked'])
      assert.equal(call.request[name], '***')
      assert.ok(!JSON.stringify(call).includes(merchantKey))
    }
  })

  test('an unknown merchant, an oversized body, and an empty one', async () => {
    await open(requestForm({ merchantId: 'nobody0001' }))
    await logged.ask('/ssp/reqPay.do', 'x'.repeat(70_000), formType)
    await logged.ask('/ssp/reqPay.do', '', formType)
    assert.deepEqual(
      (await newCalls()).map(({ merchantId, code, status }) => [merchantId, code, status]),
      [
        ['nobody0001', 'S005', 400],
        [undefined, 'S011', 413],
        [undefined, 'S010', 400],
      ],
    )
  })

  const rejectedCalls: readonly (readonly [name: string, path: string, body: string, kind: string, code: string])[] = [
    ['bad JSON', approvalPath, '{"Tid":', 'approval', 'S010'],
    ['no body', approvalPath, '', 'approval', 'S010'],
    ['an over-long body', approvalPath, `{"Tid":"${'1'.repeat(70_000)}"}`, 'approval', 'S011'],
    ['a missing ticket', approvalPath, '{"Tid":"ssptest01m01012501020304050001"}', 'approval', 'S001'],
    [
      'a ticket that nobody has',
      inquiryPath,
      ticketBody({ transactionId: 'ssptest01m01012501020304050001', approvalTicket: 'f'.repeat(64) }),
      'inquiry',
      'S101',
    ],
    ['an EncData that does not decrypt', cancelPath, '{"EncData":"AAAA","Mid":"ssptest01m"}', 'cancellation', 'S302'],
    [
      'a wrong signature of a cancellation',
      cancelPath,
      encryptedRequest({ Tid: 'ssptest01m01012501020304050001' }, { hashData: 'x' }),
      'cancellation',
      'S505',
    ],
    ['a deletion of nobody', deletionPath, deletionBody('nobody'), 'member-deletion', 'S301'],
    ['an unknown path', '/payment/approval/nothing.do?secret=1', '{}', 'unknown', 'S012'],
  ]
  for (const [name, path, body, kind, code] of rejectedCalls)
    test(`${name} is recorded as rejected`, async () => {
      await logged.ask(path, body)
      const call = await onlyCall()
      assert.deepEqual([call.kind, call.result, call.code, call.status], [kind, 'rejected', code, 200])
      assert.equal(call.address, path.replace(/\?.*/, ''))
    })

  test('missing fields of a server’s call are named, in a sealed body too', async () => {
    await logged.ask(approvalPath, '{"Tid":"ssptest01m01012501020304050001"}')
    await logged.ask(cancelPath, encryptedRequest({ Tid: 'ssptest01m01012501020304050001', CancelAmt: '1e3' }))
    const problems = (await newCalls()).map((call) => call.problems.map(({ field, rule }) => `${field} ${rule}`))
    assert.deepEqual(problems, [['TrAuthKey missing'], ['CancelAmt malformed']])
  })

  test('decrypted fields are masked by their own table, and the sealed body is shortened', async () => {
    await logged.ask(cancelPath, encryptedRequest({ Tid: 'ssptest01m01012501020304050001' }))
    await logged.ask(deletionPath, deletionBody('customer0001'))
    const [cancellation, deletion] = await newCalls()
    assert.match(cancellation?.request.EncData ?? '', /^.{8}\*\*\*$/)
    assert.deepEqual(
      [cancellation?.encrypted?.CancelPwd, cancellation?.encrypted?.HashData, cancellation?.encrypted?.CancelAmt],
      ['***', '***', '10000'],
    )
    assert.deepEqual(
      [deletion?.encrypted?.MallUserId, deletion?.encrypted?.VerifyValue, deletion?.encrypted?.ServiceType],
      ['c***', '***', 'MD'],
    )
  })

  test('of a submit only the step and the rejection are kept, never the input', async () => {
    const buyer = logged.newBuyer()
    await buyer.open(requestForm({ orderId: 'STEPS' }))
    await buyer.submit('terms', {})
    await buyer.submit('confirm', { typed: 'canary-typed' })
    await buyer.submit('<script>', { typed: 'canary-typed' })
    await buyer.submit('abort')
    const calls = await newCalls()
    assert.deepEqual(calls.map(named), [
      'window ok',
      'step terms rejected',
      'step confirm rejected',
      'step  rejected',
      'step abort ok',
      'abort post ok',
    ])
    assert.ok(
      calls.every(({ address }) => !/[0-9a-f]{20}/.test(address)),
      'no token of a window',
    )
    assert.ok(!JSON.stringify(calls).includes('canary-typed'))
    const stopped = calls.at(-1)
    assert.deepEqual(
      [stopped?.direction, stopped?.address, stopped?.request.ResultCode, stopped?.request.BuyerName],
      ['out', 'https://shop.example/stop', 'S201', '홍***'],
    )
  })

  test('a message from the layer to the shop’s page is recorded with its origin', async () => {
    const buyer = logged.newBuyer()
    await buyer.open({ ...requestForm({ orderId: 'LAYER' }), SspReturn: 'message' }, { origin: 'https://shop.example' })
    await buyer.submit('abort')
    const stopped = (await newCalls()).at(-1)
    assert.deepEqual(
      [stopped?.kind, stopped?.detail, stopped?.method, stopped?.address],
      ['abort', 'message', 'postMessage', 'https://shop.example'],
    )
  })

  test('views of pages, pictures and scripts are not recorded', async () => {
    const buyer = logged.newBuyer()
    await buyer.open(requestForm({ orderId: 'LOOKS' }))
    seen = (await logged.calls()).length
    await buyer.reload()
    await logged.gateway.fetch(new Request('http://localhost/asset/js/SmartroPAY-1.0.min.js'))
    await logged.gateway.fetch(new Request('http://localhost/healthz'))
    assert.deepEqual(await newCalls(), [])
  })
})
