import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { rejectionCounts } from '../../src/admission/rejections.ts'
import { hashesOfToken, updateState } from '../../src/payment-window/session.ts'
import { readTables } from '../test-storage.ts'
import { hasTicket, isRejected, joining, openOnly, withoutStart } from './binding-support.ts'
import { Buyer, post, returnedFields } from './buyer.ts'
import { fixture, newCustomer, useWindow } from './members.ts'
import { requestForm } from './request-form.ts'

useWindow()

describe('the start secret', () => {
  test('works once, whichever of two browsers comes first', async () => {
    for (const keepsCookies of [true, false]) {
      const window = new Buyer(fixture, { keepsCookies })
      const link = await openOnly(window)
      const browsers = [window, new Buyer(fixture), new Buyer(fixture)]
      const pages = await Promise.all(browsers.map((browser) => browser.visit(link)))
      assert.deepEqual(pages.map(({ status }) => status).toSorted(), [200, 403, 403])
    }
  })

  test('is not used up by HEAD, by a wrong one or by a form', async () => {
    const window = new Buyer(fixture, { keepsCookies: false })
    const link = await openOnly(window)
    const stranger = new Buyer(fixture)
    assert.equal((await stranger.request(link, { method: 'HEAD' })).status, 403)
    assert.ok(isRejected(await stranger.visit(`${link.slice(0, -1)}${link.endsWith('A') ? 'E' : 'A'}`)))
    assert.equal((await stranger.request(link, post({ step: 'terms' }))).status, 403)
    assert.equal((await window.visit(link)).step, 'terms')
  })

  test('is over once the browser with the cookie has seen a page or sent a form', async () => {
    for (const use of [
      (window: Buyer, link: string) => window.visit(link),
      (window: Buyer, link: string) => window.request(withoutStart(link), post({ step: 'terms', agreeAll: 'Y' })),
    ]) {
      const window = new Buyer(fixture)
      const link = await openOnly(window)
      await use(window, link)
      assert.ok(isRejected(await new Buyer(fixture).visit(link)))
      assert.equal((await window.visit(link)).status, 200)
    }
  })
})

describe('a browser that keeps no cookie', () => {
  const blocked = async (): Promise<Buyer> => {
    const window = new Buyer(fixture, { keepsCookies: false })
    await window.open(requestForm(newCustomer()))
    return window
  }

  test('pays all the same, and each step is answered by the next page', async () => {
    const window = await blocked()
    for (const step of joining) {
      assert.equal(window.page.headers.get('referrer-policy'), 'no-referrer, same-origin')
      await step(window)
      assert.equal(window.page.status, 200)
    }
    assert.ok(hasTicket(window.page.text))
    assert.equal(window.locations.length, 1, 'one redirect, to the first page')
  })

  test('has the secret in every form that comes back to the window, and in none that leads to the shop', async () => {
    const window = await blocked()
    for (const step of joining) await step(window)
    const other = await blocked()
    await other.submit('abort')
    for (const { text } of [...window.pages, ...other.pages]) {
      const forms = text.match(/<form\b[\s\S]*?<\/form>/g) ?? []
      assert.ok(forms.length > 0)
      for (const form of forms)
        assert.equal(form.includes('name="pageSecret"'), !/^<form[^>]* action=/.test(form), form.slice(0, 120))
    }
    assert.ok(!Object.hasOwn(returnedFields(window.page.text), 'pageSecret'))
  })

  test('may send a form twice: a tap counts once, and the end stays the end', async () => {
    const window = await blocked()
    for (const step of joining.slice(0, 4)) await step(window)
    const [one = '', other = ''] = await window.lookAtKeypad()
    for (const [tap, tapped, count] of [
      [one, 0, 1],
      [one, 0, 1],
      [other, 0, 2],
      [other, 0, 2],
      [other, 2, 3],
      ['erase', 3, 2],
      ['erase', 3, 2],
    ] as const) {
      await window.submit('password-set', { tap, tapped: String(tapped) })
      assert.equal(window.page.text.match(/class="dot filled"/g)?.length, count)
      assert.match(window.page.text, new RegExp(`name="tapped" value="${count}"`))
    }
    await window.submit('abort')
    const ended = returnedFields(window.page.text)
    await window.submit('abort')
    assert.deepEqual(returnedFields(window.page.text), ended)
  })

  test('is rejected when it comes by the address alone', async () => {
    const window = await blocked()
    assert.ok(isRejected(await window.reload()))
  })

  test('without Sec-Fetch-Site and Origin says by Referer where the form stands', async () => {
    const window = await blocked()
    const referer = { referer: `http://localhost${window.page.url}`, origin: 'null' }
    await window.submit('terms', { agreeAll: 'Y' }, referer)
    assert.equal(window.page.step, 'identity')
  })
})

