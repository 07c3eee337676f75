import assert from 'node:assert/strict'
import { encodeForm } from '@sspay/protocol/charset'
import { type Page, postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import type { Buyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { readPage } from '../../packages/sandbox/src/html-page.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import type { Client, Fields } from './clients.ts'
import type { Fixture } from './fixture.ts'
import { postedFrom } from './page.ts'

/** Nothing listens here: what the window posts is read from its last page. */
export const shopOrigin = 'http://shop.localhost'

/** A form body, and the charset it is in. */
export interface Posted {
  readonly body: string
  readonly charset: 'utf-8' | 'euc-kr'
}

type Urls = Fixture['sandbox']['urls']

function openWindow(client: Client, { gateway }: Urls, fields: Fields): Promise<Page> {
  const posted = postedFrom(client, fields)
  // The drop-in script adds this where it opens the window in a layer.
  const body = client.device === 'pc' ? `${posted}&SspReturn=message` : posted
  return postForm({ url: `${gateway}/ssp/reqPay.do`, body, origin: shopOrigin })
}

/** Walks through the whole window. Returns what reaches the shop: its ReturnUrl, or its server from its Callback. */
export async function authenticate(client: Client, urls: Urls, fields: Fields, buyer: Buyer): Promise<Posted> {
  const returned = await walkWindow(await openWindow(client, urls, fields), {
    buyer,
    readCode: (phone) => readNewestCode(urls.console, phone),
    onStep() {},
  })
  const charset = client.device === 'pc' ? client.pageCharset : answerCharsetOf(fields)
  return { body: encodeForm(returned, charset), charset }
}

/** Leaves the window on its first page. Returns what StopUrl receives; undefined where nothing is posted. */
export async function abort(client: Client, urls: Urls, fields: Fields): Promise<Posted | undefined> {
  const page = await openWindow(client, urls, fields)
  const leaving = page.forms.find(({ attributes }) => attributes['data-step'] === 'abort')
  assert.ok(leaving, page.html)
  const end = await postForm({
    url: new URL(leaving.attributes.action ?? '', page.url).href,
    body: encodeForm({ step: 'abort' }, 'utf-8'),
    origin: urls.gateway,
    cookies: page.cookies,
  })
  const returned = client.device === 'pc' ? readMessage(end) : readForm(end)
  if (returned.action === undefined) return undefined
  assert.equal(returned.action, fields.StopUrl)
  const charset = answerCharsetOf(fields)
  return { body: encodeForm(returned.fields, charset), charset }
}

interface Aborted {
  readonly action?: string
  readonly fields: Fields
}

/** The drop-in script posts the fields of this message. */
function readMessage({ html }: Page): Aborted {
  const end = readPage(html).inside.find(({ attributes }) => attributes['data-return'] === 'message')
  const message = JSON.parse(end?.attributes['data-message'] ?? '{}')
  assert.equal(message.type, 'sspay:aborted')
  return message
}

function readForm({ forms }: Page): Aborted {
  const form = forms.find(({ attributes }) => attributes['data-return'] === 'post')
  assert.ok(form, 'the window leads back to the shop')
  const fields = Object.fromEntries(form.fields.map(({ name, value }) => [name, value]))
  return { action: form.attributes.action ?? '', fields }
}

const answerCharsetOf = ({ EncodingType = '' }: Fields): Posted['charset'] =>
  /euc/i.test(EncodingType) ? 'euc-kr' : 'utf-8'
