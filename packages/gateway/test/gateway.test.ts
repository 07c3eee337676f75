import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { closing } from '../../../test/support/closing.ts'
import { until } from '../../../test/support/until.ts'
import { abortPayment } from '../src/approval/close-payment.ts'
import { findPayment } from '../src/approval/store.ts'
import { isLasting } from '../src/environment.ts'
import { type Listener, listen } from '../src/listen.ts'
import { findMemberIdentity } from '../src/members/store.ts'
import { saveMerchant } from '../src/merchants/store.ts'
import { type OpenedGateway, type OpenGatewayOptions, openGateway } from '../src/open-gateway.ts'
import { realRuntime } from '../src/runtime.ts'
import { Secret } from '../src/secret.ts'
import { defaultSettings } from '../src/settings.ts'
import { pendingMember } from './approval/pending-members.ts'
import {
  approved,
  authenticatedPayment,
  generousMs,
  startNetwork,
  type TestNetwork,
  testMerchant,
} from './approval/support.ts'
import { testRootKey } from './support.ts'
import { testPlace } from './test-storage.ts'

const key = testMerchant.merchantKey.expose()
const lines: string[] = []
let folder: string
let network: TestNetwork
let gateway: OpenedGateway
let listener: Listener

const optionsFor = async (dataFolder: string): Promise<OpenGatewayOptions> => ({
  place: await testPlace(dataFolder),
  rootKey: new Secret(testRootKey),
  settings: { ...defaultSettings, cardNetworkTimeoutMs: generousMs },
  cardNetworkUrl: network.url,
  identityUrl: network.url,
  seed: (context) => saveMerchant(context, testMerchant),
  logDestination: { write: (line) => lines.push(line) },
})

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  network = await startNetwork()
  gateway = await openGateway(await optionsFor(folder))
  listener = await listen({ fetch: gateway.fetch, host: '127.0.0.1', port: 0 })
})

after(async () => {
  await listener.close()
  await gateway.close()
  await network.close()
  await rm(folder, { recursive: true, force: true })
})

const call = async (path: string, init?: RequestInit) => {
  const answer = await fetch(listener.url + path, init)
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() }
}

const approveOverHttp = (ticket: { transactionId: string; approvalTicket: string }, path = 'urlCallApproval.do') =>
  call(`/payment/approval/${path}`, {
    method: 'POST',
    body: JSON.stringify({ Tid: ticket.transactionId, TrAuthKey: ticket.approvalTicket }),
    headers: { 'content-type': 'application/json' },
  })

const paymentContext = ({ context }: Pick<OpenedGateway, 'context'> = gateway) => ({
  ...context,
  cardNetwork: { authorize: fail, inquire: fail, reverse: fail, cancel: fail, verifyCard: fail },
})
const fail = (): never => {
  throw new Error('only the gateway asks the network')
}

test('fifty parallel approvals over HTTP: one network call, one body, always 200 and JSON', async () => {
  network.answerWith(() => approved)
  const ticket = await authenticatedPayment(paymentContext())
  const answers = await Promise.all(Array.from({ length: 50 }, () => approveOverHttp(ticket)))
  assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
  assert.equal(JSON.parse(answers[0]?.body ?? '').ResultCode, '3001')
  assert.ok(answers.every(({ status, type }) => status === 200 && type === 'application/json; charset=utf-8'))
  assert.equal(network.calls.filter(({ verb }) => verb === 'authorize').length, 1)
  assert.equal((await approveOverHttp(ticket, 'approvalInquiry.do')).body, answers[0]?.body)
})

test('the background asks again after silence, without anybody calling', async () => {
  network.answerWith((verb) => (verb === 'authorize' ? undefined : approved))
  const ticket = await authenticatedPayment(paymentContext())
  assert.equal(JSON.parse((await approveOverHttp(ticket)).body).ResultCode, 'S401')
  const inquire = async () => JSON.parse((await approveOverHttp(ticket, 'approvalInquiry.do')).body).ResultCode
  await until(async () => (await inquire()) === '3001', { every: 100, what: 'the approval' })
})

test('the background deletes payments that ended without an authentication, and members that none has bound', async () => {
  const options = await optionsFor(join(folder, 'forgotten'))
  const longAgo = new Date(Date.now() - defaultSettings.keepUnauthenticatedMs - 60_000)
  const before = await openGateway({ ...options, hasWorkers: false, runtime: { ...realRuntime, now: () => longAgo } })
  const { memberId, transactionId } = await pendingMember(paymentContext(before), 'forgotten', 'CI of the forgotten')
  assert.ok(await abortPayment(before.context, transactionId))
  await before.close()

  await using opened = closing(await openGateway(options))
  const { context } = opened
  await until(async () => (await findPayment(context, transactionId)) === undefined, {
    what: 'a payment to be deleted',
  })
  await until(async () => (await findMemberIdentity(context, memberId)) === undefined, {
    what: 'a member to be deleted',
  })
})

