import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { systemChromium } from '../../../../test/support/system-chromium.ts'
import { readBuiltScripts } from '../../src/built-scripts.ts'
import { type Listener, listen } from '../../src/listen.ts'
import { paymentWindowRoutes } from '../../src/payment-window/route.ts'
import { Buyer, buyer, openWindowFixture, rightCode, type WindowFixture } from './buyer.ts'
import { requestForm } from './request-form.ts'

/** What the oldest browser of the guide does not have, and a script might use. */
const newer = `
for (const [owner, names] of [
  [Element.prototype, ['closest', 'matches', 'remove', 'append', 'prepend', 'replaceWith', 'toggleAttribute', 'after']],
  [NodeList.prototype, ['forEach', 'entries', 'values']],
  [Array, ['from', 'of']],
  [Array.prototype, ['includes', 'find', 'findIndex', 'flat', 'flatMap', 'fill', 'at', 'findLast']],
  [String.prototype, ['includes', 'startsWith', 'endsWith', 'padStart', 'padEnd', 'repeat', 'replaceAll', 'at', 'normalize']],
  [Object, ['assign', 'entries', 'values', 'fromEntries']],
  [Number, ['isNaN', 'isInteger', 'parseInt']],
  [HTMLFormElement.prototype, ['requestSubmit', 'reportValidity']],
  [HTMLInputElement.prototype, ['reportValidity', 'showPicker']],
  [window, ['fetch', 'FormData', 'URLSearchParams', 'URL', 'Map', 'Set', 'Symbol', 'queueMicrotask', 'InputEvent']],
]) for (const name of names) delete owner[name]`

