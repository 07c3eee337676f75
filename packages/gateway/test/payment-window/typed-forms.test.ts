import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { paymentWindowRoutes } from '../../src/payment-window/route.ts'
import { Buyer, buyer, cardFields, openWindowFixture, rightCode, testCardNumber } from './buyer.ts'
import { requestForm, testMerchant } from './request-form.ts'

const fixture = await openWindowFixture()
after(() => fixture.close())
let customers = 0

/** On the identity page of a new customer. */
async function askedForIdentity(
  options = fixture,
  { issuerCode }: { readonly issuerCode?: string | undefined } = {},
): Promise<Buyer> {
  const window = new Buyer(options)
  const known = { customerId: `typed${++customers}`, buyerName: '김구매', buyerPhone: '010-2222-3333' }
  await window.open(requestForm(issuerCode === undefined ? known : { ...known, issuerCode }))
  await window.submit('terms', { agreeAll: 'Y' })
  return window
}

const inputOf = (window: Buyer, name: string): string =>
  new RegExp(`<input[^>]* name="${name}"[^>]*>`).exec(window.page.text)?.[0] ?? assert.fail(`no field ${name}`)
const shownIn = (window: Buyer, name: string): string | undefined => /value="([^"]*)"/.exec(inputOf(window, name))?.[1]
const focusedIn = ({ page }: Buyer): readonly (string | undefined)[] =>
  [...page.text.matchAll(/<input[^>]* name="(\w+)"[^>]* autofocus/g)].map(([, name]) => name)

describe('the identity page', () => {
  test('begins with what the shop knows, and with the first empty field', async () => {
    const window = await askedForIdentity()
    assert.deepEqual([shownIn(window, 'name'), shownIn(window, 'phone')], ['김구매', '01022223333'])
    assert.deepEqual(focusedIn(window), ['birthDate'])
  })

  test('after an error has the focus on the first wrong field, tied to its error', async () => {
    const window = await askedForIdentity()
    await window.submit('identity', { ...buyer, genderDigit: '9', phone: '1' })
    assert.deepEqual(focusedIn(window), ['genderDigit'])
    assert.match(inputOf(window, 'genderDigit'), /aria-invalid="true" aria-describedby="genderDigit-error"/)
    assert.deepEqual([shownIn(window, 'birthDate'), shownIn(window, 'phone')], ['910203', '1'])
  })

  test('rejects a birth date of eight digits, and takes one of six in groups', async () => {
    const window = await askedForIdentity()
    await window.submit('identity', { ...buyer, birthDate: '19910203' })
    assert.match(window.page.text, /id="birthDate-error"[^>]*>생년월일 6자리를 확인해 주세요/)
    await window.submit('identity', { ...buyer, birthDate: '91 02 03' })
    assert.equal(window.page.step, 'identity-code')
    assert.equal(fixture.codesSent.at(-1)?.birthDate, '910203')
  })

  test('has the typed identity again for those who come back to it', async () => {
    const window = await askedForIdentity()
    await window.submit('identity', buyer)
    await window.submit('edit-identity')
    assert.deepEqual([shownIn(window, 'name'), shownIn(window, 'birthDate')], [buyer.name, buyer.birthDate])
    assert.match(window.page.text, /value="SKT"[^>]* checked>/)
  })

  test('leaves errors to the page: no bubble of the browser', async () => {
    const window = await askedForIdentity()
    assert.match(window.page.text, /data-step="identity" novalidate>/)
  })
})

describe('the card page', () => {
  test('keeps number and expiry when the issuer rejects the password', async () => {
    const window = await askedForIdentity()
    await window.verify()
    fixture.issuer.says = { outcome: 'rejected', reason: 'password_wrong' }
    await window.submit('card', { cardNumber: testCardNumber, ...cardFields })
    fixture.issuer.says = { outcome: 'verified' }
    assert.deepEqual([shownIn(window, 'cardNumber'), shownIn(window, 'expiry')], [testCardNumber, '12/30'])
    assert.deepEqual([shownIn(window, 'cardPassword'), focusedIn(window)], [undefined, ['cardPassword']])
    await window.submit('card', {
      cardNumber: testCardNumber,
      expiryMonth: '12',
      expiryYear: '2030',
      cardPassword: '12',
    })
    assert.equal(window.page.step, 'password-set', 'month and year of an older page')
  })

  test('offers the test card of a sandbox, unless the payment takes no card of its issuer', async () => {
    const identityVerifier = {
      sendCode: async () => ({ ok: false, reason: 'unreachable' }) as const,
      checkCode: async () => ({ result: 'unreachable' }) as const,
      sendMessage: async () => false,
    }
    const { context, cardNetwork } = fixture
    const sandboxBanner = {
      merchantId: testMerchant.merchantId,
      easyPayMerchantId: testMerchant.easyPayMerchantId,
      testCardNumber: '9406000000000001',
      consoleUrlAt: () => 'https://console.example',
    }
    const app = paymentWindowRoutes({ ...context, cardNetwork, identityVerifier, windowScript: '', sandboxBanner })
    const offers = async (issuerCode: string | undefined) => {
      const window = await askedForIdentity(fixture, { issuerCode })
      await window.verify()
      const answer = await app.request(window.page.url, { headers: { cookie: window.cookie } })
      return /<form class="test-input"[\s\S]*?name="cardNumber" value="9406000000000001"[\s\S]*?name="expiry" value="12\/28"/.test(
        await answer.text(),
      )
    }
    assert.deepEqual([await offers(undefined), await offers('06'), await offers('04')], [true, true, false])
  })

  test('lists the cards that pay, unless the payment takes those of one issuer, and has the terms', async () => {
    for (const issuerCode of [undefined, '06']) {
      const window = await askedForIdentity(fixture, { issuerCode })
      await window.verify()
      assert.equal(
        /쓸 수 있는 카드<\/summary><p[^>]*>비씨, 국민, .*카카오뱅크/.test(window.page.text),
        issuerCode === undefined,
      )
      assert.match(window.page.text, /약관 보기<\/summary><p[^>]*>간편결제 서비스 이용약관/)
    }
  })

  test('says how an expiry date is written', async () => {
    const window = await askedForIdentity()
    await window.verify()
    await window.submit('card', { cardNumber: testCardNumber, ...cardFields, expiry: '33/12' })
    assert.match(window.page.text, /id="expiry-error"[^>]*>유효기간을 카드에 적힌 대로 월\/연 순서로/)
  })
})

describe('the code of a simulated agency', () => {
  test('is one tap away in a sandbox', async () => {
    await using sandbox = await openWindowFixture()
    sandbox.agency.testCode = rightCode
    const window = await askedForIdentity(sandbox)
    await window.submit('identity', buyer)
    assert.match(window.page.text, /<form class="test-input" method="post">[\s\S]*?name="code" value="482915"/)
  })

  test('is not shown by any other gateway', async () => {
    await using live = await openWindowFixture(
      { allowedOrigins: ['https://shop.example'] },
      { settings: { isSandbox: false } },
    )
    live.agency.testCode = rightCode
    const window = await askedForIdentity(live)
    await window.submit('identity', buyer)
    assert.equal(window.page.step, 'identity-code')
    assert.equal(window.page.text.includes(rightCode), false)
  })
})
