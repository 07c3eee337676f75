import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import type { Rate } from '../../src/admission/limits.ts'
import type { CardRejection } from '../../src/card-network/port.ts'
import { readOwnerProof } from '../../src/payment-window/verify-card-owner.ts'
import { Buyer, buyer, cardFields, openWindowFixture, seenFrom, testCardNumber } from './buyer.ts'
import { fixture, member, newCustomer, password, returning, useWindow } from './members.ts'
import { requestForm } from './request-form.ts'
import { addCard, atCards, samsung, shinhan, textOf } from './wallets.ts'

useWindow()
afterEach(() => {
  fixture.issuer.says = { outcome: 'verified' }
  fixture.issuer.asked.length = 0
})

/** A new customer at the page that asks for a card. */
async function atCard(app: ConstructorParameters<typeof Buyer>[0] = fixture): Promise<Buyer> {
  const window = new Buyer(app)
  await window.open(requestForm(newCustomer()))
  await window.submit('terms', { agreeAll: 'Y' })
  await window.verify()
  assert.equal(window.page.step, 'card')
  return window
}

describe('a card', () => {
  test('is registered after its issuer has confirmed the verified person as owner', async () => {
    const window = await atCard()
    await addCard(window, shinhan)
    assert.equal(window.page.step, 'password-set')
    assert.deepEqual(fixture.issuer.asked, [
      {
        cardNumber: shinhan,
        expiryMonth: 12,
        expiryYear: 2030,
        ownerBirthDate: buyer.birthDate,
        passwordFirstTwo: '12',
      },
    ])
  })

  test('is not asked for with a birth date, and one that is posted counts for nothing', async () => {
    const window = await atCard()
    assert.doesNotMatch(textOf(window), /ownerBirthDate/)
    await addCard(window, shinhan, { ownerBirthDate: '800101' })
    assert.deepEqual(
      fixture.issuer.asked.map((asked) => 'ownerBirthDate' in asked && asked.ownerBirthDate),
      [buyer.birthDate],
    )
  })

  test('of a company is registered by its business number', async () => {
    const window = await atCard()
    await addCard(window, shinhan, { businessNumber: '123-45-6789' })
    assert.match(
      textOf(window),
      /<details class="corporate" open>[\s\S]*id="businessNumber-error"[^>]*>사업자등록번호 10자리를 확인해/,
    )
    assert.equal(fixture.issuer.asked.length, 0)
    await addCard(window, shinhan, { businessNumber: '123-45-67891' })
    const { cardNumber, expiryMonth, expiryYear, passwordFirstTwo, ...owner } = fixture.issuer.asked[0] ?? assert.fail()
    assert.deepEqual(owner, { businessNumber: '1234567891' })
    assert.equal(window.page.step, 'password-set')
  })

  for (const cardPassword of ['', '1', '123', 'ab', '１２'])
    test(`is not even asked about with “${cardPassword}” as the first two digits of its password`, async () => {
      const window = await atCard()
      await addCard(window, shinhan, { cardPassword })
      assert.match(textOf(window), /id="cardPassword-error"/)
      assert.equal(fixture.issuer.asked.length, 0)
    })

  const rejections: Readonly<Record<CardRejection, RegExp>> = {
    owner_mismatch: /id="cardNumber-error"[^>]*>본인 명의의 카드가 아니에요/,
    password_wrong: /id="cardPassword-error"[^>]*>카드 비밀번호 앞 2자리가 맞지 않아요/,
    card_stopped: /id="cardNumber-error"[^>]*>분실 신고되었거나 정지된 카드예요/,
    issuer_declined: /id="cardNumber-error"[^>]*>카드사가 확인해 주지 않은 카드예요/,
  }
  for (const [reason, words] of Object.entries(rejections) as [CardRejection, RegExp][])
    test(`that the issuer rejects as ${reason} is not registered, and the buyer reads why`, async () => {
      const window = await atCard()
      fixture.issuer.says = { outcome: 'rejected', reason }
      await addCard(window, shinhan)
      assert.equal(window.page.step, 'card')
      assert.match(textOf(window), words)
      assert.doesNotMatch(textOf(window), /value="12"[^>]*selected|name="cardPassword"[^>]*value=/)
      await window.submit('language', { language: 'en' })
      assert.doesNotMatch(/-error"[^>]*>([^<]*)/.exec(textOf(window))?.[1] ?? '가', /[가-힣]/)
      fixture.issuer.says = { outcome: 'verified' }
      await addCard(window, shinhan)
      assert.equal(window.page.step, 'password-set')
    })

  test('that cannot be asked about is not registered, and may be tried again', async () => {
    const window = await atCard()
    fixture.issuer.says = { outcome: 'unreachable' }
    for (let tries = 0; tries < 8; tries++) await addCard(window, shinhan)
    assert.match(textOf(window), /카드사에 카드를 확인하지 못했어요/)
    fixture.issuer.says = { outcome: 'verified' }
    await addCard(window, shinhan)
    assert.equal(window.page.step, 'password-set')
  })

  test('with a new expiry is asked about again', async () => {
    const window = await atCards(await member())
    fixture.issuer.asked.length = 0
    await window.submit('add-card')
    await addCard(window, testCardNumber, { expiry: '12/31' })
    assert.equal(fixture.issuer.asked.length, 1)
    assert.match(textOf(window), /유효기간을 새로 등록했어요/)
  })
})

test('the digits of the card password are nowhere: not in the page, the database or the log', async () => {
  const window = await atCard()
  fixture.issuer.says = { outcome: 'rejected', reason: 'password_wrong' }
  const canary = 'password-canary'
  await addCard(window, shinhan, { cardPassword: '73' })
  await addCard(window, shinhan, { cardPassword: canary })
  const [stored, logged] = [await fixture.readStoredBytes(), fixture.lines.join('\n')]
  for (const place of [window.page.text, logged])
    assert.doesNotMatch(place, /(?<![0-9a-f])73(?![0-9a-f])|password-canary/)
  assert.equal(stored.includes(canary), false)
  const facts = await fixture.context.storage.read<{ encrypted_facts: string }>('select * from window_sessions')
  assert.equal(JSON.stringify(facts).includes('"73"'), false)
})

describe('cards that are rejected', () => {
  const openLimited = async (limits: Readonly<Record<string, Rate>>) => {
    const { settings } = fixture.context
    const app = await openWindowFixture({}, { settings: { limits: { ...settings.limits, ...limits } } })
    app.issuer.says = { outcome: 'rejected', reason: 'password_wrong' }
    return app
  }
  const five = { burst: 5, refillEveryMs: 20 * 60_000 }

  test('five times are no longer asked about for this member, also at once; those that were right do not count', async () => {
    await using app = await openLimited({ cardFailuresPerMember: five })
    const window = await atCard(app)
    app.issuer.says = { outcome: 'verified' }
    await addCard(window, shinhan)
    await window.tapPassword(password)
    await window.tapPassword(password)
    await window.submit('add-card')
    app.issuer.says = { outcome: 'rejected', reason: 'password_wrong' }
    app.issuer.asked.length = 0
    await Promise.all(Array.from({ length: 12 }, () => addCard(window, samsung)))
    assert.equal(app.issuer.asked.length, 5)
    await addCard(window, samsung)
    assert.match(
      textOf(window),
      /여러 번 실패해 지금은 등록할 수 없어요\. 20분 뒤에 다시 시도해 주세요\. 등록된 카드는/,
    )
    await window.submit('keep-cards')
    assert.equal(window.page.step, 'confirm')
    app.clock.advance(five.refillEveryMs)
    await window.submit('add-card')
    app.issuer.says = { outcome: 'verified' }
    await addCard(window, samsung)
    assert.equal(window.page.step, 'confirm')
    assert.match(textOf(window), /\(0003\)<\/span>/)
  })

  test('are counted by card, for all members', async () => {
    await using app = await openLimited({ cardFailuresPerCard: five })
    for (let member = 0; member < 5; member++) await addCard(await atCard(app), shinhan)
    const sixth = await atCard(app)
    await addCard(sixth, shinhan)
    assert.match(textOf(sixth), /여러 번 실패해/)
    assert.equal(app.issuer.asked.length, 5)
    await addCard(sixth, samsung)
    assert.match(textOf(sixth), /카드 비밀번호 앞 2자리가 맞지 않아요/)
  })

  test('are counted by address', async () => {
    await using app = await openLimited({ cardFailuresPerAddress: { burst: 2, refillEveryMs: 60_000 } })
    const tryCardFrom = async (address: string): Promise<Buyer> => {
      const window = await atCard(seenFrom(app, address))
      await addCard(window, shinhan)
      return window
    }
    await tryCardFrom('203.0.113.7')
    await tryCardFrom('203.0.113.7')
    assert.match(textOf(await tryCardFrom('203.0.113.7')), /1분 뒤에 다시 시도/)
    assert.equal(app.issuer.asked.length, 2)
    await tryCardFrom('203.0.113.8')
    assert.equal(app.issuer.asked.length, 3)
  })
})

test('a birth date is asked where no identity was verified, and only there', async () => {
  const proofOf = async (fields: Record<string, string>) =>
    readOwnerProof(fixture.context, 'nobody', new URLSearchParams({ cardPassword: '12', ...fields }))
  for (const ownerBirthDate of ['', '991341', '9001', '19800101']) {
    const read = await proofOf({ ownerBirthDate })
    assert.deepEqual(Object.keys(('change' in read && read.change.problems) || {}), ['ownerBirthDate'])
  }
  assert.deepEqual(await proofOf({ ownerBirthDate: '800101' }), {
    owner: { ownerBirthDate: '800101' },
    passwordFirstTwo: '12',
  })
})

test('the page takes the digits without completing or keeping them', async () => {
  const window = await atCard()
  for (const name of ['cardPassword', 'businessNumber'])
    assert.match(
      textOf(window),
      new RegExp(`<input type="text" id="${name}"[^>]*inputmode="numeric"[^>]*autocomplete="off"`),
    )
  assert.match(textOf(window), /id="cardPassword"[^>]*class="dotted"/)
  assert.match(textOf(window), /카드사에 확인만 하고 저장하지 않아요/)
  assert.ok(cardFields.cardPassword)
  assert.equal((await returning(await member())).page.step, 'password')
})
