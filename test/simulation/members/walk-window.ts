import { findOwnCard } from '../../../packages/sandbox/src/buyer/fill-form.ts'
import type { HtmlForm } from '../../../packages/sandbox/src/buyer/html-forms.ts'
import type { Agency } from './agency.ts'
import type { Browser, Page } from './browser.ts'
import type { OwnCard, Person } from './people.ts'

/** Knowledge and intent of the person who uses a window. */
export interface Mind {
  /** Who holds the phone that they type. */
  readonly reader: Person
  /** As whom they verify. */
  readonly claimed: Pick<Person, 'name' | 'birthDate' | 'genderDigit' | 'phone'>
  readonly card: OwnCard
  /** Undefined: not known, or forgotten. */
  password: string | undefined
  /** Wrong passwords to type first. */
  wrongGuesses: number
  resetsPassword: boolean
  /** The password that was typed last. */
  typed?: string | undefined
  /** Opens the cards by the password before anything else. */
  opensCards?: boolean
  /** Wants to add a passkey, without the password. */
  readonly addsPasskey?: true
  /** Pays with whatever card is there, and adds none. */
  readonly takesAnyCard?: boolean
  /** The step at which they wait, or leave. */
  readonly stopsAt?: string | undefined
  drawPassword(): string
  /** The password that is being set. */
  drawn?: string | undefined
}

export type WalkEnd =
  | { readonly end: 'ticket'; readonly action: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly end: 'stopped'; readonly page: Page }
  /** `says`: the alert of the page, or its status. */
  | { readonly end: 'rejected'; readonly step: string; readonly says: string }

export interface Walker {
  readonly browser: Browser
  readonly agency: Agency
  /** The time that a person needs for a page. */
  pause(): Promise<void>
  note(line: string): void
}

interface Answer {
  readonly form: HtmlForm
  readonly fields: Readonly<Record<string, string>>
}

interface Shown {
  readonly page: Page
  /** The form of the page's own step. */
  readonly main: HtmlForm | undefined
  readonly step: string
  readonly says: string | undefined
  readonly visits: number
}

type Asked = Shown & { readonly main: HtmlForm }

const mostPages = 40
const mostVisits = 8

/** Goes from page to page as the mind wants, until the window hands out its ticket, or nothing leads on. */
export async function walkWindow(walker: Walker, first: Page, mind: Mind): Promise<WalkEnd> {
  const visits = new Map<string, number>()
  let page = first
  for (let pages = 0; pages < mostPages; pages++) {
    const shown = lookAt(page, visits)
    walker.note(`${shown.step || page.status} ${shown.says ?? ''}`)
    const next = goOn(shown, mind, walker.agency)
    if ('end' in next) return next
    await walker.pause()
    page = await submit(walker.browser, page, next)
    if (shown.step === 'password-repeat') rememberPassword(mind, page)
  }
  return { end: 'rejected', step: '', says: 'pages without end' }
}

function lookAt(page: Page, visits: Map<string, number>): Shown {
  const main = mainFormOf(page)
  const step = main?.attributes['data-step'] ?? ''
  visits.set(step, (visits.get(step) ?? 0) + 1)
  return { page, main, step, says: alertOf(page), visits: visits.get(step) ?? 0 }
}

function goOn(shown: Shown, mind: Mind, agency: Agency): Answer | WalkEnd {
  const { page, main, step, says } = shown
  const returned = page.forms.find(({ attributes }) => attributes['data-return'] === 'post')
  if (returned !== undefined) return ticketOf(returned)
  if (main === undefined) return { end: 'rejected', step, says: String(page.status) }
  if (step === mind.stopsAt) return { end: 'stopped', page }
  const answer = shown.visits > mostVisits ? undefined : answerTo({ ...shown, main }, mind, agency)
  return answer ?? { end: 'rejected', step, says: says ?? 'no way on' }
}

/** Set, once the window asks for nothing more of it. */
function rememberPassword(mind: Mind, page: Page): void {
  if (mainFormOf(page)?.attributes['data-step']?.startsWith('password-') !== true) mind.password = mind.drawn
}

/** The form of the page's own step sends its name in a field, a way aside by its button. */
const mainFormOf = ({ forms }: Page): HtmlForm | undefined =>
  forms.find(({ attributes, fields }) =>
    fields.some(({ name, value }) => name === 'step' && value === attributes['data-step']),
  )

const alertOf = ({ html }: Page): string | undefined => /role="alert"[^>]*>([^<]+)</.exec(html)?.[1]

function ticketOf({ attributes, fields }: HtmlForm): WalkEnd {
  const sent = fields.filter(({ name }) => name !== '')
  return {
    end: 'ticket',
    action: attributes.action ?? '',
    fields: Object.fromEntries(sent.map(({ name, value }) => [name, value])),
  }
}

