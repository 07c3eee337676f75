import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BrowserContextOptions, CDPSession, Page } from 'playwright-core'
import { desktop, phone } from './browser.ts'
import { confirm, joinAsMember, layerOf, payWithPassword, type Surface, takePicture, type Visit } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'
import { openRegistration } from './registration-screens.ts'

const { sandbox, openPage } = await openFixture()

interface Device {
  readonly session: CDPSession
  readonly authenticatorId: string
}

/** A phone's own authenticator, with a finger on the sensor. */
async function addDevice(page: Page): Promise<Device> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { session, authenticatorId }
}

const setUserVerified = ({ session, authenticatorId }: Device, isUserVerified: boolean) =>
  session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })

const passkeyButton = (surface: Surface) => surface.locator('button[data-passkey-step]')

async function orderAndOpen(page: Page): Promise<void> {
  await orderFirstGoods(page, sandbox.urls.shop)
  await pay(page)
}

/** Address of the payment window, which is the page itself or a frame in the shop's page. */
const windowAddress = ({ page }: Visit): string => {
  const frame = page.frames().find((one) => one.url().includes('/ssp/window/'))
  assert.ok(frame)
  return frame.url()
}

/** The next form that the window posts with a passkey's answer in it. */
async function answerOf(page: Page, act: () => Promise<void>): Promise<URLSearchParams> {
  const posted = page.waitForRequest((request) => /credential=./.test(request.postData() ?? ''))
  await act()
  return new URLSearchParams((await posted).postData() ?? '')
}

/** Posts what was captured elsewhere to this window, and looks at the page that it shows then. */
async function replay(visit: Visit, form: URLSearchParams): Promise<string> {
  const answer = await visit.page.request.post(windowAddress(visit), {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    data: form.toString(),
  })
  const text = await answer.text()
  assert.match(text, /data-step="password"/, 'the window still asks')
  return text
}

const ways: readonly {
  name: string
  options: BrowserContextOptions
  surfaceOf: (page: Page) => Surface
  buyerPhone: string
}[] = [
  { name: 'layer', options: desktop, surfaceOf: layerOf, buyerPhone: '01055554001' },
  { name: 'redirect', options: phone, surfaceOf: (page) => page, buyerPhone: '01055554002' },
]

// Each buyer has a page of their own, and waits more than it works.
describe('passkeys in a browser', { concurrency: true }, () => {
  for (const { name, options, surfaceOf, buyerPhone } of ways) {
    test(`${name}: a new member makes a passkey, pays with it, and its answer is good for nothing else`, async () => {
      const { page, context } = await openPage(options)
      const device = await addDevice(page)
      const surface = surfaceOf(page)
      const visit: Visit = { page, surface, sandbox, name: `passkey-${name}`, phone: buyerPhone }

      await orderAndOpen(page)
      await joinAsMember(visit)
      await surface.locator('form[data-step="add-passkey"] button').click()
      await surface.locator('form[data-step="passkey"]').waitFor()
      await takePicture(page, `passkey-${name}-create`)
      await passkeyButton(surface).click()
      await surface.locator('.notice.success').waitFor()
      await confirm(visit)
      await page.waitForURL('**/orders/*')
      const { credentials } = await device.session.send('WebAuthn.getCredentials', device)
      assert.equal(credentials.length, 1)
      assert.equal(credentials[0]?.rpId, 'localhost')

      await orderAndOpen(page)
      await surface.locator('form[data-step="password"]').waitFor()
      await takePicture(page, `passkey-${name}-pay`)
      const used = await answerOf(page, () => passkeyButton(surface).click())
      await page.waitForURL('**/orders/*')
      assert.equal(used.get('step'), 'pay-with-passkey')

      await orderAndOpen(page)
      await surface.locator('form[data-step="password"]').waitFor()
      assert.match(await replay(visit, used), /다시 눌러 주세요/, 'its challenge was used in another window')
      const own = (await surface.locator('[name="challengeId"]').getAttribute('value')) ?? ''
      used.set('challengeId', own)
      assert.match(await replay(visit, used), /패스키를 확인하지 못했어요/, 'the signature is for another order')

      await surface.locator('html').evaluate(() => location.reload())
      await surface.locator(`[name="challengeId"]:not([value="${own}"])`).waitFor({ state: 'attached' })
      await setUserVerified(device, false)
      await passkeyButton(surface).click()
      await surface.locator('[data-passkey-failed]').waitFor()
      await takePicture(page, `passkey-${name}-rejected`)
      // A page that was tampered with, so that the browser does not insist on a verified user: the gateway does.
      await passkeyButton(surface).evaluate((button) => {
        const asked = `${button.getAttribute('data-options')}`.replace('"required"', '"discouraged"')
        button.setAttribute('data-options', asked)
      })
      const unverified = await answerOf(page, () => passkeyButton(surface).click())
      assert.ok(unverified.get('credential'))
      await surface.locator('.notice.danger').waitFor()
      assert.match(await surface.locator('.notice.danger').innerText(), /패스키를 확인하지 못했어요/)

      await setUserVerified(device, true)
      const cookies = await context.cookies(sandbox.urls.shop)
      const customerId = cookies.find((cookie) => cookie.name === 'customer')?.value ?? ''
      await openRegistration({ sandbox, page, customerId })
      await page.locator('form[data-step="password"]').waitFor()
      await takePicture(page, `passkey-${name}-registers`)
      await passkeyButton(page).click()
      await confirm({ ...visit, surface: page }, 'register')
      await page.getByRole('heading', { name: '정기결제 카드를 등록했어요' }).waitFor()
      await context.close()
    })
  }

  test('a browser without passkeys never sees one offered; another one does, and its buyer may change their mind', async () => {
    const { page, context } = await openPage({ ...phone, locale: 'en-US' })
    await page.addInitScript(() => {
      Reflect.deleteProperty(window, 'PublicKeyCredential')
    })
    const visit: Visit = { page, surface: page, sandbox, name: 'passkey-none', phone: '01055554003' }
    await orderAndOpen(page)
    await joinAsMember(visit)
    assert.equal(await page.locator('form[data-step="add-passkey"]').isVisible(), false)
    await confirm(visit)
    await page.waitForURL('**/orders/*')

    const later = await context.newPage()
    const laterVisit: Visit = { page: later, surface: later, sandbox, name: 'passkey-returning' }
    await orderAndOpen(later)
    await later.locator('.more summary').click()
    const link = later.locator('form[data-step="add-passkey"] button')
    assert.equal(await link.innerText(), 'Add a passkey')
    await link.click()
    await later.getByText('Your password stays as it is').waitFor()
    await takePicture(later, 'passkey-returning-identity')
    await later.locator('form[data-step="keep-password"] button').click()
    await payWithPassword(laterVisit)
    await later.waitForURL('**/orders/*')
    await context.close()
  })
})
