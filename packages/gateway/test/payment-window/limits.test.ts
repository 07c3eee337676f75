import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinBound } from '../../../../test/support/bound-member.ts'
import { until } from '../../../../test/support/until.ts'
import { argon2Hasher, type PasswordHasher } from '../../src/members/password-hash.ts'
import { setPaymentPassword } from '../../src/members/payment-password.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { testIdentity, testSettings } from '../support.ts'
import { Buyer, buyer, openWindowFixture, post, seenFrom, type WindowFixture } from './buyer.ts'
import { requestForm, testMerchant } from './request-form.ts'

const rate = { burst: 3, refillEveryMs: 60_000 }

const openWith = (limits: Partial<typeof testSettings.limits>): Promise<WindowFixture> =>
  openWindowFixture({}, { settings: { limits: { ...testSettings.limits, ...limits } } })

async function rowsOf({ context }: WindowFixture): Promise<number> {
  const [row] = await context.storage.read<{ readonly total: number }>(
    'select (select count(*) from payments) + (select count(*) from window_sessions) + (select count(*) from payment_events) as total',
  )
  return row?.total ?? 0
}

const openFrom = (fixture: WindowFixture, address: string, form = requestForm()): Promise<Response> =>
  Promise.resolve(fixture.app.request('/ssp/reqPay.do', post(form), { address }))

async function assertOverloaded(answer: Response, retryAfter: string): Promise<void> {
  assert.equal(answer.status, 503)
  assert.equal(answer.headers.get('retry-after'), retryAfter)
  assert.equal(answer.headers.get('x-sspay-result'), 'S901')
  const page = await answer.text()
  assert.match(page, /S901 요청이 많아 처리하지 못했습니다/)
  assert.match(page, /lang="en">Too many requests/)
}

test('one address opens so many windows, others are unharmed, and time gives more', async () => {
  await using fixture = await openWith({ windowsPerAddress: rate })
  for (let opened = 0; opened < 3; opened++) assert.equal((await openFrom(fixture, '203.0.113.7')).status, 303)
  const rows = await rowsOf(fixture)
  await assertOverloaded(await openFrom(fixture, '203.0.113.7'), '60')
  assert.equal(await rowsOf(fixture), rows, 'a rejection stores nothing')
  assert.equal((await openFrom(fixture, '203.0.113.8')).status, 303)
  fixture.clock.advance(60_000)
  assert.equal((await openFrom(fixture, '203.0.113.7')).status, 303)
  await assertOverloaded(await openFrom(fixture, '203.0.113.7'), '60')
})

