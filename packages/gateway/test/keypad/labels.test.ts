import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shuffledLayout } from '../../src/keypad/create-keypad.ts'
import type { Keypad } from '../../src/keypad/model.ts'
import { renderKeypad } from '../../src/payment-window/keypad-view.ts'
import { translateTo } from '../../src/payment-window/language.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Buyer, cardFields, otherCardNumber, type Page } from '../payment-window/buyer.ts'
import {
  fixture,
  member,
  newCustomer,
  password,
  returning,
  showingCards,
  useWindow,
} from '../payment-window/members.ts'
import { requestForm } from '../payment-window/request-form.ts'

useWindow()

const t = translateTo('ko')

/** What stands on each key, and what the key posts. */
const keysOf = (html: string): ReadonlyMap<string, string> =>
  new Map(
    [...html.matchAll(/name="tap" value="([0-9a-f]+)"[^>]*>([^<]*)<\/button>/g)].map(([, token, shown]) => [
      `${shown}`,
      `${token}`,
    ]),
  )

const tapsOn = ({ text }: Page, digits: string): string[] =>
  [...digits].map((digit) => keysOf(text).get(digit) ?? 'no such key')

const useLabels = (window: Buyer, fields = {}): Promise<Page> =>
  window.submit(window.page.step ?? '', { keys: 'labels', ...fields })

const triesSpent = async ({ customerId }: { customerId: string }): Promise<number> => {
  const [row] = await fixture.context.storage.read<{ failed_attempts: number }>(
    'select failed_attempts from members where coalesce(pending_customer_id, customer_id) = ?1',
    [customerId],
  )
  return Number(row?.failed_attempts)
}

const keypadOf = (index: number): Keypad => ({
  keypadId: 'ab'.repeat(16),
  layout: shuffledLayout(realRuntime),
  tokens: Array.from({ length: 10 }, (_token, key) => `${(index * 10 + key).toString(16)}`.padStart(24, 'a')),
  expiresAt: new Date(0),
})

