import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Buyer, cardFields, post, testCardNumber } from '../payment-window/buyer.ts'
import { fixture, member, newCustomer, password, returning, useWindow } from '../payment-window/members.ts'
import { requestForm } from '../payment-window/request-form.ts'

useWindow()

const wrong = '600182'
const newKeypad = '키패드를 새로 만들었어요'

/** Asked of the database: what a page says about the tries that are left could be wrong. */
async function triesSpent({ customerId }: { customerId: string }): Promise<number> {
  const [row] = await fixture.context.storage.read<{ failed_attempts: number }>(
    'select failed_attempts from members where coalesce(pending_customer_id, customer_id) = ?1',
    [customerId],
  )
  return Number(row?.failed_attempts)
}

const tapsOf = async (window: Buyer, digits: string): Promise<string[]> => {
  const tokens = await window.lookAtKeypad()
  return [...digits].map((digit) => tokens[Number(digit)] as string)
}

/** What a page says, without what is random on every page. */
const wordsOf = ({ text }: { readonly text: string }): string => text.replace(/\b[0-9a-f]{24,}\b/g, '#')

interface Post {
  readonly name: string
  /** The six tokens of the right password, changed: none of these posts sends six digits of this keypad. */
  readonly fields: (taps: readonly string[]) => Readonly<Record<string, string>> | string
}

const malformed: readonly Post[] = [
  { name: 'five taps', fields: (taps) => ({ taps: taps.slice(1).join(',') }) },
  { name: 'seven taps', fields: (taps) => ({ taps: [...taps, taps[0]].join(',') }) },
  { name: 'sixty taps', fields: (taps) => ({ taps: Array(10).fill(taps.join(',')).join(',') }) },
  { name: 'six taps and a trailing comma', fields: (taps) => ({ taps: `${taps.join(',')},` }) },
  { name: 'six tokens of nobody', fields: () => ({ taps: Array(6).fill('00'.repeat(12)).join(',') }) },
  {
    name: 'one token of nobody among five right ones',
    fields: (taps) => ({ taps: ['f'.repeat(24), ...taps.slice(1)].join(',') }),
  },
  { name: 'the digits themselves', fields: () => ({ taps: [...password].join(',') }) },
  { name: 'the digits in one word', fields: () => ({ taps: password }) },
  { name: 'six nothings', fields: () => ({ taps: ',,,,,' }) },
  { name: 'six times erase', fields: () => ({ taps: Array(6).fill('erase').join(',') }) },
  { name: 'tokens in capitals', fields: (taps) => ({ taps: taps.join(',').toUpperCase() }) },
  { name: 'tokens with blanks', fields: (taps) => ({ taps: taps.join(', ') }) },
  { name: 'tokens parted by semicolons', fields: (taps) => ({ taps: taps.join(';') }) },
  { name: 'names of an object', fields: () => ({ taps: 'constructor,__proto__,length,toString,0,-1' }) },
  {
    name: 'the field twice, a bad one first',
    fields: (taps) => `step=password&taps=${taps.slice(1).join(',')}&taps=${taps.join(',')}`,
  },
]

const rejected: string[] = []
for (const { name, fields } of malformed) {
  test(`${name}: rejected without counting an attempt, and the keypad is replaced`, async () => {
    const customer = await member()
    const window = await returning(customer)
    const taps = await tapsOf(window, password)
    const changed = fields(taps)
    const answer = await window.request(
      window.page.url,
      post(typeof changed === 'string' ? changed : { step: 'password', ...changed }),
    )
    assert.equal(answer.status, 303)
    const page = await window.reload()
    assert.equal(page.step, 'password')
    assert.ok(page.text.includes(newKeypad))
    assert.equal(
      taps.some((token) => page.text.includes(token)),
      false,
    )
    assert.equal(await triesSpent(customer), 0)
    await window.submit('password', { taps: taps.join(',') })
    assert.equal(window.page.step, 'password', 'the taps are worth nothing any more')
    assert.equal(await triesSpent(customer), 0)
    rejected.push(wordsOf(page))
  })
}

test('whatever was malformed, the page after it says the same', () => {
  assert.equal(rejected.length, malformed.length)
  assert.equal(new Set(rejected).size, 1)
})

test('taps of another window of the same member are rejected without counting an attempt, and work in their own window', async () => {
  const customer = await member()
  const [one, other] = [await returning(customer), await returning(customer)]
  const taps = (await tapsOf(one, password)).join(',')
  await other.submit('password', { taps })
  assert.ok(other.page.text.includes(newKeypad))
  assert.equal(await triesSpent(customer), 0)
  await one.submit('password', { taps })
  assert.equal(one.page.step, undefined, 'its own window takes them')
})

test('taps of another member’s window are rejected without counting an attempt of either member', async () => {
  const [mine, theirs] = [await member(), await member()]
  const [window, foreign] = [await returning(mine), await returning(theirs)]
  await window.submit('password', { taps: (await tapsOf(foreign, password)).join(',') })
  assert.equal(window.page.step, 'password')
  assert.deepEqual([await triesSpent(mine), await triesSpent(theirs)], [0, 0])
})

