import assert from 'node:assert/strict'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { keysOnPicture, usualCard, usualExpiry } from '../e2e/buyer.ts'
import { until } from '../support/until.ts'
import type { Visit } from './engines.ts'
import type { Surface } from './webdriver.ts'

export const formOf = (step: string): string => `form[data-step="${step}"]`

const pressMain = (window: Surface, step: string): Promise<void> => window.click(`${formOf(step)} button`, -1)

const pay = '#tranMgr button[type="submit"]'

/** From the shelf of the demo shop into the payment window. */
export async function orderAndPay({ page }: Visit, { urls }: Sandbox): Promise<void> {
  await page.goto(urls.shop)
  await page.click('a[href^="/goods/"]')
  await page.click('form[action="/order"] button, a[href^="/order?"]')
  await page.click('form[action="/orders"] button[type="submit"]')
  await page.click(pay)
}

/** Back to the payment page, which WebKit shows as it was left: with the layer open. */
export async function payAfterBack({ page, window }: Visit, { urls }: Sandbox): Promise<void> {
  if (window !== page) await page.goto(urls.shop)
  await page.back()
  await page.waitFor(pay)
  const isOpen = await page.run("return document.querySelector('[role=dialog]') !== null")
  if (isOpen !== true) await page.click(pay)
}

async function keysFor(window: Surface, { urls }: Sandbox, step: string): Promise<readonly string[]> {
  const source = await window.attribute(`${formOf(step)} img[data-keypad]`, 'src')
  return keysOnPicture(new URL(source, urls.gateway))
}

/** Tap by tap on the picture of the keypad; with scripts off each tap but the last brings a page of its own. */
export async function tapPassword(window: Surface, sandbox: Sandbox, step: string): Promise<void> {
  const form = formOf(step)
  const keys = await keysFor(window, sandbox, step)
  for (const [index, key] of keys.entries()) {
    await window.click(`${form} ${key}`)
    if (index + 1 < keys.length) await window.waitFor(`${form}:has([data-dot].filled:nth-child(${index + 1}))`)
  }
}

const enter = '\uE007'
const arrows = { Left: '\uE012', Up: '\uE013', Right: '\uE014', Down: '\uE015' } as const

/** The cell from which an arrow leads to another one. */
function wayTo(cell: number): readonly [from: number, arrow: keyof typeof arrows] {
  if (cell > 8) return [cell - 3, 'Down']
  if (cell % 3 === 0) return [cell + 1, 'Left']
  return cell % 3 === 1 && cell < 6 ? [cell + 3, 'Up'] : [cell - 1, 'Right']
}

/** WebKit lets scripts, and so its driver, move the focus in a frame of another site only after a tap there. */
const tapInto = (window: Surface): Promise<void> => window.click('header')

/** With arrows and the Enter key. In the page itself, the arrows have the names of Internet Explorer and old Edge. */
export async function typePassword({ page, window }: Visit, sandbox: Sandbox, step: string): Promise<void> {
  const keys = await keysFor(window, sandbox, step)
  await tapInto(window)
  for (const key of keys) {
    const cell = /\d+/.exec(key)?.[0]
    const [from, arrow] = wayTo(Number(cell))
    const neighbour = `button[data-cell="${from}"]`
    if (window === page) {
      const event = `new KeyboardEvent('keydown', { key: '${arrow}', bubbles: true, cancelable: true })`
      await page.run(`document.querySelector('${neighbour}').dispatchEvent(${event})`)
    } else await window.press(neighbour, arrows[arrow])
    await until(async () => (await window.ofFocused('data-cell')) === cell, { what: `the focus on cell ${cell}` })
    await window.press(key, enter)
  }
}

export async function agree(window: Surface): Promise<void> {
  const choices = `${formOf('terms')} .choice:has([name="agree"])`
  const count = await window.waitFor(choices)
  for (let place = 0; place < count; place++) await window.click(choices, place)
  await pressMain(window, 'terms')
}

/** Terms, identity, card and password, and the button that confirms the payment. */
export async function joinAndConfirm({ window, hasScripts }: Visit, sandbox: Sandbox, phone: string): Promise<void> {
  await agree(window)

  const identity = formOf('identity')
  await window.fill(`${identity} [name="name"]`, '홍길동')
  await window.fill(`${identity} [name="birthDate"]`, '900101')
  await window.fill(`${identity} [name="genderDigit"]`, '1')
  await window.click(`${identity} [name="carrier"]`, 1)
  await window.fill(`${identity} [name="phone"]`, phone)
  await pressMain(window, 'identity')

  const code = `${formOf('identity-code')} [name="code"]`
  await window.waitFor(code)
  // The sixth digit sends it.
  await window.fill(code, await readNewestCode(sandbox.urls.console, phone))
  if (!hasScripts) await pressMain(window, 'identity-code')

  await fillCard(window, { cardNumber: usualCard, expiry: usualExpiry, cardPassword: '12' })
  await tapPassword(window, sandbox, 'password-set')
  await tapPassword(window, sandbox, 'password-repeat')
  await pressMain(window, 'confirm')
}

async function fillCard(window: Surface, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(fields)) await window.fill(`${formOf('card')} [name="${name}"]`, text)
  await pressMain(window, 'card')
}

/** Without membership: the issuer first, then a card of this issuer. */
export async function payGenerally({ page, window }: Visit, { urls }: Sandbox): Promise<void> {
  await page.goto(`${urls.shop}/guide-sample?customer=general`)
  const fields = ['SspMallId', 'PopCheck', 'MallUserId'].map((name) => `[name="${name}"]`).join()
  await page.waitFor(fields)
  await page.run(`document.querySelectorAll('${fields}').forEach(function (field) { field.remove() })`)
  await page.click('[onclick]')
  await agree(window)
  await window.click('button[name="issuerCode"][value="06"]')
  const card = { cardNumber: usualCard, expiry: usualExpiry, cardPassword: '12', ownerBirthDate: '900101' }
  await fillCard(window, card)
  await pressMain(window, 'confirm')
}

const abort = `${formOf('abort')} button`
const question = '[data-ask]:not([hidden])'

/** With scripts the window asks first: on Escape, for a tap beside the layer, and by its button. */
export async function abortPayment({ page, window, hasScripts }: Visit): Promise<void> {
  if (hasScripts) {
    await window.waitFor(abort)
    await tapInto(window)
    await window.press(abort, '\uE00C')
    await window.waitFor(question)
    await window.click('[data-stay]')
    await window.waitFor('[data-ask][hidden]')
  }
  if (window === page) await window.click(abort)
  else await page.run("document.querySelector('[role=dialog]').click()")
  if (hasScripts) await window.click(`${question} [data-leave]`)
}

/** With scripts off, a button posts the result of the window to the shop. */
export async function returnToShop({ page, hasScripts }: Visit): Promise<void> {
  if (!hasScripts) await page.click('form[data-return="post"] button')
}

/** The address of the order in the demo shop, once its page says so. */
export async function orderThat({ page }: Visit, { urls }: Sandbox, says: string): Promise<string> {
  const address = await until(
    async () => {
      const now = await page.address()
      return now.startsWith(urls.shop) && /\/orders\/[^/]+$/.test(now) && now
    },
    { every: 100, what: 'the page of the order' },
  )
  await until(async () => (await page.text('h1')).includes(says), { what: `an order that says ${says}` })
  assert.equal(await page.address(), address)
  return address
}
