import assert from 'node:assert/strict'
import { realRuntime } from '@sspay/gateway'
import { encodeForm } from '@sspay/protocol/charset'
import type { Sandbox } from '@sspay/sandbox'
import { type Page, postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import { newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { type HtmlForm, readForms } from '../../packages/sandbox/src/buyer/html-forms.ts'
import { walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import { createShopClient, type Hop, type ShopClient } from './shop-client.ts'

export type Fields = Readonly<Record<string, string>>
export type Charset = 'utf-8' | 'euc-kr'

/** What the checkout answers to a page of the shop's own. */
export interface OrderForm {
  readonly environment: { readonly origin: string }
  readonly fields: Fields
  readonly returnUrl: string
}

export interface ShopBuyer extends ShopClient {
  /** Presses the button of the product page; returns the id of the order. */
  placeOrder(): Promise<string>
  openForm(orderId: string): Promise<OrderForm>
  /**
   * Through the whole window, on a PC in a layer, on a phone in place; nothing is charged yet. Rejects with a
   * WindowRejection.
   */
  authenticate(
    form: OrderForm,
    given?: { readonly device?: 'pc' | 'mobile'; readonly cardNumber?: string },
  ): Promise<Fields>
  /** Walks away on the window's first page; what the window posts to StopUrl. */
  walkAway(form: OrderForm): Promise<Fields>
  /** Back from the layer: the Callback's form. The last hop is what the buyer sees. */
  comeBack(form: OrderForm, ticket: Fields): Promise<Hop>
  /** An order, paid on a PC. */
  pay(): Promise<{ readonly orderId: string; readonly form: OrderForm; readonly ticket: Fields; readonly seen: Hop }>
}

/** What a buyer needs to know of a sandbox. */
export interface ReachedSandbox {
  readonly urls: Pick<Sandbox['urls'], 'gateway' | 'console'>
}

/** A customer of the shop: the first payment joins as a member, those after it take the password alone. */
export function createBuyer(shopOrigin: string, { urls }: ReachedSandbox): ShopBuyer {
  const visitor = createShopClient(shopOrigin)
  const person = newBuyer(realRuntime, { installmentMonths: 0 })

  const openWindow = ({ fields, environment }: OrderForm, device: 'pc' | 'mobile'): Promise<Page> => {
    // The drop-in script adds this to the form when the window opens in a layer over the shop's page.
    const sent = device === 'pc' ? { ...fields, SspReturn: 'message' } : fields
    const charset = fields.EncodingType === 'euc-kr' ? 'euc-kr' : 'utf-8'
    const url = `${environment.origin}/ssp/reqPay.do`
    return postForm({ url, body: encodeForm(sent, charset), origin: shopOrigin })
  }

  const buyer: ShopBuyer = {
    ...visitor,
    async placeOrder() {
      const { html } = await visitor.send('/')
      const form = readForms(html).find(({ attributes }) => attributes.action === '/orders')
      assert.ok(form, 'the product page has a button')
      const answer = await visitor.send('/orders', { fields: valuesOf(form) })
      assert.equal(answer.status, 303)
      const orderId = new URL(answer.headers.get('location') ?? '', shopOrigin).searchParams.get('order')
      assert.ok(orderId, 'the button leads to the form of the order')
      return orderId
    },
    async openForm(orderId) {
      const answer = await visitor.send(`/pay/form?order=${orderId}`, { accept: 'application/json' })
      assert.equal(answer.status, 200, answer.html)
      return JSON.parse(answer.html)
    },
    async authenticate(form, { device = 'pc', cardNumber } = {}) {
      const walking = cardNumber === undefined ? person : { ...person, cardNumber, insistsOnCard: true }
      const returned = await walkWindow(await openWindow(form, device), {
        buyer: walking,
        readCode: (phone) => readNewestCode(urls.console, phone),
        onStep() {},
      })
      return returned as Fields
    },
    async walkAway(form) {
      const page = await openWindow(form, 'mobile')
      const aborting = page.forms.find(({ attributes }) => attributes['data-step'] === 'abort')
      assert.ok(aborting, 'the window can be left')
      const url = new URL(aborting.attributes.action ?? '', page.url).href
      const body = encodeForm({ step: 'abort' }, 'utf-8')
      const end = await postForm({ url, body, origin: urls.gateway, cookies: page.cookies })
      const leaving = end.forms.find(({ attributes }) => attributes['data-return'] !== undefined)
      assert.ok(leaving, 'the window leads back to the shop')
      assert.equal(leaving.attributes.action, form.fields.StopUrl)
      return valuesOf(leaving)
    },
    async comeBack({ returnUrl }, ticket) {
      const hops = await visitor.visit(returnUrl, { fields: ticket, from: 'same-origin' })
      return hops.at(-1) as Hop
    },
    async pay() {
      const orderId = await buyer.placeOrder()
      const form = await buyer.openForm(orderId)
      const ticket = await buyer.authenticate(form)
      return { orderId, form, ticket, seen: await buyer.comeBack(form, ticket) }
    },
  }
  return buyer
}

const valuesOf = (form: HtmlForm): Fields => Object.fromEntries(form.fields.map(({ name, value }) => [name, value]))
