import { realRuntime } from '@sspay/gateway/tools'
import { pause } from '../pause.ts'
import { filledForm, openForm } from './fill-step.ts'
import { type FoundWindow, findWindow, isPage } from './find-window.ts'
import type { ShopPage, WindowFrame, WindowLocator, WindowSurface } from './playwright.ts'
import { PaymentWindowError } from './window-error.ts'

export interface OpenStep {
  readonly name: string
  readonly form: WindowLocator
  readonly window: FoundWindow
}

export interface Walk {
  readonly target: ShopPage | WindowFrame
  /** The step before. */
  readonly previous: OpenStep | undefined
  /** Filled in so far, the first one first. */
  readonly steps: readonly string[]
  /** Milliseconds. */
  readonly timeout: number
}

/** A step that comes up more often does not accept what is filled in. */
const maxVisits = 3
const pollMs = 50

const alerts = '[role="alert"]:not(:empty)'
/** Of a page that leads nowhere; those that return to the shop by themselves have none. */
const deadEnd = 'main.done [data-close]'
/** The script of the window has not sent the form. */
const wrongField = `${filledForm} [aria-invalid="true"]`

/** The step that is shown next; undefined when the window has gone after the last one. */
export async function nextStep(walk: Walk): Promise<OpenStep | undefined> {
  const { target, previous, steps, timeout } = walk
  const deadline = AbortSignal.timeout(timeout)
  let window = previous?.window
  for (;;) {
    const found = await findWindow(target)
    window = found ?? window
    const read = found && (await unlessNavigating(() => readStep(found, steps)))
    if (typeof read === 'string') throw await windowError(walk, read)
    if (read !== undefined) return read
    if (previous !== undefined && (await window?.isGone())) return undefined
    if (deadline.aborted) throw await windowError(walk, whatIsMissing(walk))
    await pause(realRuntime, pollMs, [deadline])
  }
}

const whatIsMissing = ({ previous, timeout }: Walk): string =>
  `${previous === undefined ? 'no payment window opened' : 'the payment window did not go on'} within ${timeout} ms`

/** Resolves when the window has gone, or shows that it leads nowhere because the shop named no address. */
export async function waitUntilLeft({ window }: OpenStep, walk: Walk): Promise<void> {
  const deadline = AbortSignal.timeout(walk.timeout)
  while (!(await window.isGone()) && !(await unlessNavigating(() => isShown(window.surface, deadEnd)))) {
    if (deadline.aborted) throw await windowError(walk, `the payment window stayed open for ${walk.timeout} ms`)
    await pause(realRuntime, pollMs, [deadline])
  }
}

/** A fault as text; undefined while there is nothing new. */
async function readStep(window: FoundWindow, steps: readonly string[]): Promise<OpenStep | string | undefined> {
  const { surface } = window
  if (await isShown(surface, deadEnd)) return 'the payment window ended'
  if (await isShown(surface, wrongField)) return 'the page did not accept what was filled in'
  const form = surface.locator(openForm).first()
  if ((await form.count()) === 0) return undefined
  const name = (await form.getAttribute('data-step', { timeout: 1000 })) ?? ''
  const visits = steps.filter((step) => step === name).length
  if (visits === maxVisits) return `the step came up more than ${maxVisits} times`
  if (steps.at(-1) === name && (await isShown(surface, alerts))) return 'what was filled in was rejected'
  return { name, form, window }
}

const isShown = async (surface: WindowSurface, selector: string): Promise<boolean> =>
  (await surface.locator(selector).count()) > 0

/** Between two pages a frame cannot be read. */
const unlessNavigating = <Result>(read: () => Promise<Result>): Promise<Result | undefined> =>
  read().catch(() => undefined)

/** An error that says where the walk is and quotes the page. */
export async function windowError(
  { target, previous, steps }: Walk,
  fault: string,
  at?: OpenStep,
  options?: ErrorOptions,
): Promise<PaymentWindowError> {
  const step = (at ?? previous)?.name
  const shown = await describe((await findWindow(target))?.surface ?? target, target)
  const where = step === undefined ? '' : ` at the step "${step}"`
  const before = steps.length === 0 ? '' : ` (filled in so far: ${steps.join(', ')})`
  return new PaymentWindowError(`${fault}${where}${before}. The page shows: ${shown}`, { step, steps, shown }, options)
}

const longest = 500

async function describe(surface: WindowSurface, target: ShopPage | WindowFrame): Promise<string> {
  const shown = (await textsOf(surface, alerts)) || (await textsOf(surface, 'body'))
  const line = [...shown.replace(/\s+/g, ' ').trim()].slice(0, longest).join('')
  return isPage(target) ? `${line} (${target.url()})` : line
}

async function textsOf(surface: WindowSurface, selector: string): Promise<string> {
  const found = await surface
    .locator(selector)
    .all()
    .catch(() => [])
  const texts = await Promise.all(found.map((one) => one.innerText({ timeout: 1000 }).catch(() => '')))
  return texts.join(' ')
}
