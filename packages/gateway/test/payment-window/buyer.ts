import { Hono } from 'hono'
import type { CheckAppOutcome, StartAppOutcome } from '../../src/card-network/issuer-apps.ts'
import type { CardNetwork, VerifyCardOutcome, VerifyCardRequest } from '../../src/card-network/port.ts'
import { beginRequest } from '../../src/http/begin-request.ts'
import type { Caller } from '../../src/http/client-address.ts'
import { fullBirthDate, genderOf, type IdentityDraft, type VerifiedPerson } from '../../src/identity/model.ts'
import type { IdentityVerifier, PhoneMessage } from '../../src/identity/port.ts'
import { renderDigitCell } from '../../src/keypad/digit-cell.ts'
import { digitCells } from '../../src/keypad/model.ts'
import { bindMember } from '../../src/members/join.ts'
import type { Merchant } from '../../src/merchants/model.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { paymentWindowRoutes } from '../../src/payment-window/route.ts'
import { findSession } from '../../src/payment-window/session.ts'
import { cellsOfPicture } from '../keypad/reader.ts'
import { createTestContext, quickHasher, type TestContext, type TestContextOptions } from '../support.ts'
import { requestForm, testMerchant } from './request-form.ts'

export const testCardNumber = '4111111111111111'
export const otherCardNumber = '5555555555554444'
/** Required fields of the card page besides the number. */
export const cardFields = { expiry: '12/30', cardPassword: '12' } as const
export const rightCode = '482915'

export const buyer: Readonly<Record<keyof IdentityDraft, string>> = {
  name: '홍길동',
  birthDate: '910203',
  genderDigit: '1',
  carrier: 'SKT',
  phone: '01099991111',
}

type WindowApp = ReturnType<typeof paymentWindowRoutes>

export interface WindowFixture extends TestContext {
  readonly app: WindowApp
  readonly codesSent: IdentityDraft[]
  readonly agency: TestAgency
  readonly cardNetwork: Pick<CardNetwork, 'verifyCard'>
  /** Requests to the issuer, and its next answer. */
  readonly issuer: { readonly asked: VerifyCardRequest[]; says: VerifyCardOutcome }
  /** Answers of the apps of the issuers. */
  readonly apps: { starts: StartAppOutcome; says: CheckAppOutcome }
}

/** Answers of the agency; a test may change them. */
export interface TestAgency {
  vouchFor(draft: IdentityDraft): VerifiedPerson
  takesMessages: boolean
  sends?: Promise<void>
  testCode?: string
  readonly messages: PhoneMessage[]
}

/** The buyer was honest; the same name, birth date and gender are the same person. */
export const personOf = (draft: IdentityDraft): VerifiedPerson => {
  const { name, phone } = draft
  const [birthDate, gender] = [fullBirthDate(draft), genderOf(draft)]
  return { name, phone, birthDate, gender, ci: `CI ${name} ${birthDate} ${gender}` }
}

export async function openWindowFixture(
  change: Partial<Merchant> = {},
  options: TestContextOptions = {},
): Promise<WindowFixture> {
  const fixture = await createTestContext(options)
  await saveMerchant(fixture.context, { ...testMerchant, ...change })
  const codesSent: IdentityDraft[] = []
  const agency: TestAgency = { vouchFor: personOf, takesMessages: true, messages: [] }
  const identityVerifier: IdentityVerifier = {
    async sendCode(draft) {
      codesSent.push(draft)
      await agency.sends
      return { ok: true, verificationId: `verification-${codesSent.length}`, testCode: agency.testCode }
    },
    async checkCode({ verificationId, code }) {
      const draft = codesSent[Number(verificationId.split('-')[1]) - 1]
      if (code !== rightCode || draft === undefined) return { result: 'wrong' }
      return { result: 'verified', person: agency.vouchFor(draft) }
    },
    async sendMessage(message) {
      agency.messages.push(message)
      return agency.takesMessages
    },
  }
  const issuer: WindowFixture['issuer'] = { asked: [], says: { outcome: 'verified' } }
  const cardNetwork = {
    async verifyCard(request: VerifyCardRequest) {
      issuer.asked.push(request)
      return issuer.says
    },
  }
  const apps: WindowFixture['apps'] = {
    starts: { outcome: 'started', appPaymentId: 'app-1', pageUrl: 'https://issuer.example/app/1' },
    says: { outcome: 'pending' },
  }
  const issuerApps = { start: async () => apps.starts, check: async () => apps.says }
  const routes = paymentWindowRoutes({
    ...fixture.context,
    identityVerifier,
    cardNetwork,
    issuerApps,
    windowScript: '/* script */',
    passwordHasher: quickHasher,
  })
  const app: WindowApp = new Hono<{ Bindings: Caller }>()
    .use(beginRequest({ ...fixture.context, proxyHops: fixture.context.settings.limits.proxyHops }))
    .route('/', routes)
  return { ...fixture, app, codesSent, agency, cardNetwork, issuer, apps }
}

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Without the query. */
  readonly url: string
  /** `data-step` of the page's main form, undefined on pages that ask nothing. */
  readonly step: string | undefined
}

export const post = (
  fields: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
) => ({
  method: 'POST',
  body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
})

interface Asked {
  request(url: string, init?: RequestInit): Response | Promise<Response>
}

/** The same windows, for a client of that address. */
export const seenFrom = ({ app }: Pick<WindowFixture, 'app'>, address: string): { readonly app: Asked } => ({
  app: { request: (url, init) => app.request(url, init, { address }) },
})

interface BrowserOptions {
  /** Not in a frame where cookies of third parties are blocked. */
  readonly keepsCookies?: boolean
  readonly origin?: string
}