test('an address over its rate is rejected before its form is read', async () => {
  await using fixture = await openWith({ windowsPerAddress: { burst: 1, refillEveryMs: 60_000 } })
  await openFrom(fixture, '203.0.113.7')
  let isRead = false
  const body = new ReadableStream(
    {
      pull(controller) {
        isRead = true
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  const answer = await fixture.app.request('/ssp/reqPay.do', { method: 'POST', body, duplex: 'half' } as RequestInit, {
    address: '203.0.113.7',
  })
  assert.equal(answer.status, 503)
  assert.equal(isRead, false)
})

test('one merchant opens so many windows, other merchants are unharmed', async () => {
  await using fixture = await openWith({ windowsPerMerchant: rate })
  await saveMerchant(fixture.context, { ...testMerchant, merchantId: 'ssptest02m' })
  const other = requestForm({ merchantId: 'ssptest02m' })
  for (let opened = 0; opened < 3; opened++) assert.equal((await openFrom(fixture, `203.0.113.${opened}`)).status, 303)
  const rows = await rowsOf(fixture)
  await assertOverloaded(await openFrom(fixture, '203.0.113.9'), '60')
  assert.equal(await rowsOf(fixture), rows, 'a rejection stores nothing')
  for (let opened = 0; opened < 3; opened++)
    assert.equal((await openFrom(fixture, `203.0.113.${opened}`, other)).status, 303)
})

test('forms that the merchant did not sign use up nothing of the merchant’s', async () => {
  await using fixture = await openWith({ windowsPerMerchant: { burst: 1, refillEveryMs: 60_000 } })
  const forged = { ...requestForm(), EncryptData: 'x'.repeat(44) }
  for (let tried = 0; tried < 5; tried++) assert.equal((await openFrom(fixture, '203.0.113.7', forged)).status, 400)
  assert.equal((await openFrom(fixture, '203.0.113.7')).status, 303)
})

async function askForCode(fixture: ConstructorParameters<typeof Buyer>[0], phone: string): Promise<Buyer> {
  const person = new Buyer(fixture)
  await person.open()
  await person.submit('terms', { agreeAll: 'Y' })
  await person.submit('identity', { ...buyer, phone })
  return person
}

test('one phone gets so many codes, however many windows ask, and other phones get theirs', async () => {
  await using fixture = await openWith({ codesPerPhone: { burst: 2, refillEveryMs: 10 * 60_000 } })
  await askForCode(fixture, '01011112222')
  await askForCode(fixture, '010-1111-2222')
  const third = await askForCode(fixture, '01011112222')
  assert.equal(fixture.codesSent.length, 2)
  assert.equal(third.page.step, 'identity')
  assert.match(third.page.text, /이 번호로 인증번호를 너무 많이 요청했어요\. 10분 뒤에 다시 시도해 주세요\./)
  await askForCode(fixture, '01033334444')
  assert.equal(fixture.codesSent.length, 3)
  fixture.clock.advance(10 * 60_000)
  const later = await askForCode(fixture, '01011112222')
  assert.equal(later.page.step, 'identity-code')
  assert.equal(fixture.codesSent.length, 4)
})

test('while a code is being sent, another press sends none and leads to the same code', async (t) => {
  await using fixture = await openWith({})
  const person = new Buyer(fixture)
  await person.open()
  await person.submit('terms', { agreeAll: 'Y' })
  const sending = Promise.withResolvers<void>()
  t.after(() => sending.resolve())
  fixture.agency.sends = sending.promise
  const press = (): Promise<Response> => person.request(person.page.url, post({ step: 'identity', ...buyer }))
  const first = press()
  await until(() => fixture.codesSent.length === 1, { what: 'the agency is asked' })
  const second = press()
  // The second press is as far as it comes, once later requests are answered.
  for (let reloads = 0; reloads < 5; reloads++) await person.reload()
  sending.resolve()
  await Promise.all([first, second])
  assert.equal(fixture.codesSent.length, 1)
  assert.equal((await person.reload()).step, 'identity-code')
})

test('one window sends so many codes, to whichever phones', async () => {
  await using fixture = await openWith({ codesPerWindow: 3 })
  const person = await askForCode(fixture, '01011110000')
  for (let again = 1; again < 6; again++) {
    if (person.page.step === 'identity-code') await person.submit('edit-identity')
    await person.submit('identity', { ...buyer, phone: `0101111000${again}` })
  }
  assert.equal(fixture.codesSent.length, 3)
  assert.match(person.page.text, /인증번호를 너무 많이 요청했어요\. 중단하고 처음부터 다시 시도해 주세요\./)
})

const codeBounds = {
  codesPerAddress: { what: 'address', others: 1 },
  codesPerMerchant: { what: 'merchant', others: 0 },
  codesInAll: { what: 'gateway', others: 0 },
} as const

for (const [name, { what, others }] of Object.entries(codeBounds)) {
  test(`one ${what} gets so many codes, however many windows and phones ask`, async () => {
    await using fixture = await openWith({ [name]: { burst: 3, refillEveryMs: 60_000 } })
    const from = (address: string, last: number) => askForCode(seenFrom(fixture, address), `0101111000${last}`)
    for (let sent = 0; sent < 3; sent++) assert.equal((await from('203.0.113.7', sent)).page.step, 'identity-code')
    const rejected = await from('203.0.113.7', 4)
    assert.equal(rejected.page.step, 'identity')
    assert.match(rejected.page.text, /지금은 인증번호 요청이 너무 많아요\. 60초 뒤에 다시 시도해 주세요\./)
    await from('203.0.113.8', 5)
    assert.equal(fixture.codesSent.length, 3 + others)
    fixture.clock.advance(60_000)
    assert.equal((await from('203.0.113.7', 6)).page.step, 'identity-code')
  })
}

test('a rejection by a shared limit uses up nothing of the phone’s', async () => {
  await using fixture = await openWith({
    codesInAll: { burst: 1, refillEveryMs: 60_000 },
    codesPerPhone: { burst: 1, refillEveryMs: 600_000 },
  })
  await askForCode(fixture, '01011110000')
  for (let tried = 0; tried < 3; tried++) await askForCode(fixture, '01022220000')
  fixture.clock.advance(60_000)
  assert.equal((await askForCode(fixture, '01022220000')).page.step, 'identity-code')
})

test('the log of a rejection has no phone number', async () => {
  await using fixture = await openWith({ codesPerPhone: { burst: 1, refillEveryMs: 60_000 } })
  await askForCode(fixture, '01011112222')
  await askForCode(fixture, '01011112222')
  assert.ok(!fixture.lines.join('').includes('1111'))
})

test('a form that is too large opens no window and moves none on', async () => {
  await using fixture = await openWindowFixture()
  const large = await fixture.app.request('/ssp/reqPay.do', post({ ...requestForm(), padding: 'x'.repeat(65 * 1024) }))
  assert.equal(large.status, 413)
  assert.equal(await rowsOf(fixture), 0)
  const person = new Buyer(fixture)
  await person.open()
  await person.submit('terms', { agreeAll: 'Y', padding: 'x'.repeat(9 * 1024) })
  assert.equal(person.page.step, 'terms')
})

test('a password that cannot be checked under load costs no attempt', async () => {
  await using fixture = await openWindowFixture()
  const person = new Buyer(fixture)
  await person.open()
  await person.join()
  await person.open()
  assert.equal(person.page.step, 'password')

  const crowd = await joinBound(fixture.context, {
    easyPayMerchantId: 'SSPTEST00p',
    customerId: 'crowd',
    identity: testIdentity,
  })
  const { promise: open, resolve: release } = Promise.withResolvers<string>()
  const slow: PasswordHasher = { ...argon2Hasher, hash: () => open }
  const waiting = Array.from({ length: 70 }, () => setPaymentPassword(fixture.context, crowd.memberId, '274905', slow))
  const rejected = await person.tapPassword('739214')
  assert.match(rejected.text, /지금은 요청이 많아요\. 잠시 뒤 다시 입력해 주세요\./)
  release('$hash')
  await Promise.all(waiting)
  await person.tapPassword('739214')
  assert.match(person.page.text, /결제 인증이 끝났어요/)
})
