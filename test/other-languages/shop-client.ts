import assert from 'node:assert/strict'
import { realRuntime } from '@sspay/gateway'
import { encodeForm } from '@sspay/protocol/charset'
import { postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import { newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { type HtmlForm, readForms } from '../../packages/sandbox/src/buyer/html-forms.ts'
import { walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'

export type Device = 'pc' | 'mobile'
type Charset = 'utf-8' | 'euc-kr'
type Fields = Readonly<Record<string, string>>

export interface Ticket extends Fields {
  readonly Tid: string
  readonly TrAuthKey: string
}

export interface PaymentForm {
  readonly html: string
  readonly action: string
  readonly acceptCharset: string
  readonly fields: Fields
}

/** Heading of a page of the shop. */
export const titleOf = (html: string): string => /<h1>([^<]*)<\/h1>/.exec(html)?.[1] ?? ''

export const valuesOf = (form: HtmlForm): Fields =>
  Object.fromEntries(form.fields.map(({ name, value }) => [name, value]))

const formType = { 'content-type': 'application/x-www-form-urlencoded' }

/** A buyer with a browser that keeps the shop's cookie, runs no scripts, and always is the same customer. */
export function createShopClient(shopOrigin: string, consoleUrl: string, cardNumber?: string) {
  const steps: string[] = []
  let cookie = ''
  let buyer: ReturnType<typeof newBuyer> | undefined

  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(new URL(path, shopOrigin), {
      ...init,
      redirect: 'manual',
      headers: { cookie, ...init.headers },
      signal: AbortSignal.timeout(120_000),
    })

  const post = (path: string, fields: Fields, charset: Charset = 'utf-8'): Promise<Response> =>
    request(path, { method: 'POST', headers: formType, body: encodeForm(fields, charset) })

  const readOrder = async (orderId: string, query = ''): Promise<string> => {
    const answer = await request(`/order?id=${orderId}${query}`)
    assert.equal(answer.status, 200)
    return answer.text()
  }

  return {
    request,
    post,
    readOrder,
    /** The pages of the window that the last payment went through. */
    steps: (): readonly string[] => steps,

    /** Returns the order's id. */
    async order(given: Fields = { goods: 'coffee' }): Promise<string> {
      const answer = await post('/orders', given)
      assert.equal(answer.status, 303)
      cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
      return new URL(answer.headers.get('location') ?? '', shopOrigin).searchParams.get('id') ?? ''
    },

    async openForm(orderId: string, query = ''): Promise<PaymentForm> {
      const html = await readOrder(orderId, query)
      const form = readForms(html).find(({ attributes }) => attributes.id === 'tranMgr')
      assert.ok(form, `no payment form: ${titleOf(html)}`)
      const { action = '', 'accept-charset': acceptCharset = '' } = form.attributes
      return { html, action, acceptCharset, fields: valuesOf(form) }
    },

    /** Through the whole window; nothing is charged yet. Rejects with a WindowRejection. */
    async authenticate({ action, acceptCharset, fields }: PaymentForm, device: Device = 'pc'): Promise<Ticket> {
      // The drop-in script adds this to the form when the window opens in a layer over the shop's page.
      const sent = device === 'pc' ? { ...fields, SspReturn: 'message' } : fields
      const body = encodeForm(sent, acceptCharset === 'euc-kr' ? 'euc-kr' : 'utf-8')
      steps.length = 0
      buyer ??= newBuyer(realRuntime, { customerId: fields.MallUserId, cardNumber, installmentMonths: 0 })
      const returned = await walkWindow(await postForm({ url: action, body, origin: shopOrigin }), {
        buyer,
        readCode: (phone) => readNewestCode(consoleUrl, phone),
        onStep: (step) => steps.push(step),
      })
      const { Tid, TrAuthKey } = returned
      assert.ok(Tid !== undefined && TrAuthKey !== undefined)
      return { Tid, TrAuthKey }
    },

    /** Comes back to the shop and goes where it leads; returns the page. */
    async comeBack(returnUrl: string, ticket: Ticket, charset: Charset = 'utf-8'): Promise<string> {
      const { Tid, TrAuthKey } = ticket
      const answer = await post(returnUrl, { Tid, TrAuthKey }, charset)
      assert.equal(answer.status, 303)
      const page = await request(answer.headers.get('location') ?? '')
      assert.equal(page.status, 200)
      return page.text()
    },
  }
}

export type ShopClient = ReturnType<typeof createShopClient>