function submit(browser: Browser, page: Page, { form, fields }: Answer): Promise<Page> {
  const own = Object.fromEntries(form.fields.map(({ name, value }) => [name, value]))
  return browser.visit({ url: page.url, form: { ...own, ...fields }, from: new URL(page.url).origin })
}

/** Undefined: this page leads nowhere. */
function answerTo(shown: Asked, mind: Mind, agency: Agency): Answer | undefined {
  const { main, step } = shown
  switch (step) {
    case 'terms':
      return { form: main, fields: { agreeAll: 'Y' } }
    case 'identity': {
      const { name, birthDate, genderDigit, phone } = mind.claimed
      return isRejected(shown)
        ? undefined
        : { form: main, fields: { name, birthDate, genderDigit, phone, carrier: 'SKT' } }
    }
    case 'identity-code': {
      const code = agency.readCode(mind.reader)
      return code === undefined || isRejected(shown) ? undefined : { form: main, fields: { code } }
    }
    case 'card':
      return addCard(shown, mind)
    case 'password-set':
      if (!needsLabels(main)) mind.drawn = mind.drawPassword()
      return typePassword(main, mind.drawn ?? '')
    case 'password-repeat':
      return typePassword(main, mind.drawn ?? '')
    case 'password':
      return answerPassword(shown, mind)
    case 'confirm':
      return payWithOwnCard(shown, mind)
    default:
      return undefined
  }
}

/** The window has shown the page again with an error message. */
const isRejected = ({ says, visits }: Shown): boolean => says !== undefined && visits > 1

function addCard(shown: Asked, mind: Mind): Answer | undefined {
  if (isRejected(shown)) return undefined
  const back = mind.takesAnyCard === true ? sideStep(shown, 'keep-cards') : undefined
  return back ?? { form: shown.main, fields: cardFields(shown.main, mind.card) }
}

function cardFields(form: HtmlForm, { cardNumber, expiryMonth, expiryYear, passwordFirstTwo }: OwnCard) {
  const isAsked = (name: string): boolean => form.fields.some((field) => field.name === name)
  return {
    cardNumber,
    expiryMonth,
    expiryYear,
    ...(isAsked('cardPassword') ? { cardPassword: passwordFirstTwo } : {}),
  }
}

function answerPassword(shown: Asked, mind: Mind): Answer | undefined {
  const { main, says } = shown
  if (mind.addsPasskey !== undefined) return shown.visits > 1 ? undefined : sideStep(shown, 'add-passkey')
  if (mind.resetsPassword || (mind.password === undefined && mind.wrongGuesses === 0)) {
    mind.resetsPassword = false
    return sideStep(shown, 'reset-password')
  }
  if (mind.opensCards === true) {
    mind.opensCards = false
    return sideStep(shown, 'add-card')
  }
  if (needsLabels(main)) return { form: main, fields: { keys: 'labels' } }
  if (mind.wrongGuesses > 0) {
    mind.wrongGuesses -= 1
    return typePassword(main, wrongPassword(mind))
  }
  // It is not the password any more: somebody has set another one.
  if (mind.password === mind.typed && says !== undefined) mind.password = undefined
  mind.typed = mind.password
  return mind.password === undefined
    ? sideStep(shown, 'reset-password')
    : typePassword(main, mind.password, ownCardIn(main, mind))
}

const wrongPassword = ({ password }: Mind): string => (password === '135790' ? '246801' : '135790')

function payWithOwnCard(shown: Asked, mind: Mind): Answer | undefined {
  const own = ownCardIn(shown.main, mind)
  return 'cardId' in own || mind.takesAnyCard === true ? { form: shown.main, fields: own } : sideStep(shown, 'add-card')
}

function ownCardIn(form: HtmlForm, { card }: Mind): Readonly<Record<string, string>> {
  const own = findOwnCard(form, card)
  return own === undefined ? {} : { cardId: own }
}

function sideStep({ page }: Shown, step: string): Answer | undefined {
  const form = page.forms.find(({ attributes }) => attributes['data-step'] === step)
  return form === undefined ? undefined : { form, fields: { step } }
}

const needsLabels = ({ buttons }: HtmlForm): boolean =>
  buttons.some(({ attributes }) => attributes.name === 'keys' && attributes.value === 'labels')

/** On keys that show their digits: a look at the page finds them. */
function typePassword(form: HtmlForm, digits: string, others: Readonly<Record<string, string>> = {}): Answer {
  if (needsLabels(form)) return { form, fields: { keys: 'labels' } }
  const tokens = new Map(
    form.buttons
      .filter(({ attributes }) => attributes.name === 'tap')
      .map(({ attributes, text }) => [text, attributes.value ?? '']),
  )
  const taps = [...digits].map((digit) => tokens.get(digit) ?? '').join(',')
  return { form, fields: { ...others, taps } }
}