test('wrong digits cost one try; the same post again costs none', async () => {
  const customer = await member()
  const window = await returning(customer)
  const taps = (await tapsOf(window, wrong)).join(',')
  await window.submit('password', { taps })
  assert.equal(await triesSpent(customer), 1)
  for (let again = 0; again < 5; again++) await window.submit('password', { taps })
  assert.equal(await triesSpent(customer), 1)
})

test('twenty times the same wrong post at once costs one try', async () => {
  const customer = await member()
  const window = await returning(customer)
  const taps = (await tapsOf(window, wrong)).join(',')
  const { url } = window.page
  await Promise.all(Array.from({ length: 20 }, () => window.request(url, post({ step: 'password', taps }))))
  assert.equal(await triesSpent(customer), 1)
})

test('the right taps in another order are other digits: exactly one try', async () => {
  const customer = await member()
  const window = await returning(customer)
  const taps = (await tapsOf(window, password)).reverse()
  await window.submit('password', { taps: taps.join(',') })
  assert.ok(window.page.text.includes('4번 더 잘못 입력하면'))
  assert.equal(await triesSpent(customer), 1)
})

test('taps of the previous keypad are rejected without counting an attempt', async () => {
  const customer = await member()
  const window = await returning(customer)
  const older = (await tapsOf(window, password)).join(',')
  await window.tapPassword(wrong)
  await window.submit('password', { taps: older })
  assert.equal(window.page.step, 'password')
  assert.ok(window.page.text.includes(newKeypad))
  assert.equal(await triesSpent(customer), 1)
})

test('taps after three minutes are rejected without counting an attempt, and the next keypad works', async () => {
  const customer = await member()
  const window = await returning(customer)
  const taps = (await tapsOf(window, password)).join(',')
  fixture.clock.advance(fixture.context.settings.keypadLifeMs)
  await window.submit('password', { taps })
  assert.ok(window.page.text.includes(newKeypad))
  assert.equal(await triesSpent(customer), 0)
  await window.tapPassword(password)
  assert.equal(window.page.step, undefined)
})

test('key by key, an unknown token fills a dot like any other, and six of them are rejected without counting an attempt', async () => {
  const customer = await member()
  const window = await returning(customer)
  const honest = await returning(customer)
  const [tap = ''] = await tapsOf(honest, password)
  for (let count = 1; count <= 5; count++) {
    await window.submit('password', { tap: `nobody-${count}` })
    await honest.submit('password', { tap })
    assert.equal(wordsOf(window.page), wordsOf(honest.page))
  }
  await window.submit('password', { tap: 'nobody-6' })
  assert.ok(window.page.text.includes(newKeypad))
  assert.equal(await triesSpent(customer), 0)
})

test('taps that chose a password are worth nothing as its repetition', async () => {
  const window = new Buyer(fixture)
  await window.open(requestForm(newCustomer()))
  await window.submit('terms', { agreeAll: 'Y' })
  await window.verify()
  await window.submit('card', { cardNumber: testCardNumber, ...cardFields })
  const taps = (await tapsOf(window, password)).join(',')
  await window.submit('password-set', { taps })
  assert.equal(window.page.step, 'password-repeat')
  await window.submit('password-repeat', { taps })
  assert.equal(window.page.step, 'password-repeat')
  assert.ok(window.page.text.includes(newKeypad))
  await window.tapPassword(password)
  assert.equal(window.page.step, 'confirm')
})

test('taps that were right once are worth nothing in the next payment, and change nothing in this one', async () => {
  const customer = await member()
  const [paid, next] = [await returning(customer), await returning(customer)]
  const taps = (await tapsOf(paid, password)).join(',')
  await paid.submit('password', { taps })
  const ended = wordsOf(paid.page)
  assert.match(ended, /data-return/)
  await paid.submit('password', { taps })
  assert.equal(wordsOf(paid.page), ended)
  await next.submit('password', { taps })
  assert.equal(next.page.step, 'password')
  assert.ok(next.page.text.includes(newKeypad))
  assert.equal(await triesSpent(customer), 0)
})

test('key by key: what a script would collect is looked at alone, and taps of two keypads never add up', async () => {
  const customer = await member()
  const window = await returning(customer)
  const older = await tapsOf(window, password)
  for (const tap of older.slice(0, 3)) await window.submit('password', { tap })
  await window.submit('password', { taps: older.slice(3).join(',') })
  assert.ok(window.page.text.includes(newKeypad), 'three before and three collected are not six')
  const newer = await tapsOf(window, password)
  for (const tap of [...older.slice(0, 3), ...newer.slice(3)]) await window.submit('password', { tap })
  assert.equal(window.page.step, 'password')
  assert.equal(await triesSpent(customer), 0)
  for (const tap of await tapsOf(window, password)) await window.submit('password', { tap })
  assert.equal(window.page.step, undefined, 'erased by the rejection, six new taps are enough')
})
