import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { paymentWindowRoutes } from '../../src/payment-window/route.ts'
import { Buyer, buyer, openWindowFixture, post, rightCode } from './buyer.ts'
import { requestForm } from './request-form.ts'

const fixture = await openWindowFixture()
after(() => fixture.close())
const { identityCodeLifeMs } = fixture.context.settings
let customers = 0

/** On the page that asks for the code, which was sent this moment. */
async function askedForCode(language = 'ko', { app } = fixture): Promise<Buyer> {
  const window = new Buyer({ app })
  const customerId = `code${++customers}`
  await window.open(requestForm({ customerId, requestedAt: fixture.context.runtime.now() }), {
    'accept-language': language,
  })
  await window.submit('terms', { agreeAll: 'Y' })
  await window.submit('identity', buyer)
  assert.equal(window.page.step, 'identity-code')
  return window
}

const koreanClock = (afterMs: number): string => {
  const now = new Date(fixture.context.runtime.now().getTime() + afterMs + 9 * 60 * 60_000)
  return now.toISOString().slice(11, 19)
}

describe('the time of a code', () => {
  for (const [language, sentence] of [
    ['ko', (clock: string) => `>${clock}까지 입력해 주세요.<`],
    ['en', (clock: string) => `>Enter it by ${clock} (Korean time).<`],
  ] as const) {
    test(`is shown as the clock time of its end, and given to the script as the time left, in ${language}`, async () => {
      const window = await askedForCode(language)
      assert.ok(window.page.text.includes(sentence(koreanClock(identityCodeLifeMs))))
      assert.match(window.page.text, new RegExp(`data-countdown="${identityCodeLifeMs}"`))
      const end = koreanClock(identityCodeLifeMs)
      fixture.clock.advance(50_000)
      await window.reload()
      assert.ok(window.page.text.includes(sentence(end)), 'a reload gives no more time')
      assert.match(window.page.text, new RegExp(`data-countdown="${identityCodeLifeMs - 50_000}"`))
    })
  }

  test('one live region is there, polite and empty until the script speaks', async () => {
    const window = await askedForCode()
    assert.match(window.page.text, /<p class="visually-hidden" aria-live="polite" data-countdown-said="[^"]+"><\/p>/)
    assert.equal(window.page.text.match(/aria-live="polite"/g)?.length, 1)
  })

  for (const [language, heading, action] of [
    ['ko', '인증번호의 유효시간이 지났어요', '인증번호 다시 받기'],
    ['en', 'This code has expired', 'Send a new code'],
  ] as const) {
    test(`over, the page says so and offers a new one first, in ${language}`, async () => {
      const window = await askedForCode(language)
      fixture.clock.advance(identityCodeLifeMs - 1)
      assert.equal((await window.reload()).step, 'identity-code')
      fixture.clock.advance(1)
      assert.equal((await window.reload()).step, 'resend-code')
      assert.ok(window.page.text.includes(`<h1>${heading}</h1>`))
      assert.ok(window.page.text.includes(`<button class="button block">${action}</button>`))
      await window.submit('identity-code', { code: rightCode })
      assert.equal(window.page.step, 'resend-code', 'the code is worth nothing any more')
      await window.submit('resend-code')
      assert.equal(window.page.step, 'identity-code')
      await window.submit('identity-code', { code: rightCode })
      assert.equal(window.page.step, 'card')
    })
  }

  test('over for the verifying company, it is over at once', async () => {
    const identityVerifier = {
      sendCode: async () => ({ ok: true, verificationId: 'one' }) as const,
      checkCode: async () => ({ result: 'expired' }) as const,
      sendMessage: async () => true,
    }
    const app = paymentWindowRoutes({
      ...fixture.context,
      cardNetwork: fixture.cardNetwork,
      identityVerifier,
      windowScript: '',
    })
    const window = await askedForCode('ko', { ...fixture, app })
    await window.submit('identity-code', { code: rightCode })
    assert.equal(window.page.step, 'resend-code')
    await window.submit('resend-code')
    assert.equal(window.page.step, 'identity-code', 'nobody waits who can do nothing else')
  })
})

