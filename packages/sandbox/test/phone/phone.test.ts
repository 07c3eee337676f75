import assert from 'node:assert/strict'
import { test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { createInbox, maskPhone } from '../../src/phone/inbox.ts'
import { identityRoutes } from '../../src/phone/route.ts'

const phone = '01012341111'

function newInbox() {
  let now = Date.parse('2026-01-02T03:04:05Z')
  const inbox = createInbox({ ...realRuntime, now: () => new Date(now) })
  const pass = (ms: number): void => {
    now += ms
  }
  return { inbox, pass }
}

const codeIn = (inbox: ReturnType<typeof newInbox>['inbox']): string => {
  const code = inbox.messages()[0]?.code
  assert.match(code ?? '', /^[0-9]{6}$/)
  return code ?? ''
}

test('the right code verifies, once', () => {
  const { inbox } = newInbox()
  const verificationId = inbox.sendCode(phone)
  const code = codeIn(inbox)
  assert.equal(inbox.checkCode(verificationId, code), 'verified')
  assert.equal(inbox.checkCode(verificationId, code), 'expired')
})

test('five wrong codes end a verification', () => {
  const { inbox } = newInbox()
  const verificationId = inbox.sendCode(phone)
  const code = codeIn(inbox)
  const wrong = code === '000000' ? '000001' : '000000'
  for (let tries = 0; tries < 5; tries++) assert.equal(inbox.checkCode(verificationId, wrong), 'wrong')
  assert.equal(inbox.checkCode(verificationId, code), 'expired')
})

test('a code is good for three minutes', () => {
  const { inbox, pass } = newInbox()
  const early = inbox.sendCode(phone)
  const earlyCode = codeIn(inbox)
  pass(3 * 60_000 - 1)
  assert.equal(inbox.checkCode(early, earlyCode), 'verified')
  const late = inbox.sendCode(phone)
  const lateCode = codeIn(inbox)
  pass(3 * 60_000)
  assert.equal(inbox.checkCode(late, lateCode), 'expired')
})

test('an unknown verification is expired', () => assert.equal(newInbox().inbox.checkCode('none', '000000'), 'expired'))

test('the inbox is newest first, filtered by phone in any spelling, and shows no number in clear', () => {
  const { inbox } = newInbox()
  inbox.sendCode(phone)
  inbox.sendCode('01012342222')
  inbox.sendCode(phone)
  assert.deepEqual(
    inbox.messages().map(({ maskedPhone }) => maskedPhone),
    ['010-****-1111', '010-****-2222', '010-****-1111'],
  )
  for (const spelling of [phone, '010-1234-1111', '+82 10-1234-1111'])
    assert.equal(inbox.messages(spelling).length, 2, spelling)
  assert.doesNotMatch(JSON.stringify(inbox.messages()), /1234/)
})

test('the inbox keeps the last 200 messages', () => {
  const { inbox } = newInbox()
  const first = inbox.sendCode(phone)
  for (let count = 0; count < 200; count++) inbox.sendCode('01099992222')
  assert.equal(inbox.messages().length, 200)
  assert.equal(inbox.messages(phone).length, 0)
  assert.equal(inbox.checkCode(first, '000000'), 'expired')
})

test('a phone is shown by its first three and last four digits', () =>
  assert.equal(maskPhone('+82 10-9876-5432'), '010-****-5432'))

const badRequests: readonly (readonly [string, string])[] = [
  ['/codes', ''],
  ['/codes', '[]'],
  ['/codes', '{"phone":1}'],
  ['/codes', '{"phone":"<b>"}'],
  ['/codes/check', '{"code":"000000"}'],
]
for (const [path, body] of badRequests)
  test(`the identity agency refuses ${path} ${body}`, async () => {
    const answer = await identityRoutes(newInbox().inbox).request(path, { method: 'POST', body })
    assert.equal(answer.status, 400)
  })