const rejections: readonly (readonly [what: string, path: string, init: RequestInit | undefined, code: string])[] = [
  ['a GET', '/payment/approval/urlCallApproval.do', undefined, 'S010'],
  ['an unknown path', '/payment/approval/nothing.do', undefined, 'S012'],
  ['an unknown path with slashes', '//payment//approval/nothing.do/', undefined, 'S012'],
  ['a path above', '/payment/', { method: 'POST', body: '{}' }, 'S012'],
  ['a missing field', '/payment/approval/urlCallApproval.do', { method: 'POST', body: '{"Tid":"1"}' }, 'S001'],
  ['doubled slashes', '//payment//approval///urlCallApproval.do', { method: 'POST', body: '{"Tid":"1"}' }, 'S001'],
  ['a slash at the end', '/payment/approval/ssbMemberDel.do/', { method: 'POST', body: 'x' }, 'S001'],
  ['a body too large', '/payment/approval/urlCallApproval.do', { method: 'POST', body: 'x'.repeat(70_000) }, 'S011'],
  ['a deletion that is none', '/payment/approval/ssbMemberDel.do', { method: 'POST', body: 'x' }, 'S001'],
  [
    'an inquiry about nothing',
    '/payment/approval/approvalInquiry.do',
    { method: 'POST', body: 'Tid=1&TrAuthKey=1' },
    'S101',
  ],
]

for (const [what, path, init, code] of rejections) {
  test(`${what} is answered with HTTP 200, JSON and ${code}`, async () => {
    const { status, type, body } = await call(path, init)
    assert.deepEqual([status, type, JSON.parse(body).ResultCode], [200, 'application/json; charset=utf-8', code])
    assert.ok(Object.values(JSON.parse(body)).every((value) => typeof value === 'string'))
  })
}

test('the drop-in script is served under any version and revalidated', async () => {
  const url = `${listener.url}/asset/js/SmartroPAY-1.0.min.js?version=20250102`
  const first = await fetch(url)
  assert.deepEqual([first.status, first.headers.get('cache-control')], [200, 'no-cache'])
  assert.match(first.headers.get('content-type') ?? '', /^text\/javascript/)
  assert.equal(first.headers.get('cross-origin-resource-policy'), 'cross-origin', 'for pages with an embedder policy')
  assert.match(await first.text(), /smartropay/)
  const again = await fetch(url, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
  assert.equal(again.status, 304)
})

test('the gateway says that it lives, and what is nowhere is a page for people', async () => {
  assert.equal((await call('/healthz')).body, 'ok\n')
  const { status, body } = await call('/nowhere')
  assert.deepEqual(
    [status, body.includes('없는 주소입니다.'), body.includes('nothing at this address')],
    [404, true, true],
  )
})

test('every call is logged without query, body or the token of a window', async () => {
  const token = 'c0ffee'.repeat(8)
  await call(`/ssp/window/${token}?secret=canary`, { method: 'POST', body: 'canary=1' })
  const written = lines.join('')
  assert.match(written, /"method":"POST","path":"\/ssp\/window\/\*","status":\d+,"durationMs":\d+,"event":"request"/)
  assert.equal(written.includes(token) || written.includes('canary'), false)
})

test('no log line contains a merchant key', () => {
  gateway.context.log.warn('mistake', { key, part: key.slice(0, 32), root: testRootKey })
  const written = lines.join('')
  assert.equal(written.includes(key.slice(0, 32)) || written.includes(testRootKey), false)
})

test('an error inside is S999 outside, and its cause is in the log only', async () => {
  const path = join(folder, 'broken')
  const broken = await openGateway(await optionsFor(path))
  await broken.close()
  const request = new Request('http://x/payment/approval/urlCallApproval.do', {
    method: 'POST',
    body: '{"Tid":"1","TrAuthKey":"1"}',
  })
  const answer = await broken.fetch(request)
  const body = await answer.text()
  assert.deepEqual([answer.status, JSON.parse(body).ResultCode], [200, 'S999'])
  assert.equal(body.includes('storage'), false)
  assert.match(lines.at(-2) ?? '', /request_failed.*the storage is closed|the storage is closed.*request_failed/)
})

test('a second gateway on the same folder, and another root key, are rejected with a sentence', async () => {
  const taken = { ...(await optionsFor(folder)), place: { dataFolder: join(folder, 'taken') } }
  await using _first = closing(await openGateway(taken))
  await assert.rejects(openGateway(taken), /Another gateway is running on this data folder/)
  const path = join(folder, 'encrypted')
  await (await openGateway(await optionsFor(path))).close()
  const withAnotherKey = { ...(await optionsFor(path)), rootKey: new Secret('00'.repeat(32)) }
  await assert.rejects(
    openGateway(withAnotherKey),
    (cause: Error) =>
      isLasting(cause) && /루트 키가 이.*SSPAY_ROOT_KEY에.*\nThe root key is not the one/.test(cause.message),
  )
  await (await openGateway(await optionsFor(path))).close()
})

test('the start names the merchants that an older version has saved with a setting that is rejected today', async () => {
  const path = join(folder, 'old')
  const options = await optionsFor(path)
  const opened = await openGateway(options)
  await opened.context.storage.transact((transaction) =>
    transaction.write("update merchants set name = 'bad\tname', acquirer_merchant_number = '12-34'"),
  )
  await opened.close()
  const before = lines.length
  await (await openGateway({ ...options, seed: async () => {} })).close()
  const named = lines.slice(before).flatMap((line) => (line.includes('merchant_unusable') ? [JSON.parse(line)] : []))
  assert.deepEqual(
    named.map(({ merchantId, problems }) => [merchantId, problems]),
    [[testMerchant.merchantId, 'name acquirer_merchant_number']],
  )
})
