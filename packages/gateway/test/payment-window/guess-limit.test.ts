import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rejectionCounts } from '../../src/admission/rejections.ts'
import { asRequest } from '../../src/logging/current-request.ts'
import { createGuessLimit } from '../../src/payment-window/guess-limit.ts'
import { testSettings } from '../support.ts'
import { Buyer, buyer, openWindowFixture, rightCode, seenFrom, type WindowFixture } from './buyer.ts'
import { requestForm } from './request-form.ts'

const bounds = {
  freePerAddress: 3,
  freeUnderAttack: 1,
  freePerMerchant: 5,
  forgetOfAddressMs: 600_000,
  forgetOfMerchantMs: 600_000,
  firstDelayMs: 1_000,
  longestDelayMs: 60_000,
}

function openLimit(change: Partial<typeof bounds> = {}) {
  let nowMs = 1_000_000
  const rejected: string[] = []
  const onRejected = (bound: string): void => void rejected.push(bound)
  const limit = createGuessLimit({ now: () => new Date(nowMs) }, { ...bounds, ...change, mostKeys: 100, onRejected })
  /** `undefined`: it may be compared; otherwise how long to wait, in milliseconds. */
  const guess = async (
    address: string | undefined,
    merchantId = 'shop',
    isRight = false,
  ): Promise<number | undefined> =>
    asRequest(new Date(0), { slot: undefined, address }, async () => {
      const begun = limit.begin({ merchantId })
      if (!begun.ok) return begun.retryAfterMs
      if (isRight) begun.undo()
      return undefined
    })
  return {
    guess,
    rejected,
    advance(durationMs: number) {
      nowMs += durationMs
    },
  }
}

test('beyond the free ones each wrong guess of an address waits twice as long, up to the longest', async () => {
  const { guess, advance, rejected } = openLimit({ freePerMerchant: 1_000 })
  for (let free = 0; free < 3; free++) assert.equal(await guess('a'), undefined)
  const waits: number[] = []
  for (let round = 0; round < 8; round++) {
    const wait = (await guess('a')) ?? 0
    waits.push(wait)
    advance(wait - 1)
    assert.equal(await guess('a'), 1)
    advance(1)
    assert.equal(await guess('a'), undefined)
  }
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  assert.ok(rejected.every((bound) => bound === 'per_address'))
  assert.equal(await guess('b'), undefined, 'others do not wait')
})

test('wrong guesses are forgotten one by one', async () => {
  const { guess, advance } = openLimit({ freePerMerchant: 1_000 })
  for (let tried = 0; tried < 3; tried++) await guess('a')
  assert.equal(await guess('a'), 1_000)
  advance(600_000)
  assert.equal(await guess('a'), undefined)
  assert.equal(await guess('a'), 1_000)
})

test('right ones do not count, and guesses at the same moment all do', async () => {
  const { guess } = openLimit()
  for (let tried = 0; tried < 20; tried++) assert.equal(await guess('a', 'shop', true), undefined)
  const atOnce = await Promise.all(Array.from({ length: 20 }, () => guess('b')))
  assert.equal(atOnce.filter((wait) => wait === undefined).length, 3)
})

test('while a merchant is over its number, an address has hardly any free guesses there, and a new one still has one', async () => {
  const { guess, rejected } = openLimit()
  for (let address = 0; address < 6; address++) assert.equal(await guess(`botnet ${address}`), undefined)
  assert.equal(await guess('a'), undefined)
  assert.equal(await guess('a'), 1_000)
  assert.deepEqual(rejected, ['per_merchant'])
  assert.equal(await guess('buyer', 'shop', true), undefined)
  assert.equal(await guess('a', 'another shop'), undefined)
})

test('without a client address nothing is rejected', async () => {
  const { guess } = openLimit()
  for (let tried = 0; tried < 20; tried++) assert.equal(await guess(undefined), undefined)
})

const openWith = (guesses: Partial<typeof bounds>): Promise<WindowFixture> =>
  openWindowFixture({}, { settings: { limits: { ...testSettings.limits, guesses: { ...bounds, ...guesses } } } })

const rejectedGuesses = (): number =>
  rejectionCounts().find((one) => one.resource === 'guess' && one.limiter === 'per_address')?.count ?? 0

const waits = /비밀번호나 인증번호가 여러 번 틀려 잠시 확인할 수 없어요\. 1초 뒤에 다시 시도해 주세요\./

test('guessing passwords of many members from one address waits without costing attempts, and others pay', async () => {
  await using fixture = await openWith({ freePerMerchant: 1_000 })
  const members = Array.from({ length: 3 }, (_, number) => ({ customerId: `member${number}` }))
  for (const member of members) {
    const person = new Buyer(fixture)
    await person.open(requestForm(member))
    await person.join('739214')
  }
  const before = rejectedGuesses()
  for (const member of members) {
    const guesser = new Buyer(seenFrom(fixture, '203.0.113.7'))
    await guesser.open(requestForm(member))
    await guesser.tapPassword('274905')
    assert.match(guesser.page.text, /결제 비밀번호가 맞지 않아요\. 4번 더/)
  }
  const guesser = new Buyer(seenFrom(fixture, '203.0.113.7'))
  await guesser.open(requestForm(members[0]))
  await guesser.tapPassword('274905')
  assert.match(guesser.page.text, waits)
  assert.equal(rejectedGuesses() - before, 1)
  const other = new Buyer(seenFrom(fixture, '203.0.113.8'))
  await other.open(requestForm(members[0]))
  await other.tapPassword('274905')
  assert.match(other.page.text, /결제 비밀번호가 맞지 않아요\. 3번 더/)
  await other.tapPassword('739214')
  assert.match(other.page.text, /결제 인증이 끝났어요/)
  fixture.clock.advance(1_000)
  await guesser.tapPassword('739214')
  assert.match(guesser.page.text, /결제 인증이 끝났어요/)
})

test('one-time codes count with them', async () => {
  await using fixture = await openWith({ freePerMerchant: 1_000 })
  const askForCode = async (customerId: string): Promise<Buyer> => {
    const person = new Buyer(seenFrom(fixture, '203.0.113.7'))
    await person.open(requestForm({ customerId }))
    await person.submit('terms', { agreeAll: 'Y' })
    await person.submit('identity', buyer)
    return person
  }
  for (const [customerId, wrong] of [
    ['customer1', 2],
    ['customer2', 1],
  ] as const) {
    const guesser = await askForCode(customerId)
    for (let tried = 0; tried < wrong; tried++) await guesser.submit('identity-code', { code: '000000' })
  }
  const person = await askForCode('customer9')
  await person.submit('identity-code', { code: rightCode })
  assert.match(person.page.text, waits)
  fixture.clock.advance(1_000)
  await person.submit('identity-code', { code: rightCode })
  assert.equal(person.page.step, 'card')
})
