import type { DeclineReason } from '@sspay/gateway'
import { realRuntime } from '@sspay/gateway/tools'
import { addresses } from '../addresses.ts'
import { type Buyer, newBuyer } from '../buyer/buyer.ts'
import { type Behaviour, testCards } from '../card-network/scenarios.ts'
import { fillSteps } from './fill-step.ts'
import { nextStep, type OpenStep, waitUntilLeft, windowError } from './next-step.ts'
import type { ShopPage, WindowFrame, WindowSurface } from './playwright.ts'

/**
 * What the issuer answers: `approve`; a decline by its reason, such as `balance_insufficient`; `silent`: no answer, and
 * no charge; `late`: charged, but the answer is too late; `twice`: the answer arrives twice.
 */
export type CardScenario = Extract<Behaviour, string> | DeclineReason

/** The person in the window; what is left out is made up. */
export interface WindowBuyer {
  readonly name?: string
  /** Digits only; a test phone (`sspay phones list`) decides how the verification ends. */
  readonly phone?: string
  /** yyMMdd. */
  readonly birthDate?: string
  /** The first of the last seven digits of the resident number: 1 to 8. */
  readonly genderDigit?: string
  /** `SKT`, `KT`, `LGU+` or one of these with `알뜰`. */
  readonly carrier?: string
}

/** Options of {@link payInWindow}; each has a default. */
export interface PayInWindowOptions {
  /**
   * A scenario, or the number of a test card (`sspay cards list`). By default `approve` for a new member, and for a
   * returning one the card that the window offers.
   */
  readonly card?: CardScenario | (string & Record<never, never>)
  /** The payment password, six digits: set by a new member, entered by a returning one. By default `274951`. */
  readonly password?: string
  /** By default a new person with a phone number of their own, so that tests may run at the same time. */
  readonly buyer?: WindowBuyer
  /** Leaves the window instead of paying: at its first page (`true`) or at this step, for example `card`. */
  readonly abort?: boolean | string
  /** Origin of the sandbox’s console, where the one-time codes are read. By default `http://localhost:4620`. */
  readonly consoleUrl?: string
  /** Milliseconds for each step, and until the window opens. By default 15,000. */
  readonly timeout?: number
}

/** What {@link payInWindow} did. */
export interface PayInWindowResult {
  /** `authenticated`: the window has handed its result to the shop, which has yet to show whether it was approved. */
  readonly outcome: 'authenticated' | 'aborted'
  /** The steps that were filled in: `terms`, `identity`, `identity-code`, `card`, `password-set`, … */
  readonly steps: readonly string[]
}

/**
 * Pays in the payment window that the page under test has opened, as a buyer would: agrees to the terms, verifies the
 * identity with the code from the sandbox’s phone, registers a test card, reads the picture of the keypad and taps the
 * password, and confirms. Works in the layer on a PC, in place of the page on a phone, and in a popup. A returning
 * member enters the password only.
 *
 * Resolves when the window is gone; then wait for the page on which the shop shows its result. Needs Node.js 24.
 *
 * @param target - Playwright’s page, or the frame locator of the window.
 * @throws {@link PaymentWindowError} when no window opens or it does not go on, with the step and the text of the page.
 *
 * @example
 * ```ts
 * import { payInWindow, type ShopPage } from '@sspay/sandbox/testing'
 *
 * export async function buy(page: ShopPage): Promise<void> {
 *   await page.locator('#pay').click()
 *   await payInWindow(page)
 *   await page.locator('text=결제했어요').waitFor()
 * }
 * ```
 *
 * @example
 * A card without money, and a buyer who leaves.
 * ```ts
 * import { payInWindow, type ShopPage } from '@sspay/sandbox/testing'
 *
 * export async function failTwice(page: ShopPage): Promise<void> {
 *   await page.locator('#pay').click()
 *   await payInWindow(page, { card: 'balance_insufficient' })
 *   await page.locator('#pay').click()
 *   await payInWindow(page, { abort: true })
 * }
 * ```
 */
export async function payInWindow(
  target: ShopPage | WindowFrame,
  options: PayInWindowOptions = {},
): Promise<PayInWindowResult> {
  const { abort = false, timeout = 15_000 } = options
  const consoleUrl = options.consoleUrl ?? `http://localhost:${addresses.console.defaultPort}`
  const buyer = buyerOf(options)
  const steps: string[] = []
  let previous: OpenStep | undefined
  for (;;) {
    const walk = { target, previous, steps, timeout }
    const step = await nextStep(walk)
    if (step === undefined) break
    const { form, name } = step
    const { surface } = step.window
    const fails = async (cause: unknown): Promise<never> => {
      throw await windowError(walk, firstLine(cause), step, { cause })
    }
    if (abort === true || abort === name) {
      await leave(surface, timeout).catch(fails)
      await waitUntilLeft(step, { ...walk, previous: step })
      return { outcome: 'aborted', steps }
    }
    const fill = fillSteps[name]
    if (fill === undefined) throw await windowError(walk, 'payInWindow does not know this page', step)
    await fill({ surface, form, buyer, consoleUrl, wait: { timeout } }).catch(fails)
    steps.push(name)
    previous = step
  }
  if (abort === false) return { outcome: 'authenticated', steps }
  throw new TypeError(
    `abort: the window had no step "${abort}", only ${steps.join(', ')}; the payment is authenticated`,
  )
}

const passwordPattern = /^[0-9]{6}$/

function buyerOf({ card, password, buyer = {} }: PayInWindowOptions): Buyer {
  if (password !== undefined && !passwordPattern.test(password))
    throw new TypeError('password: a payment password has six digits')
  const cardNumber = card === undefined ? undefined : cardNumberOf(card)
  const made = newBuyer(realRuntime, { cardNumber, installmentMonths: 0 })
  return { ...made, ...buyer, ...(password === undefined ? {} : { password }) }
}

const scenarioOf = (behaviour: Behaviour): CardScenario =>
  typeof behaviour === 'string' ? behaviour : behaviour.decline

function cardNumberOf(card: string): string {
  const digits = card.replace(/[ -]/g, '')
  if (/^[0-9]{14,16}$/.test(digits)) return digits
  const found = testCards.find(({ behaviour }) => scenarioOf(behaviour) === card)
  if (found !== undefined) return found.cardNumber
  const known = new Set(testCards.map(({ behaviour }) => scenarioOf(behaviour)))
  throw new TypeError(`card: "${card}" is neither a card number nor a scenario (${[...known].join(', ')})`)
}

/** The script of the window asks first. */
async function leave(surface: WindowSurface, timeout: number): Promise<void> {
  await surface.locator('form[data-step="abort"] button').first().click({ timeout })
  const question = surface.locator('[data-leave]')
  if (await question.isVisible()) await question.click({ timeout })
}

/** Playwright appends its log of the action. */
const firstLine = (cause: unknown): string =>
  String(cause instanceof Error ? cause.message : cause).split('\n')[0] ?? ''
