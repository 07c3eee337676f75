import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { readKeypadPicture } from '../../packages/sandbox/src/buyer/keypad-reader.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'

/** A page, or the layer's frame on it. */
export interface Surface {
  locator(selector: string): Locator
}

const usualPassword = '274951'
export const usualCard = '9406000000000001'
export const usualExpiry = '12/40'

/** The layer that the drop-in script opens over the shop. */
export const layerOf = (page: Page): Surface => page.frameLocator('iframe')

export interface Visit {
  readonly page: Page
  readonly surface: Surface
  readonly sandbox: { readonly urls: Pick<Sandbox['urls'], 'gateway' | 'console'> }
  /** Names the pictures taken when SSPAY_SCREENSHOTS names a folder. */
  readonly name: string
  readonly card?: string
  /** Typed first, and rejected. */
  readonly cardBefore?: string
  readonly password?: string
  /** Unique when several buyers join at once, because each reads the newest code of a phone. */
  readonly phone?: string
  /** Nothing can be evaluated in its pages. */
  readonly hasOldLibrary?: boolean
  /** Looks at each page before it is filled in. */
  readonly onPage?: (step: string) => Promise<void>
  /** Looks at the page after each tap but the last, which posts them all. */
  readonly onTap?: (tapped: number) => Promise<void>
}

export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SSPAY_SCREENSHOTS
  if (folder === undefined) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** Waits for the page of a step, so that nothing is typed into the page before it. */
async function atStep({ page, surface, name, hasOldLibrary, onPage }: Visit, step: string): Promise<Locator> {
  const form = surface.locator(`form[data-step="${step}"]`)
  await form.waitFor()
  if (step.startsWith('password') && !hasOldLibrary) {
    const picture = surface.locator('img[data-keypad]')
    await picture.evaluate((image: HTMLImageElement) => image.decode())
  }
  await takePicture(page, `${name}-${step}`)
  await onPage?.(step)
  return form
}

/** The keys of the window's picture that lie over the digits, one after the other. */
export async function keysOf(
  { surface, sandbox, password = usualPassword }: Visit,
  digits: string = password,
): Promise<readonly string[]> {
  const source = await surface.locator('img[data-keypad]').getAttribute('src')
  assert.ok(source)
  return keysOnPicture(new URL(source, sandbox.urls.gateway), digits)
}

/** Looks at the picture as a person does. */
export async function keysOnPicture(picture: URL, digits: string = usualPassword): Promise<readonly string[]> {
  const response = await fetch(picture)
  const cells = new Map<number, number>()
  for (const [cell, digit] of readKeypadPicture(new Uint8Array(await response.arrayBuffer()))) cells.set(digit, cell)
  return [...digits].map((digit) => `button[data-cell="${cells.get(Number(digit))}"]`)
}

/**
 * Waits for the dot of each tap: with scripts off a tap posts the page, and the next one on the old page would be lost.
 */
export async function tapPassword(visit: Visit, digits?: string): Promise<void> {
  const keys = await keysOf(visit, digits)
  for (const [index, key] of keys.entries()) {
    await visit.surface.locator(key).click()
    if (index + 1 === keys.length) return
    await visit.surface.locator(`form:has([data-dot].filled:nth-child(${index + 1}))`).waitFor()
    await visit.onTap?.(index + 1)
  }
}

export const phoneOfBuyer = '01055557777'

/** Terms, identity, card and password: what a buyer does once. Ends on the page that asks to confirm. */
export async function joinAsMember(visit: Visit, lastStep: 'confirm' | 'register' = 'confirm'): Promise<void> {
  await addFirstCard(visit)
  await atStep(visit, 'password-set')
  await tapPassword(visit)
  await atStep(visit, 'password-repeat')
  await tapPassword(visit)
  await visit.surface.locator(`form[data-step="${lastStep}"]`).waitFor()
}

/** Terms, identity and card of a new member. */
export async function addFirstCard(visit: Visit): Promise<void> {
  const { surface, sandbox, phone = phoneOfBuyer } = visit
  const terms = await atStep(visit, 'terms')
  for (const box of await terms.locator('input[name="agree"]').all()) await box.check()
  await terms.locator('button').last().click()

  const identity = await atStep(visit, 'identity')
  await identity.locator('[name="name"]').fill('홍길동')
  await identity.locator('[name="birthDate"]').fill('900101')
  await identity.locator('[name="genderDigit"]').fill('1')
  await identity.locator('[name="carrier"]').nth(1).check()
  await identity.locator('[name="phone"]').fill(phone)
  await identity.locator('button').last().click()

  await sendCode(await atStep(visit, 'identity-code'), await readNewestCode(sandbox.urls.console, phone))

  if (visit.cardBefore !== undefined) {
    await registerCard(visit, visit.cardBefore)
    await surface.locator('.error, [role="alert"]').first().waitFor()
  }
  await registerCard(visit, visit.card ?? usualCard)
}

/** With scripts the sixth digit sends the form; without them the button does. */
async function sendCode(form: Locator, code: string): Promise<void> {
  await form.locator('[name="code"]').fill(code)
  const isSent = form.waitFor({ state: 'detached' })
  const pressed = form.locator('button').last().click()
  await Promise.race([isSent, pressed.catch(() => isSent)])
  await isSent
}

async function registerCard(visit: Visit, cardNumber: string): Promise<void> {
  const form = await atStep(visit, 'card')
  await form.locator('[name="cardNumber"]').fill(cardNumber)
  await form.locator('[name="expiry"]').fill(usualExpiry)
  await form.locator('[name="cardPassword"]').fill('12')
  await form.locator('button').last().click()
}

export async function confirm(visit: Visit, lastStep: 'confirm' | 'register' = 'confirm'): Promise<void> {
  const form = await atStep(visit, lastStep)
  await form.locator('button').last().click()
}

export async function payWithPassword(visit: Visit): Promise<void> {
  await atStep(visit, 'password')
  await tapPassword(visit)
}

export async function stopPayment({ surface }: Visit): Promise<void> {
  await surface.locator('form[data-step="abort"] button').first().click()
  const question = surface.locator('[data-leave]')
  if (await question.isVisible()) await question.click()
}
