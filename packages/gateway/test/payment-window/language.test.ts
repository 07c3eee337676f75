import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { preferredLanguage } from '../../src/payment-window/language.ts'
import { Buyer, buyer, cardFields, otherCardNumber, rightCode, testCardNumber } from './buyer.ts'
import { fixture, newCustomer, password, showingCards, useWindow } from './members.ts'
import { requestForm } from './request-form.ts'

useWindow()

describe('a browser is answered', () => {
  for (const [header, language] of [
    [undefined, 'ko'],
    ['', 'ko'],
    ['*', 'ko'],
    ['ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7', 'ko'],
    ['en-US,en;q=0.9', 'en'],
    ['en-US,en;q=0.9,ko;q=0.8', 'en'],
    ['EN-gb', 'en'],
    ['fr-FR,fr;q=0.9,en;q=0.8', 'en'],
    ['fr-FR,fr;q=0.9', 'ko'],
    ['en;q=0.5,ko', 'ko'],
    ['en;q=0.5, ko;q=0.4', 'en'],
    ['en;q=0.5,ko;q=0.5', 'ko'],
    ['en;q=0.5,*', 'ko'],
    ['en;q=0,*;q=0.1', 'ko'],
    ['en;q=x', 'ko'],
    ['english,ko;q=0', 'ko'],
  ] as const) {
    test(`${header ?? 'without a word'}: in ${language}`, () => {
      const request = new Request(
        'https://pay.example/',
        header === undefined ? {} : { headers: { 'accept-language': header } },
      )
      assert.equal(preferredLanguage(request), language)
    })
  }
})

const english = { 'accept-language': 'en-US,en;q=0.9' }
const shopText = /한빛 커피|거래 상품명|한국어|알뜰/g

/** Visible text and accessible attributes. */
const wordsOf = (text: string): string =>
  [
    text.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' '),
    ...[...text.matchAll(/(?:aria-label|title|alt|placeholder|data-[a-z-]+)="([^"]*)"/g)].map(([, words]) => words),
  ].join(' ')

function assertLanguage({ text, step }: Buyer['page'], language: 'ko' | 'en'): void {
  const words = wordsOf(text).replace(shopText, '')
  assert.match(text, new RegExp(`<html lang="${language}"`), step)
  if (language === 'en') assert.doesNotMatch(words, /[가-힣]/, step)
  else assert.match(words, /[가-힣]/, step)
}

/** A first payment with every mistake that a page has a sentence for. */
const firstPayment: readonly ((window: Buyer) => Promise<unknown>)[] = [
  (window) => window.submit('terms'),
  (window) => window.submit('terms', { agreeAll: 'Y' }),
  (window) => window.submit('identity'),
  (window) => window.submit('identity', buyer),
  (window) => window.submit('identity-code', { code: '12' }),
  (window) => window.submit('identity-code', { code: '000000' }),
  (window) => window.submit('resend-code'),
  (window) => window.submit('identity-code', { code: rightCode }),
  (window) => window.submit('card', { cardNumber: '1', ...cardFields }),
  (window) => window.submit('card', { cardNumber: testCardNumber, ...cardFields, expiry: '12/24' }),
  (window) => window.submit('card', { cardNumber: testCardNumber, ...cardFields }),
  (window) => window.submit('pop-card', { popCardNumber: '1' }),
  (window) => window.submit('pop-card', { popCardNumber: '1234567812345678' }),
  (window) => window.tapPassword('111111'),
  (window) => window.tapPassword(password),
  (window) => window.tapPassword('739215'),
  (window) => window.tapPassword(password),
  (window) => window.tapPassword(password),
  (window) => window.submit('add-card'),
  (window) => window.submit('card', { cardNumber: testCardNumber, ...cardFields }),
  (window) => window.submit('card', { cardNumber: otherCardNumber, ...cardFields }),
  (window) => window.submit('confirm', { cardId: 'x' }),
  (window) => window.submit('confirm', { installmentMonths: '99' }),
  (window) => window.submit('confirm'),
]

const secondPayment: readonly ((window: Buyer) => Promise<unknown>)[] = [
  (window) => window.submit('skip-pop-card'),
  (window) => window.submit('password', { taps: 'x' }),
  (window) => window.tapPassword('000001'),
  (window) => window.submit('reset-password'),
  (window) => window.verify({ ...buyer, name: '김영희' }),
  (window) => window.submit('keep-password'),
  (window) => window.submit('abort'),
]

