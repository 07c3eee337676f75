import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { desktop, phone } from './browser.ts'
import {
  confirm,
  joinAsMember,
  layerOf,
  payWithPassword,
  phoneOfBuyer,
  type Surface,
  stopPayment,
  tapPassword,
} from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'

/** Values that a leak would show, chosen so that nothing else looks like them. */
const canaries = {
  cardNumber: '9406112233445562',
  brokenCardNumber: '9406112233445569',
  phone: phoneOfBuyer,
  password: '580317',
  wrongPassword: '946208',
  buyerPhone: '01044448888',
  merchantKey: testMerchant.merchantKey.expose(),
} as const

const atOffset = (text: string, offset: number): string => {
  const encoded = Buffer.from(`${'\0'.repeat(offset)}${text}`).toString('base64')
  // The characters at both ends also depend on what stands beside the value.
  return encoded.slice(offset === 0 ? 0 : offset + 1, -4)
}

/**
 * How a value could hide: plain, grouped, Base64 at each alignment, hexadecimal, UTF-16. Short values as themselves, or
 * digit by digit.
 */
function disguises(value: string): readonly RegExp[] {
  const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const digitByDigit = [...value].map(escaped).join('[^0-9A-Za-z]{0,3}')
  const plain = new RegExp(`(?<![0-9A-Za-z])${digitByDigit}(?![0-9A-Za-z])`)
  if (value.length < 8) return [plain]
  const grouped = [...value].map(escaped).join('[ -]?')
  const texts = [
    ...[0, 1, 2].map((offset) => atOffset(value, offset)),
    Buffer.from(value).toString('hex'),
    Buffer.from(value, 'utf16le').toString('latin1'),
  ]
  return [new RegExp(grouped), ...texts.map((text) => new RegExp(escaped(text), 'i'))]
}

function leaksIn(text: string, names: readonly (keyof typeof canaries)[]): readonly string[] {
  return names.filter((name) => disguises(canaries[name]).some((disguise) => disguise.test(text)))
}

const allNames = Object.keys(canaries) as (keyof typeof canaries)[]

test('the search finds an injected leak in every disguise', () => {
  for (const name of allNames) {
    const value = canaries[name]
    const injected = [value, `{"x":"${value}"}`]
    if (value.length < 8) injected.push([...value].join(','), JSON.stringify([...value]))
    if (value.length >= 8) {
      injected.push(value.replace(/(.{4})/g, '$1-'))
      for (const before of ['', 'a', 'ab']) injected.push(Buffer.from(`${before}${value}xyz`).toString('base64'))
      injected.push(Buffer.from(value).toString('hex'), Buffer.from(value, 'utf16le').toString('latin1'))
    }
    for (const text of injected) assert.deepEqual(leaksIn(text, [name]), [name], `${name} in ${text}`)
  }
})

const { sandbox, folder, openPage } = await openFixture()

async function readFolder(path: string): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.map(async (file) => ({ path: file, text: (await readFile(file)).toString('latin1') })))
}

/**
 * The whole document as it is, typed values included, and apart from it the keypad without what is random in every
 * keypad.
 */
async function readDocument(surface: Surface) {
  const read = await surface.locator('html').evaluate((html) => {
    const typedInto = (input: Element) => (input as HTMLInputElement).value
    const keypad = ['.dots', '[data-entered]', '.keypad'].map((part) => html.querySelector(part)?.outerHTML ?? '')
    return {
      whole: [html.outerHTML, ...[...html.querySelectorAll('input, select, button')].map(typedInto)].join('\n'),
      keypad: [...keypad, typedInto(html.querySelector('input[name="taps"]') as Element)].join('\n'),
    }
  })
  return { whole: read.whole, keypad: read.keypad.replace(/[0-9a-f]{24,}/g, '#') }
}

