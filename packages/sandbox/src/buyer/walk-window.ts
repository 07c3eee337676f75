import { findIssuer } from '@sspay/gateway/tools'
import type { LocalizedText, WireText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { type HtmlElement, readPage } from '../html-page.ts'
import { openPicture, type Page, postForm } from './browser.ts'
import type { Buyer } from './buyer.ts'
import { fillForm, findOwnCard } from './fill-form.ts'
import { findStepForm, type HtmlForm } from './html-forms.ts'
import { readKeypadPicture } from './keypad-reader.ts'

const maxPages = 40
/** A step that is shown this often does not accept the input. */
const maxVisits = 3

export interface Walk {
  readonly buyer: Buyer
  /** Returns the newest one-time code sent to this phone. */
  readCode(phone: string): Promise<string>
  /** Called with the name of each page that is submitted. */
  onStep(step: string): void
}

/** The window did not finish and nothing was charged; the message is the text of its last page. */
export class WindowRejection extends Error {
  readonly resultCode: string | undefined
  /** The value that came, the limit and the cure, where the page names them. */
  readonly reason: LocalizedText | undefined
  constructor(message: string, resultCode?: string, reason?: LocalizedText) {
    super(message)
    this.name = 'WindowRejection'
    this.resultCode = resultCode
    this.reason = reason
  }
}

/** Fills in page after page and returns the authentication result for the shop, by wire name. */
export async function walkWindow(first: Page, walk: Walk): Promise<WireText> {
  let page = first
  const visits = new Map<string, number>()
  for (let pages = 0; pages < maxPages; pages++) {
    const returned = readReturn(page)
    if (returned !== undefined) return returned
    const form = findNextForm(page, walk.buyer)
    const step = form?.attributes['data-step']
    const visited = visits.get(step ?? '') ?? 0
    if (form === undefined || step === undefined || visited === maxVisits) throw rejectionOf(page)
    visits.set(step, visited + 1)
    walk.onStep(step)
    page = await submit(page, form, await answersOf(page, form, walk))
  }
  throw rejectionOf(page)
}

/** The form of the page's own step, or `add-card` when the buyer's card is not among those offered. */
function findNextForm({ forms }: Page, buyer: Buyer): HtmlForm | undefined {
  const main = findStepForm(forms)
  const lacksCard = main?.fields.some(({ name }) => name === 'cardId') && findOwnCard(main, buyer) === undefined
  const adding = forms.find(({ attributes }) => attributes['data-step'] === 'add-card')
  return lacksCard && buyer.insistsOnCard && adding !== undefined ? adding : main
}

async function answersOf(page: Page, form: HtmlForm, walk: Walk): Promise<WireText> {
  const filled = { ...valueOfOnlyButton(form), ...fillForm(form, walk.buyer) }
  if (form.buttons.some(({ attributes }) => attributes.name === 'issuerCode'))
    return { ...filled, issuerCode: findIssuer(walk.buyer.cardNumber)?.issuerCode ?? '' }
  // A returning member sees no card before the password.
  if (walk.buyer.insistsOnCard && form.buttons.some(({ attributes }) => attributes.name === 'choose'))
    return { ...filled, choose: 'card' }
  if (form.buttons.some(({ attributes }) => attributes.name === 'tap'))
    return { ...filled, taps: await tap(page, form, walk.buyer.password) }
  const asksCode = form.fields.some(({ name }) => name === 'code')
  return asksCode ? { ...filled, code: await walk.readCode(walk.buyer.phone) } : filled
}

function valueOfOnlyButton({ buttons }: HtmlForm): WireText {
  const [button] = buttons
  const { name, value = '' } = button?.attributes ?? {}
  return buttons.length === 1 && name !== undefined ? { [name]: value } : {}
}

/** Recognizes the digits in the keypad picture and returns the values of the keys to press. */
async function tap(page: Page, form: HtmlForm, password: string): Promise<string> {
  const source = findWithAttribute(page, 'data-keypad')?.attributes.src
  if (source === undefined) throw new WindowRejection('the keypad has no picture')
  const digits = readKeypadPicture(await openPicture(new URL(source, page.url).href, page.cookies))
  const keys = new Map<number, string>()
  for (const { attributes } of form.buttons) {
    const digit = digits.get(Number(attributes['data-cell'] ?? Number.NaN))
    if (attributes.name === 'tap' && digit !== undefined) keys.set(digit, attributes.value ?? '')
  }
  return [...password].map((digit) => keys.get(Number(digit)) ?? '').join(',')
}

const submit = (page: Page, form: HtmlForm, fields: WireText): Promise<Page> =>
  postForm({
    url: new URL(form.attributes.action ?? '', page.url).href,
    body: encodeForm(fields, 'utf-8'),
    origin: new URL(page.url).origin,
    cookies: page.cookies,
  })

/** Mobile: the form posted to the return URL. PC: the message posted to the page that opened the window. */
function readReturn(page: Page): WireText | undefined {
  const form = page.forms.find(({ attributes }) => attributes['data-return'] === 'post')
  if (form !== undefined) return Object.fromEntries(form.fields.map(({ name, value }) => [name, value]))
  const message = findWithAttribute(page, 'data-approval-ticket')?.attributes['data-message']
  if (message === undefined) return undefined
  const { type: _type, ...callback } = JSON.parse(message) as { readonly type: string } & WireText
  return callback
}

const findWithAttribute = ({ html }: Page, name: string): HtmlElement | undefined =>
  readPage(html).inside.find(({ attributes }) => name in attributes)

const rejectionOf = (page: Page): WindowRejection => {
  const json = findWithAttribute(page, 'data-rejection')?.texts.join('') ?? '{}'
  const { code, cause } = JSON.parse(json) as { readonly code?: string; readonly cause?: LocalizedText }
  return new WindowRejection(describePage(page), code, cause)
}

/** The page as one line: its alerts, or without any all of its text. */
function describePage({ html, status }: Page): string {
  const { inside, texts } = readPage(html)
  const alerts = inside.filter(({ attributes }) => attributes.role === 'alert')
  const shown = alerts.length > 0 ? alerts.flatMap((alert) => alert.texts) : texts
  const line = shown.join(' ').replace(/\s+/g, ' ').trim()
  return `HTTP ${status}: ${[...line].slice(0, 500).join('')}`
}