describe('typing with the script', { skip: systemChromium === undefined && 'no Chromium on this machine' }, () => {
  let fixture: WindowFixture
  let gateway: Listener
  let browser: Browser
  let customers = 0

  before(async () => {
    fixture = await openWindowFixture()
    const { windowScript } = await readBuiltScripts()
    const { context, cardNetwork } = fixture
    const identityVerifier = {
      sendCode: async () => ({ ok: false, reason: 'unreachable' }) as const,
      checkCode: async () => ({ result: 'wrong' }) as const,
      sendMessage: async () => false,
    }
    const app = paymentWindowRoutes({ ...context, cardNetwork, identityVerifier, windowScript })
    gateway = await listen({ fetch: async (request) => app.fetch(request), host: '127.0.0.1', port: 0 })
    browser = await chromium.launch({ executablePath: systemChromium ?? '', args: ['--no-sandbox', '--disable-gpu'] })
  })
  after(async () => {
    await browser.close()
    await gateway.close()
    await fixture.close()
  })

  /** A window of a new customer, opened by an old browser at this step. */
  async function openAt(step: 'identity' | 'identity-code' | 'card') {
    const window = new Buyer(fixture)
    await window.open(requestForm({ customerId: `types${++customers}` }))
    await window.submit('terms', { agreeAll: 'Y' })
    if (step !== 'identity') await window.submit('identity', buyer)
    if (step === 'card') await window.submit('identity-code', { code: rightCode })
    const context: BrowserContext = await browser.newContext()
    await context.addInitScript(newer)
    await context.addCookies([...window.cookies].map(([name, value]) => ({ name, value, url: gateway.url })))
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(gateway.url + window.page.url)
    const close = async () => {
      await context.close()
      assert.deepEqual(errors, [])
    }
    return { page, [Symbol.asyncDispose]: close }
  }

  // Nothing is evaluated in the page's own world, which lacks what evaluation needs.
  const focusOf = (page: Page): Promise<string | null> => page.locator(':focus').getAttribute('id')
  const errorsOn = async (page: Page) =>
    Promise.all((await page.locator('.error').all()).map((error) => error.getAttribute('id')))
  const type = (page: Page, text: string): Promise<void> => page.keyboard.type(text)

  test('goes through the identity without a tap but the carrier', async () => {
    await using opened = await openAt('identity')
    const { page } = opened
    assert.equal(await focusOf(page), 'birthDate')
    await type(page, '900101')
    assert.deepEqual([await page.inputValue('#birthDate'), await focusOf(page)], ['90 01 01', 'genderDigit'])
    await type(page, '1')
    assert.equal(await focusOf(page), 'carrier-0')
    assert.equal(await page.inputValue('#phone'), '010-9999-1111')
    await page.fill('#phone', '')
    await page.locator('[name=carrier]').nth(3).click()
    assert.equal(await focusOf(page), 'phone')
    await type(page, '0111234567')
    assert.equal(await page.inputValue('#phone'), '011-123-4567')
  })

  test('a date with its century is neither cut nor left', async () => {
    await using opened = await openAt('identity')
    const { page } = opened
    assert.equal(await focusOf(page), 'birthDate')
    await type(page, '19900101')
    assert.deepEqual([await page.inputValue('#birthDate'), await focusOf(page)], ['1990 01 01', 'birthDate'])
    assert.match(`${await page.textContent('#birthDate-error')}`, /^생년월일 6자리를 확인해 주세요/)
    await page.fill('#birthDate', '900101')
    assert.equal(await page.locator('#birthDate-error').count(), 0)
  })

  test('says every error at its field, without a request, and goes to the first', async () => {
    await using opened = await openAt('identity')
    const { page } = opened
    await page.fill('#name', '')
    await page.click('form[data-step=identity] .actions button')
    assert.deepEqual(await errorsOn(page), ['name-error', 'birthDate-error', 'genderDigit-error', 'carrier-error'])
    assert.equal(await focusOf(page), 'name')
    assert.equal(await page.getAttribute('#name', 'aria-describedby'), 'name-error')
    assert.equal(await page.getAttribute('#name', 'aria-invalid'), 'true')
    await page.locator('[name=carrier]').nth(1).click()
    assert.equal(await page.locator('#carrier-error').count(), 0)
  })

  test('the sixth digit sends the code', async () => {
    await using opened = await openAt('identity-code')
    const { page } = opened
    assert.equal(await focusOf(page), 'code')
    await type(page, '123456')
    await page.locator('#code-error').waitFor()
    assert.match(`${await page.textContent('#code-error')}`, /^인증번호가 맞지 않아요/)
    assert.equal(await focusOf(page), 'code')
  })

  test('a card number stays in groups, shows its issuer, and leads on', async () => {
    await using opened = await openAt('card')
    const { page } = opened
    assert.equal(await focusOf(page), 'cardNumber')
    await type(page, '94060')
    assert.equal(await page.textContent('[data-issuer-name]'), '신한 신용카드')
    assert.equal(await page.getAttribute('[data-card-mark]', 'data-issuer'), '06')
    await type(page, '0000000000')
    for (let left = 0; left < 7; left++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Backspace')
    assert.equal(await page.inputValue('#cardNumber'), '9406 0000 0000 00')
    await type(page, '0')
    assert.equal(await page.inputValue('#cardNumber'), '9406 0000 0000 000', 'typed where it was deleted')
    await page.keyboard.press('End')
    await type(page, '1')
    assert.equal(await focusOf(page), 'expiry')
    await type(page, '733')
    assert.deepEqual([await page.inputValue('#expiry'), await focusOf(page)], ['07/33', 'cardPassword'])
  })

  test('a card number with a wrong digit is not sent, and says so on leaving it', async () => {
    await using opened = await openAt('card')
    const { page } = opened
    assert.equal(await focusOf(page), 'cardNumber')
    await type(page, '9406000000000002')
    assert.equal(await focusOf(page), 'cardNumber')
    await page.keyboard.press('Tab')
    assert.match(`${await page.textContent('#cardNumber-error')}`, /^카드번호를 다시 확인해 주세요/)
    await page.fill('#cardPassword', '12')
    await page.click('form[data-step=card] .actions button')
    assert.equal(await page.inputValue('#cardPassword'), '12', 'still the same page')
    assert.equal(await page.locator('.error').count(), 2)
  })
})
