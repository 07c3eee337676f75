import { findIssuer } from '@sspay/gateway/tools'
import type { Buyer } from '../buyer/buyer.ts'
import { readKeypadPicture } from '../buyer/keypad-reader.ts'
import { readNewestCode } from '../pay/pay.ts'
import type { WindowLocator, WindowSurface } from './playwright.ts'

export interface StepContext {
  readonly surface: WindowSurface
  /** The form of the step. */
  readonly form: WindowLocator
  readonly buyer: Buyer
  readonly consoleUrl: string
  /** For each action. */
  readonly wait: { readonly timeout: number }
}

/** The form of a step that has not been filled in yet. */
export const openForm = 'form[data-step]:not([data-filled-in]):has(> input[name="step"])'
export const filledForm = 'form[data-filled-in]'

/** A new page has no marked form, also when it shows the same step again. */
const markFilled = (form: WindowLocator): Promise<unknown> =>
  form.evaluate((element) => element.setAttribute('data-filled-in', ''))

type FillStep = (context: StepContext) => Promise<void>

/** Fills in one step and sends it. */
export const fillSteps: Readonly<Record<string, FillStep>> = {
  async terms(context) {
    for (const box of await context.form.locator('input[name="agree"]').all()) await box.check(context.wait)
    await send(context)
  },
  async identity(context) {
    const { form, buyer } = context
    await fillFields(context, {
      name: buyer.name,
      birthDate: buyer.birthDate,
      genderDigit: buyer.genderDigit,
      phone: buyer.phone,
    })
    await form.locator(`input[name="carrier"][value="${buyer.carrier}"]`).check(context.wait)
    await send(context)
  },
  async 'identity-code'(context) {
    const code = await readNewestCode(context.consoleUrl, context.buyer.phone)
    // The script of the page sends the form at the sixth digit.
    await markFilled(context.form)
    await context.surface.locator(`${filledForm} [name="code"]`).fill(code, context.wait)
    context.surface.locator(`${filledForm} button`).last().click(context.wait).catch(ignore)
  },
  issuer: (context) => chooseIssuer(context),
  async card(context) {
    const { form, buyer } = context
    const { cardNumber, cardPassword, birthDate, businessNumber, expiryMonth, expiryYear } = buyer
    const expiry = `${expiryMonth}/${expiryYear.slice(2)}`
    if (businessNumber !== '') await form.locator('details.corporate > summary').click(context.wait)
    const owner = businessNumber === '' ? { ownerBirthDate: birthDate } : { businessNumber }
    await fillFields(context, { cardNumber, expiry, cardPassword, ...owner })
    await send(context)
  },
  async 'pop-card'({ surface, form, wait }) {
    await markFilled(form)
    await surface.locator('form[data-step="skip-pop-card"] button').click(wait)
  },
  'password-set': (context) => tapPassword(context),
  'password-repeat': (context) => tapPassword(context),
  async password(context) {
    if (await choosesCard(context)) await tapPassword(context)
  },
  async confirm(context) {
    if (await choosesCard(context)) await send(context)
  },
}

const ignore = (): void => {}

async function send(context: StepContext): Promise<void> {
  await markFilled(context.form)
  await context.surface.locator(`${filledForm} button`).last().click(context.wait)
}

/** Some fields are asked of some buyers only. */
async function fillFields(context: StepContext, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const field = context.form.locator(`input[name="${name}"]`)
    if ((await field.count()) > 0) await field.fill(value, context.wait)
  }
}

async function chooseIssuer(context: StepContext): Promise<void> {
  const { form, buyer, surface } = context
  const issuer = `button[name="issuerCode"][value="${findIssuer(buyer.cardNumber)?.issuerCode ?? ''}"]`
  if (!(await form.locator(issuer).isVisible()))
    await form.locator('details.other-issuers > summary').click(context.wait)
  await markFilled(form)
  await surface.locator(`${filledForm} ${issuer}`).click(context.wait)
}

/** Makes the buyer's card pay; false when that leads to another page first. */
async function choosesCard(context: StepContext): Promise<boolean> {
  const { form, buyer, surface } = context
  if (!buyer.insistsOnCard) return true
  const lastFour = buyer.cardNumber.slice(-4)
  const hidden = form.locator('button[name="choose"]')
  if ((await hidden.count()) > 0) {
    await markFilled(form)
    await surface.locator(`${filledForm} button[name="choose"]`).click(context.wait)
    return false
  }
  const option = form.locator(`select[name="cardId"] option:has-text("${lastFour}")`)
  if ((await option.count()) > 0) {
    const cardId = (await option.first().getAttribute('value', context.wait)) ?? ''
    await form.locator('select[name="cardId"]').selectOption(cardId, context.wait)
    return true
  }
  const tile = form.locator(`label:has(input[name="cardId"]):has-text("${lastFour}")`)
  if ((await tile.count()) > 0) {
    await tile.first().click(context.wait)
    return true
  }
  const isOnly = (await form.locator(`.card-name:has-text("${lastFour}")`).count()) > 0
  const asksCard = (await form.locator('[name="cardId"]').count()) > 0
  if (isOnly || !asksCard) return true
  const adding = surface.locator('form[data-step="add-card"] button').first()
  if (!(await adding.isVisible())) await surface.locator('details.more > summary').click(context.wait)
  await markFilled(form)
  await adding.click(context.wait)
  return false
}

/** The script of the window sends the form at the sixth tap. */
async function tapPassword(context: StepContext): Promise<void> {
  const { form, surface, buyer } = context
  const cells = await readCells(form)
  await markFilled(form)
  for (const digit of buyer.password)
    await surface.locator(`${filledForm} button[data-cell="${cells.get(Number(digit))}"]`).click(context.wait)
}

async function readCells(form: WindowLocator): Promise<ReadonlyMap<number, number>> {
  const source = await form.locator('img[data-keypad]').evaluate((image) => (image as { readonly src?: string }).src)
  // The browser's own cookies and certificates.
  const response = await form.page().context().request.get(String(source))
  if (response.status() !== 200) throw new Error(`the picture of the keypad answers HTTP ${response.status()}`)
  const digits = readKeypadPicture(new Uint8Array(await response.body()))
  return new Map([...digits].map(([cell, digit]) => [digit, cell]))
}