test('no card number, password, key or phone number is in any page, posted digit, log line or file', async () => {
  const pages: { readonly url: string; readonly text: string }[] = []
  const documents: { readonly tapped: number; readonly whole: string; readonly keypad: string }[] = []
  const posts: { readonly url: string; readonly text: string }[] = []
  const openWatched = async (options: Parameters<typeof openPage>[0]) => {
    const opened = await openPage(options)
    opened.page.on('response', async (response) => {
      const body = await response.body().catch(() => Buffer.alloc(0))
      pages.push({ url: response.url(), text: `${JSON.stringify(response.headers())}\n${body.toString('utf8')}` })
    })
    opened.page.on('request', (request) =>
      posts.push({ url: request.url(), text: `${request.url()}\n${request.postData() ?? ''}` }),
    )
    return opened
  }

  const { page } = await openWatched(desktop)
  const visit = {
    page,
    surface: layerOf(page),
    sandbox,
    name: 'canary',
    card: canaries.cardNumber,
    password: canaries.password,
    onTap: async (tapped: number) => {
      const { whole, keypad } = await readDocument(layerOf(page))
      documents.push({ tapped, whole, keypad })
    },
  }
  await orderFirstGoods(page, sandbox.urls.shop, canaries.buyerPhone)
  await pay(page)
  await joinAsMember({ ...visit, cardBefore: canaries.brokenCardNumber })
  await confirm(visit)
  await page.waitForURL('**/orders/*')

  await orderFirstGoods(page, sandbox.urls.shop, canaries.buyerPhone)
  await pay(page)
  await visit.surface.locator('form[data-step="password"]').waitFor()
  await tapPassword(visit, canaries.wrongPassword)
  await visit.surface.locator('[role="alert"]').waitFor()
  await payWithPassword(visit)
  await page.waitForURL('**/orders/*')
  for (const path of ['/', '/sandbox/phone']) {
    await page.goto(`${sandbox.urls.console}${path}`)
  }
  await page.goto(sandbox.urls.console)
  await page.locator('a[href^="/payments/"]').first().click()
  await page.locator('h1').waitFor()

  const stopped = await openWatched(phone)
  await orderFirstGoods(stopped.page, sandbox.urls.shop, canaries.buyerPhone)
  await pay(stopped.page)
  await stopPayment({ ...visit, page: stopped.page, surface: stopped.page })
  await stopped.page.getByText('중단').first().waitFor()

  const gatewayAndConsole = pages.filter(({ url }) => !url.startsWith(sandbox.urls.shop))
  assert.ok(gatewayAndConsole.length > 20, 'pages were seen')
  for (const { url, text } of gatewayAndConsole) {
    // The way back to the shop hands it the phone number that the shop itself sent.
    const isReturn = text.includes('data-return=')
    const names = isReturn ? allNames.filter((name) => name !== 'buyerPhone') : allNames
    assert.deepEqual(leaksIn(text, names), [], url)
  }
  for (const { url, text } of pages) assert.deepEqual(leaksIn(text, ['merchantKey', 'cardNumber', 'password']), [], url)
  for (const { url, text } of posts)
    assert.deepEqual(leaksIn(text, ['password', 'wrongPassword', 'merchantKey']), [], url)

  assert.equal(documents.length, 4 * 5, 'four passwords, seen after each tap but the one that posts')
  for (const { whole } of documents) assert.deepEqual(leaksIn(whole, ['password', 'wrongPassword', 'merchantKey']), [])
  for (let tapped = 1; tapped <= 5; tapped++) {
    const keypads = documents.filter((document) => document.tapped === tapped).map(({ keypad }) => keypad)
    assert.equal(new Set(keypads).size, 1, `after ${tapped} taps the page is the same for each password and keypad`)
  }
  const tapPosts = posts.flatMap(({ text }) => /(?:^|[&\n])taps=([^&]*)/.exec(text)?.[1] ?? [])
  assert.equal(tapPosts.length, 4)
  for (const taps of tapPosts) assert.match(decodeURIComponent(taps), /^[0-9a-f]{24}(,[0-9a-f]{24}){5}$/)

  const files = await readFolder(folder)
  assert.ok(
    files.some(({ path }) => path.endsWith('gateway.log')),
    'there is a log',
  )
  assert.ok(
    files.some(({ path }) => path.endsWith('gateway.db')),
    'there is a database',
  )
  for (const { path, text } of files) assert.deepEqual(leaksIn(text, allNames), [], path)
})