/** A buyer without scripts: opens pages, fills forms, looks at the keypad. Keeps every page it was shown. */
export class Buyer {
  readonly app: Asked
  readonly context: WindowFixture['context'] | undefined
  readonly pages: Page[] = []
  /** Where each answer redirected to, with its query. */
  readonly locations: string[] = []
  readonly cookies = new Map<string, string>()
  readonly #keepsCookies: boolean
  readonly #origin: string
  constructor(
    { app, context }: { readonly app: Asked } & Partial<Pick<WindowFixture, 'context'>>,
    { keepsCookies = true, origin = 'http://localhost' }: BrowserOptions = {},
  ) {
    this.app = app
    this.context = context
    this.#keepsCookies = keepsCookies
    this.#origin = origin
  }

  /** The Cookie header. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  /** A request of this browser that opens no page. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), cookie: this.cookie }
    const response = await this.app.request(this.#origin + path, { ...init, headers })
    for (const line of this.#keepsCookies ? response.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.cookies.set(name, value)
    }
    return response
  }

  get page(): Page {
    const page = this.pages.at(-1)
    if (page === undefined) throw new Error('no page is open')
    return page
  }

  async #follow(url: string, init?: RequestInit): Promise<Page> {
    const response = await this.request(url, init)
    const location = response.headers.get('location')
    if (response.status === 303 && location !== null) {
      this.locations.push(location)
      return this.#follow(location)
    }
    const text = await response.text()
    const step = [...text.matchAll(/data-step="([^"]+)"/g)].map(([, name]) => name)[0]
    const page = {
      status: response.status,
      headers: response.headers,
      text,
      url: url.replace(/\?.*/, ''),
      step: step === 'abort' ? undefined : step,
    }
    this.pages.push(page)
    return page
  }

  open(
    form: Readonly<Record<string, string>> | string = requestForm(),
    headers: Readonly<Record<string, string>> = {},
  ) {
    return this.#follow('/ssp/reqPay.do', post(form, headers))
  }

  /** Opens the window that issues a bill key. */
  openRegistration(form: Readonly<Record<string, string>> | string): Promise<Page> {
    return this.#follow('/ssb/interface.do', post(form))
  }

  reload(): Promise<Page> {
    return this.#follow(this.page.url)
  }

  /** Follows a link from outside. */
  visit(address: string): Promise<Page> {
    return this.#follow(address)
  }

  submit(step: string, fields: Readonly<Record<string, string>> = {}, headers?: Readonly<Record<string, string>>) {
    const pageSecret = /name="pageSecret" value="([^"]+)"/.exec(this.page.text)?.[1]
    const hidden = pageSecret === undefined ? {} : { pageSecret }
    return this.#follow(this.page.url, post({ step, ...hidden, ...fields }, { ...this.#ownPage(hidden), ...headers }))
  }

  /** Browsers name the page only where its policy lets them. */
  #ownPage(hidden: object): Readonly<Record<string, string>> {
    return 'pageSecret' in hidden ? { origin: this.#origin } : {}
  }

  /** Token of each digit, found by looking at the picture. */
  async lookAtKeypad(): Promise<readonly string[]> {
    const { text } = this.page
    const source = /<img data-keypad src="([^"]+)"/.exec(text)?.[1] ?? ''
    const answer = await this.request(source)
    if (answer.status !== 200) throw new Error(`the keypad picture answers ${answer.status}`)
    const cells = cellsOfPicture(new Uint8Array(await answer.arrayBuffer()))
    const tokens = new Map(
      [...text.matchAll(/value="([0-9a-f]+)" data-cell="(\d+)"/g)].map(([, token, cell]) => [Number(cell), `${token}`]),
    )
    return Array.from({ length: 10 }, (_digit, digit) => {
      const seen = digitCells.find((cell) => Buffer.from(cells[cell] ?? []).equals(Buffer.from(renderDigitCell(digit))))
      return tokens.get(seen ?? -1) ?? ''
    })
  }

  async tapPassword(digits: string, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const tokens = await this.lookAtKeypad()
    const taps = [...digits].map((digit) => tokens[Number(digit)]).join(',')
    return this.submit(this.page.step ?? '', { taps, ...fields })
  }

  async verify(identity: Readonly<Record<string, string>> = buyer): Promise<Page> {
    await this.submit('identity', identity)
    return this.submit('identity-code', { code: rightCode })
  }

  /** {@link signUp}, and the member is bound as by an approved payment: the next window of the customer knows them. */
  async join(password = '739214', cardNumber = testCardNumber): Promise<Page> {
    const page = await this.signUp(password, cardNumber)
    await this.bind()
    return page
  }

  /** Binds the member, as the approval of this window's payment does. */
  async bind(): Promise<'bound' | 'taken' | 'not_pending' | undefined> {
    const { context } = this
    const token = this.page.url.split('/').at(-1)?.split('?')[0] ?? ''
    const member = context && (await findSession(context, token))?.member
    if (context === undefined || member === undefined) return undefined
    return context.storage.transact((transaction) => bindMember(transaction, member.memberId))
  }

  /** From the open window of a new customer to the page that asks for confirmation. */
  async signUp(password = '739214', cardNumber = testCardNumber): Promise<Page> {
    await this.submit('terms', { agreeAll: 'Y' })
    await this.verify()
    await this.submit('card', { cardNumber, ...cardFields })
    if (this.page.step === 'pop-card') await this.submit('skip-pop-card')
    await this.tapPassword(password)
    return this.tapPassword(password)
  }
}

/** Names and values of the hidden inputs of the form that goes back to the shop. */
export function returnedFields(text: string): Readonly<Record<string, string>> {
  const form = /<form[^>]*data-return="[a-z]+"[^>]*>[\s\S]*?<\/form>/.exec(text)?.[0] ?? ''
  return Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]),
  )
}