test('two windows in two tabs of one browser go on side by side', async () => {
  const one = new Buyer(fixture)
  const [first, second] = [await openOnly(one), await openOnly(one)]
  assert.equal(one.cookies.size, 2)
  for (const link of [first, second, first]) assert.equal((await one.visit(link)).step, 'terms')
  await one.submit('terms', { agreeAll: 'Y' })
  assert.equal((await one.visit(second)).step, 'terms')
  assert.equal((await one.visit(first)).step, 'identity')
})

test('the first screen is one redirect and one page', async () => {
  for (const keepsCookies of [true, false]) {
    const window = new Buyer(fixture, { keepsCookies })
    await window.open(requestForm(newCustomer()))
    assert.deepEqual([window.locations.length, window.pages.length], [1, 1])
  }
})

test('a rejection is counted and logged without the token, and changes nothing', async () => {
  const window = new Buyer(fixture)
  await window.open(requestForm(newCustomer()))
  const counted = () => rejectionCounts().find(({ limiter }) => limiter === 'other_browser')?.count ?? 0
  const stored = () => readTables(fixture.context.storage)
  const [count, rows, seen] = [counted(), await stored(), fixture.lines.length]
  const stranger = new Buyer(fixture)
  assert.ok(isRejected(await stranger.visit(window.page.url)))
  const answer = await stranger.request(window.page.url, post({ step: 'terms', agreeAll: 'Y' }))
  assert.equal(answer.status, 403)
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/)
  assert.match(await answer.text(), /data-close[^>]*>쇼핑몰로 돌아가기</)
  const inEnglish = await stranger.request(window.page.url, post({ step: 'language', language: 'en' }))
  assert.match(await inEnglish.text(), /<html lang="en"[\s\S]*Continue where you began/)
  assert.equal(counted() - count, 3)
  assert.deepEqual(await stored(), rows)
  const lines = fixture.lines.slice(seen).map((line) => JSON.parse(line))
  assert.deepEqual(
    lines.map(({ name, merchantId }) => [name, merchantId]),
    [
      ['window_opened_elsewhere', 'ssptest01m'],
      ['window_opened_elsewhere', 'ssptest01m'],
      ['window_opened_elsewhere', 'ssptest01m'],
    ],
  )
  assert.ok(!JSON.stringify(lines).includes(window.page.url.slice('/ssp/window/'.length)))
})

test('in a layer only the page of its shop may frame the rejection', async () => {
  const window = new Buyer(fixture)
  const form = { ...requestForm(newCustomer()), SspReturn: 'message' }
  await window.open(form, { origin: 'https://www.shop.example' })
  const rejected = await new Buyer(fixture).visit(window.page.url)
  assert.match(rejected.headers.get('content-security-policy') ?? '', /frame-ancestors https:\/\/www\.shop\.example;/)
})

test('neither the cookie nor the start secret nor the secret of a page is stored or logged', async () => {
  const window = new Buyer(fixture, { keepsCookies: false })
  const answer = await window.request('/ssp/reqPay.do', post(requestForm(newCustomer())))
  await window.visit(answer.headers.get('location') ?? '')
  const secrets = [
    /=([\w-]{43});/.exec(answer.headers.get('set-cookie') ?? '')?.[1],
    /start=([\w-]{43})$/.exec(answer.headers.get('location') ?? '')?.[1],
    /name="pageSecret" value="([\w-]{43})"/.exec(window.page.text)?.[1],
  ]
  const kept = `${await fixture.readStoredBytes()}${fixture.lines.join('\n')}`
  for (const secret of secrets) assert.ok(secret !== undefined && !kept.includes(secret))
})

test('a window that an older gateway opened goes on', async () => {
  const window = new Buyer(fixture, { keepsCookies: false })
  const path = withoutStart(await openOnly(window))
  const [sessionHash = ''] = hashesOfToken(fixture.context, path.slice('/ssp/window/'.length))
  await updateState(fixture.context, sessionHash, { browser: undefined })
  assert.equal((await window.visit(path)).step, 'terms')
})