describe('another code', () => {
  for (const [language, before, early, sent] of [
    [
      'ko',
      '30초 뒤에 다시 받을 수 있어요.',
      '아직 다시 받을 수 없어요. 10초 뒤에 다시 눌러 주세요.',
      '새 인증번호를 보냈어요. 이전 번호는 쓸 수 없어요.',
    ],
    [
      'en',
      'You can get a new code in 30 seconds.',
      'It is too early for a new code. Press again in 10 seconds.',
      'A new code went to the phone ending in 11. The old one is no longer valid.',
    ],
  ] as const) {
    test(`comes after 30 seconds, and until then the page says when, in ${language}`, async () => {
      const window = await askedForCode(language)
      const sentBefore = fixture.codesSent.length
      assert.ok(window.page.text.includes(before))
      fixture.clock.advance(20_000)
      await window.submit('resend-code')
      assert.ok(window.page.text.includes(`id="resend-error" role="alert">${early}<`))
      assert.equal(fixture.codesSent.length, sentBefore)
      fixture.clock.advance(9_999)
      await window.submit('resend-code')
      assert.equal(fixture.codesSent.length, sentBefore)
      fixture.clock.advance(1)
      await window.reload()
      assert.equal(window.page.text.includes('data-wait'), false)
      await window.submit('resend-code')
      assert.equal(fixture.codesSent.length, sentBefore + 1)
      assert.ok(window.page.text.includes(sent))
      assert.match(window.page.text, new RegExp(`data-countdown="${identityCodeLifeMs}"`))
    })
  }

  test('pressed in three tabs at once is one', async () => {
    const window = await askedForCode()
    fixture.clock.advance(30_000)
    const sentBefore = fixture.codesSent.length
    const { url } = window.page
    await Promise.all([1, 2, 3].map(() => window.request(url, post({ step: 'resend-code' }))))
    assert.equal(fixture.codesSent.length, sentBefore + 1)
    await window.submit('resend-code')
    assert.match(window.page.text, /30초 뒤에 다시 눌러 주세요/)
  })

  test('that this phone may not have any more says so beside its button, with the minutes', async () => {
    const limits = { ...fixture.context.settings.limits, codesPerPhone: { burst: 1, refillEveryMs: 5 * 60_000 } }
    await using strict = await openWindowFixture({}, { settings: { limits } })
    const window = new Buyer(strict)
    await window.open(requestForm({ customerId: 'often' }))
    await window.submit('terms', { agreeAll: 'Y' })
    await window.submit('identity', buyer)
    strict.clock.advance(30_000)
    await window.submit('resend-code')
    assert.match(
      window.page.text,
      /id="resend-error" role="alert">이 번호로 인증번호를 너무 많이 요청했어요\. 5분 뒤에/,
    )
    await window.submit('edit-identity')
    await window.submit('identity', buyer)
    assert.match(window.page.text, /id="phone-error" role="alert">이 번호로/)
  })
})

test('a code is checked against the verification of its own window, whoever is verified', async () => {
  const asked: string[] = []
  const identityVerifier = {
    sendCode: async () => ({ ok: true, verificationId: `own-${++customers}` }) as const,
    async checkCode({ verificationId }: { readonly verificationId: string }) {
      asked.push(verificationId)
      return { result: 'wrong' } as const
    },
    sendMessage: async () => true,
  }
  const { context, cardNetwork } = fixture
  const app = paymentWindowRoutes({ ...context, identityVerifier, cardNetwork, windowScript: '' })
  const [one, other] = [await askedForCode('ko', { ...fixture, app }), await askedForCode('ko', { ...fixture, app })]
  await other.submit('identity-code', { code: rightCode })
  await one.submit('identity-code', { code: rightCode })
  const [second = '', first = ''] = asked
  assert.match(first, /^own-\d+$/)
  assert.ok(Number(second.slice(4)) > Number(first.slice(4)))
})
