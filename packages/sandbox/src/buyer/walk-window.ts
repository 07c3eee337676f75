import { authenticationResult, type WireText, writeMessage } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { openPicture, type Page, postForm } from './browser.ts'
import type { Buyer } from './buyer.ts'
import { fillForm, findOwnCard } from './fill-form.ts'
import { decodeEntities, type HtmlForm, readElements } from './html-forms.ts'
import { readKeypadPicture } from './keypad-reader.ts'

const mostPages = 40
/** A step that comes again this often does not accept what it is given. */
const mostVisits = 3

export interface Walk {
  readonly buyer: Buyer
  /** Reads the newest one-time code off the buyer's phone. */
  readCode(phone: string): Promise<string>
  /** Hears the name of each page as the buyer sends it. */
  onStep(step: string): void
}

/** The window did not come to its end, and nothing is charged; the message is what its last page says. */
export class WindowRejection extends Error {
  /** Where the page names one. */
  readonly resultCode: string | undefined
  constructor(message: string, resultCode?: string) {
    super(message)
    this.name = 'WindowRejection'
    this.resultCode = resultCode
  }
}

/** Fills in page after page as a person would and returns what the window hands to the shop, by wire name. */
export async function walkWindow(first: Page, walk: Walk): Promise<WireText> {
  let page = first
  const visits = new Map<string, number>()
  for (let pages = 0; pages < mostPages; pages++) {
    const returned = readReturn(page)
    if (returned !== undefined) return returned
    const form = findNextForm(page, walk.buyer)
    const step = form?.attributes['data-step']
    const visited = visits.get(step ?? '') ?? 0
    if (form === undefined || step === undefined || visited === mostVisits) throw rejectionOf(page)
    visits.set(step, visited + 1)
    walk.onStep(step)
    page = await submit(page, form, await answersOf(page, form, walk))
  }
  throw rejectionOf(page)
}

/** The form of the page's own step; the others are ways aside. A buyer who insists on a card that is not offered adds it first. */
function findNextForm({ forms }: Page, buyer: Buyer): HtmlForm | undefined {
  const main = forms.find(({ attributes, fields }) =>
    fields.some(({ name, value }) => name === 'step' && value === attributes['data-step']),
  )
  const lacksCard = main?.choices.cardId !== undefined && findOwnCard(main, buyer) === undefined
  const adding = forms.find(({ attributes }) => attributes['data-step'] === 'add-card')
  return lacksCard && buyer.insistsOnCard && adding !== undefined ? adding : main
}

async function answersOf(page: Page, form: HtmlForm, walk: Walk): Promise<WireText> {
  const filled = { ...valueOfOnlyButton(form), ...fillForm(form, walk.buyer) }
  // A returning member is shown no card before the password.
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

/** Finds each digit in the picture and presses the key that lies over it. */
async function tap(page: Page, form: HtmlForm, password: string): Promise<string> {
  const source = readElements(page.html).find(({ attributes }) => 'data-keypad' in attributes)?.attributes.src
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

/** Mobile: the form that goes to the shop's return address. PC: what the window posts to the page that opened it. */
function readReturn(page: Page): WireText | undefined {
  const form = page.forms.find(({ attributes }) => attributes['data-return'] === 'post')
  if (form !== undefined) return Object.fromEntries(form.fields.map(({ name, value }) => [name, value]))
  const message = readElements(page.html).find(({ attributes }) => attributes['data-return'] === 'message')
  if (message === undefined) return undefined
  const transactionId = message.attributes['data-transaction-id']
  const approvalTicket = message.attributes['data-approval-ticket']
  if (transactionId === undefined || approvalTicket === undefined) return undefined
  return writeMessage(authenticationResult, { transactionId, approvalTicket })
}

const rejectionOf = (page: Page): WindowRejection => {
  const [, json = '{}'] = /<script[^>]*\bdata-refusal\b[^>]*>([^<]*)<\/script>/.exec(page.html) ?? []
  const { code } = JSON.parse(json) as { readonly code?: string }
  return new WindowRejection(describePage(page), code)
}

/** The page as one line of text: what is wrong, where the page says so, else all that a person would read out. */
function describePage({ html, status }: Page): string {
  const alerts = [...html.matchAll(/<p [^>]*role="alert"[^>]*>([^<]*)</g)].map(([, words = '']) =>
    decodeEntities(words),
  )
  if (alerts.length > 0) return `HTTP ${status}: ${alerts.join(' ')}`
  const body = html.replace(/^[\s\S]*<body[^>]*>/i, '').replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, ' ')
  const text = decodeEntities(body.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
  return `HTTP ${status}: ${[...text].slice(0, 500).join('')}`
}