describe('every page and every sentence', () => {
  for (const language of ['en', 'ko'] as const) {
    test(`is in ${language}`, async () => {
      const customer = { ...newCustomer(), amount: 50_000, asksPopCard: true, goodsCount: 2 }
      const seen = new Set<string | undefined>()
      for (const steps of [firstPayment, secondPayment]) {
        const window = new Buyer(fixture)
        await window.open(requestForm(customer), language === 'en' ? english : {})
        for (const step of steps) {
          assertLanguage(window.page, language)
          seen.add(window.page.step)
          await step(window)
        }
        assertLanguage(window.page, language)
        assert.match(window.page.text, /data-return="post"/, 'the payment came to its end')
        await window.bind()
      }
      for (const step of [
        'terms',
        'identity',
        'identity-code',
        'card',
        'pop-card',
        'password-set',
        'password',
        'confirm',
      ])
        assert.ok(seen.has(step), step)
    })
  }

  test('amounts, cards and companies are written as each language writes them', async () => {
    const customer = { ...newCustomer(), amount: 1_234_567 }
    const window = new Buyer(fixture)
    await window.open(requestForm(customer))
    await window.join(password)
    assert.match(window.page.text, /<strong class="amount">1,234,567원<\/strong>/)
    assert.match(window.page.text, />해외VISA 신용 \(1111\)</)
    assert.match(window.page.text, />1,234,567원 결제</)
    await window.submit('language', { language: 'en' })
    assert.match(window.page.text, /<strong class="amount">₩1,234,567<\/strong>/)
    assert.match(window.page.text, />Visa \(1111\)</)
    assert.match(window.page.text, />Pay ₩1,234,567</)
    const filtered = new Buyer(fixture)
    await filtered.open(requestForm({ ...customer, ...showingCards, issuerCode: '06' }), english)
    assert.match(filtered.page.text, /accepts only cards issued by Shinhan\./)
  })
})

describe('the switch', () => {
  test('is on every page, names the other language in itself and needs no script', async () => {
    const window = new Buyer(fixture)
    await window.open(requestForm(newCustomer()))
    assert.match(window.page.text, /name="language" value="en" lang="en">English<\/button>/)
    await window.submit('language', { language: 'en' })
    assert.match(window.page.text, /name="language" value="ko" lang="ko">한국어<\/button>/)
    await window.submit('abort')
    assertLanguage(window.page, 'en')
    await window.submit('language', { language: 'ko' })
    assertLanguage(window.page, 'ko')
  })

  test('shows the errors in the other language, and keeps the taps', async () => {
    const window = new Buyer(fixture)
    await window.open(requestForm(newCustomer()))
    await window.submit('terms')
    assert.match(window.page.text, /모든 필수 약관에 동의해 주세요/)
    await window.submit('language', { language: 'en' })
    assert.match(window.page.text, /Agree to all required terms/)

    await window.submit('terms', { agreeAll: 'Y' })
    await window.verify()
    await window.submit('card', { cardNumber: testCardNumber, ...cardFields })
    const tokens = await window.lookAtKeypad()
    await window.submit('password-set', { tap: `${tokens[3]}` })
    await window.submit('language', { language: 'ko' })
    assert.equal(window.page.text.match(/class="dot filled"/g)?.length, 1)
    assert.deepEqual(await window.lookAtKeypad(), tokens)
  })

  test('knows two languages', async () => {
    const window = new Buyer(fixture)
    await window.open(requestForm(newCustomer()))
    for (const language of ['fr', '', '__proto__', 'constructor']) {
      await window.submit('language', { language })
      assertLanguage(window.page, 'ko')
    }
  })

  test('works without a window, and what a rejection tells the developer is in both languages, the buyer’s first', async () => {
    const url = `/ssp/window/${'0'.repeat(64)}`
    const gone = await fixture.app.request(url, { headers: english })
    assert.equal(gone.status, 410)
    assert.match(await gone.text(), /The time to pay is over/)
    const window = new Buyer(fixture)
    await window.open('Mid=x', english)
    assert.match(
      window.page.text,
      /<html lang="en"[\s\S]*<h1>The payment cannot be started<\/h1>[\s\S]*<p class="strong">S001 [^<]+<\/p><p lang="ko">/,
    )
    const chosen = await fixture.app.request(url, {
      method: 'POST',
      body: 'step=language&language=ko',
      headers: { ...english, 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.match(await chosen.text(), /결제 시간이 지났어요/)
  })
})

test('no page may turn a string into markup or code', async () => {
  const window = new Buyer(fixture)
  await window.open(requestForm(newCustomer()))
  const policy = window.page.headers.get('content-security-policy') ?? ''
  assert.match(policy, /; require-trusted-types-for 'script'; trusted-types 'none'$/)
})
