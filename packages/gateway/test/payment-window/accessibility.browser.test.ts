import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { skins } from '@sspay/protocol'
import { type Browser, chromium, type Page } from 'playwright-core'
import { systemChromium } from '../../../../test/support/system-chromium.ts'
import { readBuiltScripts } from '../../src/built-scripts.ts'
import type { IdentityVerifier } from '../../src/identity/port.ts'
import { type Listener, listen } from '../../src/listen.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { paymentWindowRoutes } from '../../src/payment-window/route.ts'
import { Buyer, buyer, cardFields, openWindowFixture, rightCode, type WindowFixture } from './buyer.ts'
import { policy, registrationForm } from './registration-form.ts'
import { requestForm, testMerchant } from './request-form.ts'

const nobody: IdentityVerifier = {
  sendCode: async () => ({ ok: false, reason: 'unreachable' }),
  checkCode: async () => ({ result: 'unreachable' }),
  sendMessage: async () => false,
}
const smallPhone = { viewport: { width: 360, height: 640 } }

describe('seen with a browser', { skip: systemChromium === undefined && 'no Chromium on this machine' }, () => {
  let fixture: WindowFixture
  let gateway: Listener
  let browser: Browser

  before(async () => {
    fixture = await openWindowFixture()
    const { windowScript } = await readBuiltScripts()
    // The buyer walks without scripts; the browser looks at the same windows with them.
    const app = paymentWindowRoutes({
      ...fixture.context,
      cardNetwork: fixture.cardNetwork,
      identityVerifier: nobody,
      windowScript,
    })
    gateway = await listen({ fetch: async (request) => app.fetch(request), host: '127.0.0.1', port: 0 })
    browser = await chromium.launch({
      executablePath: systemChromium ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
  })
  after(async () => {
    await browser.close()
    await gateway.close()
    await fixture.close()
  })

  /** The browser is the buyer's own: it has the cookie of the window. */
  async function open(page: Page, window: Buyer): Promise<void> {
    const cookies = [...window.cookies].map(([name, value]) => ({ name, value, url: gateway.url }))
    await page.context().addCookies(cookies)
    await page.goto(gateway.url + window.page.url)
  }

  /** Walks on with plain requests and looks at the same window with the browser. */
  async function look(page: Page, window: Buyer): Promise<void> {
    await open(page, window)
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(' ')}`))
    assert.deepEqual(found, [], window.page.step)
    assert.equal(
      await page.evaluate('document.documentElement.scrollWidth > innerWidth'),
      false,
      'no sideways scrolling',
    )
  }

  test('leaving is asked first, and a form that is sent says so', async () => {
    await using context = await browser.newContext(smallPhone)
    const page = await context.newPage()
    const window = new Buyer(fixture)
    await window.open(requestForm({ customerId: 'leaves' }))
    await open(page, window)
    const question = page.getByRole('alertdialog', { name: '결제를 그만할까요?' })
    await page.keyboard.press('Escape')
    await question.waitFor()
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    assert.deepEqual(violations, [])
    assert.equal(await page.evaluate('document.activeElement.textContent'), '계속 결제하기')
    await page.keyboard.press('Escape')
    assert.equal(await question.isVisible(), false)

    // As a submit does, without leaving the page.
    await page.evaluate("document.querySelector('form[data-step=terms]').dispatchEvent(new Event('submit'))")
    assert.equal(await page.textContent('form[data-step=terms] .button'), '확인하고 있어요…')

    await open(page, window)
    await page.getByRole('button', { name: '결제 중단' }).click()
    await page.route('https://shop.example/**', (route) => route.fulfill({ body: 'shop' }))
    await page.locator('[data-leave]').click()
    await page.waitForURL('https://shop.example/stop')
  })

  test('every page of a new member reads well', async () => {
    await using context = await browser.newContext(smallPhone)
    const page = await context.newPage()
    const window = new Buyer(fixture)
    await window.open(requestForm({ customerId: 'reads', amount: 50_000, asksPopCard: true }))
    const steps = [
      () => window.submit('terms'),
      () => window.submit('terms', { agreeAll: 'Y' }),
      () => window.submit('identity', { ...buyer, phone: 'x' }),
      () => window.submit('identity', buyer),
      () => window.submit('identity-code', { code: rightCode }),
      () => window.submit('card', { cardNumber: '4111111111111111', ...cardFields }),
      () => window.submit('skip-pop-card'),
      () => window.tapPassword('739214'),
      () => window.tapPassword('739214'),
    ]
    for (const step of steps) {
      await step()
      await look(page, window)
    }
    assert.equal(window.page.step, 'confirm')
  })

  test('every skin reads well', async () => {
    await using context = await browser.newContext(smallPhone)
    const page = await context.newPage()
    for (const skin of skins) {
      const window = new Buyer(fixture)
      await window.open(requestForm({ skin, customerId: `reads${skin}` }))
      await look(page, window)
    }
  })

  test('the keypad is on a small phone’s screen without scrolling, with keys large enough for a thumb', async () => {
    const customer = { customerId: 'thumb', amount: 50_000 }
    const first = new Buyer(fixture)
    await first.open(requestForm(customer))
    await first.join()
    const window = new Buyer(fixture)
    await window.open(requestForm(customer))
    await window.tapPassword('000001')
    await using context = await browser.newContext(smallPhone)
    const page = await context.newPage()
    await look(page, window)
    for (const key of await page.locator('button[name=tap]').all()) {
      const box = await key.boundingBox()
      assert.ok(box !== null && box.width >= 88 && box.height >= 48 && box.y + box.height <= 640, JSON.stringify(box))
    }
  })

  test('a code counts down, and a screen reader announces it at one minute and at the end only', async () => {
    const window = new Buyer(fixture)
    await window.open(requestForm({ customerId: 'counts' }))
    await window.submit('terms', { agreeAll: 'Y' })
    await window.submit('identity', buyer)
    await using context = await browser.newContext(smallPhone)
    const page = await context.newPage()
    await page.clock.install()
    await open(page, window)
    const shown = page.locator('[data-countdown]')
    const said = page.locator('[data-countdown-said]')
    const resend = page.locator('[data-wait]')
    const at = async (ms: number) => {
      await page.clock.fastForward(ms)
      return [await shown.textContent(), await said.textContent()]
    }
    assert.match(`${await shown.textContent()}`, /^남은 시간 (3:00|2:59)$/)
    assert.match(`${await resend.textContent()}`, /^다시 받기 \(0:(30|29)\)$/)
    assert.ok(await resend.isDisabled())
    assert.match(`${(await at(31_000)).join()}`, /^남은 시간 2:2\d,$/)
    assert.deepEqual([await resend.textContent(), await resend.isDisabled()], ['다시 받기', false])
    assert.match(`${(await at(85_000)).join()}`, /^남은 시간 1:0\d,$/)
    assert.match(`${(await at(10_000)).join()}`, /^남은 시간 0:5\d,남은 시간이 1분 이하예요\.$/)
    const over = '유효시간이 지났어요. 인증번호를 다시 받아 주세요.'
    assert.deepEqual(await at(60_000), [over, over])
    assert.equal((await new AxeBuilder({ page }).setLegacyMode(true).analyze()).violations.length, 0)
  })

  test('a window of a bill key whose time is over reads well, by day and by night', async () => {
    await saveMerchant(fixture.context, { ...testMerchant, billKeys: policy })
    const window = new Buyer(fixture)
    await window.openRegistration(registrationForm({ customerId: 'late' }))
    fixture.clock.advance(fixture.context.settings.windowLifeMs)
    await window.reload()
    assert.match(window.page.text, /카드를 등록할 시간이 지났어요/)
    for (const colorScheme of ['light', 'dark'] as const) {
      await using context = await browser.newContext({ ...smallPhone, colorScheme })
      await look(await context.newPage(), window)
    }
  })

  test('nothing on a page turns a string into markup', async () => {
    const window = new Buyer(fixture)
    await window.open(requestForm({ customerId: 'markup' }))
    await using context = await browser.newContext(smallPhone)
    const page = await context.newPage()
    await open(page, window)
    const sinks = [
      `document.querySelector('h1').innerHTML = '<b>x</b>'`,
      `document.write('x')`,
      `document.createElement('script').text = 'x'`,
      `trustedTypes.createPolicy('any', {})`,
    ]
    for (const sink of sinks)
      await assert.rejects(page.evaluate(sink), /TrustedHTML|TrustedScript|TrustedTypePolicy/, sink)
  })
})