test('labelled keys stand in the order of the digits, each with the token of its digit, without a picture', () => {
  const pages = Array.from({ length: 200 }, (_page, index) => {
    const keypad = keypadOf(index)
    const page = `${renderKeypad('cd'.repeat(32), keypad, 0, { t, labelsKeys: true })}`
    const keys = keysOf(page)
    assert.deepEqual([...keys.keys()], ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'])
    for (const [digit, token] of keys) assert.equal(keypad.layout[keypad.tokens.indexOf(token)], Number(digit))
    assert.doesNotMatch(page, /<img|\.png/)
    return page.replace(/\b[0-9a-f]{24}\b/g, '#')
  })
  assert.equal(new Set(pages).size, 1, 'but for the tokens every labelled page is the same')
})

test('keys under the picture show nothing, and are named by their place', () => {
  const page = `${renderKeypad('cd'.repeat(32), keypadOf(1), 0, { t })}`
  assert.deepEqual([...keysOf(page).keys()], [''])
  const names = [...page.matchAll(/data-cell="\d+" aria-label="([^"]+)"/g)].map(([, name]) => name)
  assert.deepEqual(
    names,
    Array.from({ length: 10 }, (_key, index) => `키 ${index + 1}번째 자리`),
  )
})

test('an English page has no Korean word on either keypad', () => {
  for (const labelsKeys of [true, false]) {
    const page = `${renderKeypad('cd'.repeat(32), keypadOf(2), 4, { t: translateTo('en'), labelsKeys })}`
    assert.doesNotMatch(page, /\p{Script=Hangul}/u)
    assert.match(page, /data-entered="# of 6 digits entered">4 of 6 digits entered</)
  }
})

test('who asks for labels pays with them; the posts hold tokens only, and card and months stay as chosen', async () => {
  const customer = newCustomer()
  const joining = new Buyer(fixture)
  await joining.open(requestForm(customer))
  await joining.join(password)
  await joining.submit('add-card')
  await joining.submit('card', { cardNumber: otherCardNumber, ...cardFields })
  const window = await returning(customer, { ...showingCards, amount: 60_000 })
  const cards = [...window.page.text.matchAll(/<option value="([^"]{8,})"/g)].map(([, cardId]) => `${cardId}`)
  assert.equal(cards.length, 2)
  for (const cardId of cards) {
    await useLabels(window, { cardId, installmentMonths: '03' })
    assert.match(window.page.text, new RegExp(`<option value="${cardId}" selected>`))
    assert.match(window.page.text, /<option value="03" selected>/)
    assert.doesNotMatch(window.page.text, /<img/)
    await window.submit('password', { keys: 'picture' })
  }
  await useLabels(window)
  const taps = tapsOn(window.page, password)
  for (const token of taps) assert.match(token, /^[0-9a-f]{24}$/)
  await window.submit('password', { taps: taps.join(',') })
  assert.equal(window.page.step, undefined)
  assert.ok(window.page.text.includes('data-return'))
})

test('an impossible number of instalments is reported after the password, also on labelled keys', async () => {
  const window = await returning(await member(), { amount: 60_000 })
  await useLabels(window, { installmentMonths: '99' })
  assert.doesNotMatch(window.page.text, /id="installmentMonths-error"/)
  assert.match(window.page.text, /class="keypad labelled"/)
  await window.submit('password', { taps: tapsOn(window.page, password).join(','), installmentMonths: '99' })
  assert.equal(window.page.step, 'confirm')
  assert.match(window.page.text, /id="installmentMonths-error"/)
})

test('key by key without script: after each tap the page is the same whatever was tapped, and offers the first key', async () => {
  const [one, other] = [await returning(await member()), await returning(await member())]
  for (const window of [one, other]) await useLabels(window)
  const wordsOf = ({ text }: Page): string => text.replace(/\b[0-9a-f]{24,}\b/g, '#')
  assert.doesNotMatch(one.page.text, /autofocus/)
  for (const index of [0, 1, 2, 3, 4]) {
    await one.submit('password', { tap: tapsOn(one.page, password)[index] ?? '' })
    await other.submit('password', { tap: tapsOn(other.page, '600182')[index] ?? '' })
    assert.equal(wordsOf(one.page), wordsOf(other.page))
    assert.match(one.page.text, /data-cell="0" autofocus>1</)
  }
  await one.submit('password', { tap: tapsOn(one.page, password)[5] ?? '' })
  assert.equal(one.page.step, undefined)
})

test('a new member who asks for labels keeps them from page to page, and a mistake brings new ones', async () => {
  const window = new Buyer(fixture)
  await window.open(requestForm(newCustomer()))
  await window.submit('terms', { agreeAll: 'Y' })
  await window.verify()
  await window.submit('card', { cardNumber: otherCardNumber, ...cardFields })
  await useLabels(window)
  const tap = async (digits: string) =>
    window.submit(window.page.step ?? '', { taps: tapsOn(window.page, digits).join(',') })
  await tap('111111')
  assert.equal(window.page.step, 'password-set')
  assert.ok(window.page.text.includes('쉽게 알 수 있는 비밀번호'))
  await tap(password)
  const first = tapsOn(window.page, password)
  assert.equal(window.page.step, 'password-repeat')
  await tap(password)
  assert.equal(window.page.step, 'confirm')
  assert.equal(new Set([...first, ...tapsOn(window.pages.at(-3) as Page, password)]).size, 12)
})

test('labels are for the window that asked for them, and end when the buyer says so', async () => {
  const customer = await member()
  const [window, beside] = [await returning(customer), await returning(customer)]
  await useLabels(window)
  const labelled = tapsOn(window.page, password).join(',')
  assert.match((await beside.reload()).text, /<img data-keypad/)
  assert.match((await returning(customer)).page.text, /<img data-keypad/)
  assert.doesNotMatch((await window.reload()).text, /<img/)
  await window.submit('password', { keys: 'picture' })
  assert.match(window.page.text, /<img data-keypad/)
  await window.submit('password', { taps: labelled })
  assert.ok(window.page.text.includes('키패드를 새로 만들었어요'), 'taps of the labelled keypad are worth nothing')
  assert.equal(await triesSpent(customer), 0)
  await window.tapPassword(password)
  assert.equal(window.page.step, undefined)
})

test('asking for labels makes another keypad: taps that were seen in the picture are worth nothing', async () => {
  const customer = await member()
  const window = await returning(customer)
  const tokens = await window.lookAtKeypad()
  const pictured = [...password].map((digit) => tokens[Number(digit)]).join(',')
  await useLabels(window)
  for (const token of tokens) assert.equal(window.page.text.includes(token), false)
  await window.submit('password', { taps: pictured })
  assert.ok(window.page.text.includes('키패드를 새로 만들었어요'))
  assert.doesNotMatch(window.page.text, /<img/, 'and the new one is labelled again')
  assert.equal(await triesSpent(customer), 0)
})

interface BadPost {
  readonly name: string
  readonly taps: (right: readonly string[], others: readonly string[]) => readonly string[]
}

const badPosts: readonly BadPost[] = [
  { name: 'one missing', taps: (right) => right.slice(1) },
  { name: 'one more', taps: (right) => [...right, ...right.slice(0, 1)] },
  { name: 'the labels themselves', taps: () => [...password] },
  { name: 'those of another window', taps: (_right, others) => others },
  { name: 'one of another window', taps: (right, others) => [...right.slice(0, 5), ...others.slice(5)] },
]

for (const { name, taps } of badPosts) {
  test(`taps on labelled keys, ${name}: rejected without counting an attempt, and the keypad is used up`, async () => {
    const customer = await member()
    const [window, beside] = [await returning(customer), await returning(customer)]
    await useLabels(window)
    await useLabels(beside)
    const right = tapsOn(window.page, password)
    await window.submit('password', { taps: taps(right, tapsOn(beside.page, password)).join(',') })
    assert.equal(window.page.step, 'password')
    await window.submit('password', { taps: right.join(',') })
    assert.equal(window.page.step, 'password', 'the keypad is used up')
    assert.equal(await triesSpent(customer), 0)
  })
}

test('taps on labelled keys in another order are other digits, and the same post again is nothing', async () => {
  const customer = await member()
  const window = await returning(customer)
  await useLabels(window)
  const taps = tapsOn(window.page, password).reverse().join(',')
  for (let times = 0; times < 3; times++) await window.submit('password', { taps })
  assert.equal(await triesSpent(customer), 1)
})
