import assert from 'node:assert/strict'
import { test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { type AgencyAnswer, connectingInformation, createAgency } from '../../src/phone/agency.ts'
import { createInbox, maskPhone } from '../../src/phone/inbox.ts'
import { identityRoutes } from '../../src/phone/route.ts'
import { type PhoneBehaviour, testPhones } from '../../src/phone/test-phones.ts'

const phone = '01012341111'
const person = { name: '홍길동', birthDate: '19900815', gender: 'male', phone } as const

function openAgency() {
  let now = Date.parse('2026-01-02T03:04:05Z')
  const runtime = { ...realRuntime, now: () => new Date(now) }
  const inbox = createInbox(runtime)
  const agency = createAgency(runtime, inbox)
  const send = (to: string = phone): { verificationId: string; code: string } => {
    const sent = agency.sendCode({ ...person, phone: to })
    assert.ok(typeof sent === 'object' && sent.verificationId !== undefined)
    const [newest] = inbox.messages(to)
    assert.ok(newest?.kind === 'code')
    return { verificationId: sent.verificationId, code: newest.code }
  }
  const pass = (ms: number): void => {
    now += ms
  }
  return { inbox, agency, send, pass }
}

const resultOf = (answer: AgencyAnswer): string | undefined => (answer === 'unreachable' ? answer : answer.result)

test('the right code verifies, once, and the agency says whom', () => {
  const { agency, send } = openAgency()
  const { verificationId, code } = send()
  assert.match(code, /^[0-9]{6}$/)
  const ci = connectingInformation(person)
  assert.match(ci, /^[A-Za-z0-9+/]{86}==$/)
  assert.deepEqual(agency.checkCode(verificationId, code), { result: 'verified', ...person, ci })
  assert.deepEqual(agency.checkCode(verificationId, code), { result: 'expired' })
})

test('the same person has the same CI whatever the phone, and nobody else has it', () => {
  const ci = connectingInformation(person)
  assert.equal(connectingInformation({ ...person, name: ' 홍 길동' }), ci)
  for (const change of [{ name: '홍길순' }, { birthDate: '19900816' }, { gender: 'female' }] as const)
    assert.notEqual(connectingInformation({ ...person, ...change }), ci)
})

test('five wrong codes end a verification', () => {
  const { agency, send } = openAgency()
  const { verificationId, code } = send()
  const wrong = code === '000000' ? '000001' : '000000'
  for (let tries = 0; tries < 5; tries++) assert.deepEqual(agency.checkCode(verificationId, wrong), { result: 'wrong' })
  assert.deepEqual(agency.checkCode(verificationId, code), { result: 'expired' })
})

test('a code is good for three minutes', () => {
  const { agency, send, pass } = openAgency()
  const early = send()
  pass(3 * 60_000 - 1)
  assert.equal(resultOf(agency.checkCode(early.verificationId, early.code)), 'verified')
  const late = send()
  pass(3 * 60_000)
  assert.equal(resultOf(agency.checkCode(late.verificationId, late.code)), 'expired')
})

test('an unknown verification is expired', () =>
  assert.equal(resultOf(openAgency().agency.checkCode('none', '000000')), 'expired'))

const phoneOf = (behaviour: PhoneBehaviour): string =>
  testPhones.find((one) => one.behaviour === behaviour)?.phone ?? assert.fail()

/** What each test phone does: the answer to sending, the answer to the right code. */
const behaviours: Readonly<Record<PhoneBehaviour, readonly [sent: string, checked?: string]>> = {
  verify: ['sent', 'verified'],
  no_code: ['sent'],
  rejected: ['rejected'],
  unreachable: ['unreachable'],
  check_unreachable: ['sent', 'unreachable'],
  expired: ['sent', 'expired'],
  no_ci: ['sent', 'verified'],
  other_person: ['sent', 'verified'],
  message_lost: ['sent', 'verified'],
}

for (const { behaviour, phone: to, note } of testPhones)
  test(`the test phone ${to}: ${note.en}`, () => {
    const { agency, inbox } = openAgency()
    const [expectedToSend, expectedToCheck] = behaviours[behaviour]
    const sent = agency.sendCode({ ...person, phone: to })
    assert.equal(resultOf(sent) ?? 'sent', expectedToSend)
    const [message] = inbox.messages(to)
    assert.equal(message?.kind, expectedToCheck === undefined ? undefined : 'code')
    if (typeof sent !== 'object' || message?.kind !== 'code') return
    const checked = agency.checkCode(sent.verificationId ?? '', message.code)
    assert.equal(resultOf(checked), expectedToCheck)
    if (typeof checked !== 'object' || checked.result !== 'verified') return
    assert.equal(checked.ci === undefined, behaviour === 'no_ci')
    assert.equal(checked.name !== person.name, behaviour === 'other_person')
    assert.equal(checked.ci !== connectingInformation(person) && checked.ci !== undefined, behaviour === 'other_person')
  })

test('every behaviour has its test phone, once', () => {
  assert.deepEqual(testPhones.map(({ behaviour }) => behaviour).toSorted(), Object.keys(behaviours).toSorted())
  assert.equal(new Set(testPhones.map((one) => one.phone)).size, testPhones.length)
})

test('other text messages arrive too, except at the phone that takes none', () => {
  const { agency, inbox } = openAgency()
  assert.deepEqual(agency.sendMessage(phone, 'password_reset'), { result: 'accepted' })
  assert.equal(inbox.messages(phone)[0]?.kind, 'password_reset')
  assert.equal(agency.sendMessage(phoneOf('message_lost'), 'phone_changed'), 'unreachable')
  assert.equal(inbox.messages(phoneOf('message_lost')).length, 0)
})

test('the inbox is newest first, filtered by phone in any spelling, and shows no number in clear', () => {
  const { inbox, send } = openAgency()
  send()
  send('01012342222')
  send()
  assert.deepEqual(
    inbox.messages().map(({ maskedPhone }) => maskedPhone),
    ['010-****-1111', '010-****-2222', '010-****-1111'],
  )
  for (const spelling of [phone, '010-1234-1111', '+82 10-1234-1111'])
    assert.equal(inbox.messages(spelling).length, 2, spelling)
  assert.doesNotMatch(JSON.stringify(inbox.messages().map(({ maskedPhone }) => maskedPhone)), /1234/)
})

test('the inbox keeps the last 200 messages, and the agency the last 200 codes', () => {
  const { inbox, agency, send } = openAgency()
  const first = send()
  for (let count = 0; count < 200; count++) send('01099992222')
  assert.equal(inbox.messages().length, 200)
  assert.equal(inbox.messages(phone).length, 0)
  assert.deepEqual(agency.checkCode(first.verificationId, first.code), { result: 'expired' })
})

test('a phone is shown by its first three and last four digits', () =>
  assert.equal(maskPhone('+82 10-9876-5432'), '010-****-5432'))

const given = JSON.stringify(person)
const badRequests: readonly (readonly [string, string])[] = [
  ['/codes', ''],
  ['/codes', '[]'],
  ['/codes', '{"phone":1}'],
  ['/codes', given.replace(phone, '<b>')],
  ['/codes', given.replace('male', 'unknown')],
  ['/codes', given.replace('19900815', '900815')],
  ['/codes', given.replace('홍길동', ' ')],
  ['/codes/check', '{"code":"000000"}'],
  ['/messages', `{"phone":"${phone}","kind":"advertisement"}`],
  ['/messages', '{"kind":"password_reset"}'],
]
for (const [path, body] of badRequests)
  test(`the identity agency rejects ${path} ${body}`, async () => {
    const answer = await identityRoutes(openAgency().agency).request(path, { method: 'POST', body })
    assert.equal(answer.status, 400)
  })

test('over HTTP an agency that fails answers 503', async () => {
  const body = given.replace(phone, phoneOf('unreachable'))
  const answer = await identityRoutes(openAgency().agency).request('/codes', { method: 'POST', body })
  assert.equal(answer.status, 503)
})
