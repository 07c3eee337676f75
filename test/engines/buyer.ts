import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { keysOnPicture, usualCard, usualExpiry } from '../e2e/buyer.ts'
import type { Page, Surface } from './webdriver.ts'

const formOf = (step: string): string => `form[data-step="${step}"]`

/** From the shelf of the demo shop into the payment window. */
export async function orderAndPay(page: Page, { urls }: Sandbox): Promise<void> {
  await page.goto(urls.shop)
  await page.click('a[href^="/goods/"]')
  await page.click('form[action="/order"] button, a[href^="/order?"]')
  await page.click('form[action="/orders"] button[type="submit"]')
  await page.click('#tranMgr button[type="submit"]')
}

/** The password of the buyer, tap by tap, on the picture of the keypad. */
export async function tapPassword(window: Surface, { urls }: Sandbox, step: string): Promise<void> {
  const form = formOf(step)
  const source = await window.attribute(`${form} img[data-keypad]`, 'src')
  const keys = await keysOnPicture(new URL(source, urls.gateway))
  for (const [index, key] of keys.entries()) {
    await window.click(`${form} ${key}`)
    if (index + 1 < keys.length) await window.waitFor(`${form}:has([data-dot].filled:nth-child(${index + 1}))`)
  }
}

/** Terms, identity, card and password, and the button that confirms the payment. */
export async function joinAndConfirm(window: Surface, sandbox: Sandbox, phone: string): Promise<void> {
  const goOn = (step: string): Promise<void> => window.click(`${formOf(step)} button`, -1)
  const agree = `${formOf('terms')} .choice:has([name="agree"])`
  const terms = await window.waitFor(agree)
  for (let place = 0; place < terms; place++) await window.click(agree, place)
  await goOn('terms')

  const identity = formOf('identity')
  await window.fill(`${identity} [name="name"]`, '홍길동')
  await window.fill(`${identity} [name="birthDate"]`, '900101')
  await window.fill(`${identity} [name="genderDigit"]`, '1')
  await window.click(`${identity} [name="carrier"]`, 1)
  await window.fill(`${identity} [name="phone"]`, phone)
  await goOn('identity')

  const code = `${formOf('identity-code')} [name="code"]`
  await window.waitFor(code)
  // The sixth digit sends it.
  await window.fill(code, await readNewestCode(sandbox.urls.console, phone))

  const card = formOf('card')
  await window.fill(`${card} [name="cardNumber"]`, usualCard)
  await window.fill(`${card} [name="expiry"]`, usualExpiry)
  await window.fill(`${card} [name="cardPassword"]`, '12')
  await goOn('card')

  await tapPassword(window, sandbox, 'password-set')
  await tapPassword(window, sandbox, 'password-repeat')
  await goOn('confirm')
}
