import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Buyer, type Page, post } from '../payment-window/buyer.ts'
import { fixture, member, newCustomer, password, returning, useWindow } from '../payment-window/members.ts'

useWindow()

/** The password is 739214. */
const nearMiss = '739215'
const farMiss = '600182'

/** A page without what is random on every page. */
const wordsOf = ({ text }: Pick<Page, 'text'>): string => text.replace(/\b[0-9a-f]{24,}\b/g, '#')

interface Posted {
  readonly status: number
  readonly headers: string
  readonly body: string
}

const nowhere = '/ssp/window/#'

/** The bare answer to one post, before any page is asked for. */
async function postTaps(window: Buyer, taps: string): Promise<Posted> {
  const answer = await window.request(window.page.url, post({ step: 'password', taps }))
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value.replace(window.page.url, nowhere)}`)
  return { status: answer.status, headers: headers.sort().join('\n'), body: await answer.text() }
}

async function postDigits(window: Buyer, digits: string): Promise<Posted> {
  const tokens = await window.lookAtKeypad()
  return postTaps(window, [...digits].map((digit) => tokens[Number(digit)]).join(','))
}

async function lock(window: Buyer): Promise<void> {
  for (let tries = 0; tries < 5; tries++) await window.tapPassword(farMiss)
}

const nobodysTaps = Array(6).fill('00'.repeat(12)).join(',')

test('the answer to a password is the same whatever is true: right, wrong, malformed, locked, no member', async () => {
  const locked = await returning(await member())
  const lateTaps = [...password].map((digit, index) => `${digit}${index}`).join(',')
  await lock(locked)
  const answers = {
    wrong: await postDigits(await returning(await member()), farMiss),
    right: await postDigits(await returning(await member()), password),
    malformed: await postTaps(await returning(await member()), lateTaps),
    locked: await postTaps(locked, nobodysTaps),
    'no member': await postTaps(await returning(newCustomer()), nobodysTaps),
  }
  for (const [name, answer] of Object.entries(answers)) {
    assert.deepEqual(answer, answers.wrong, name)
    assert.equal(answer.status, 303)
    assert.equal(answer.body, '')
  }
})

test('a password posted for an unknown member is not even looked at: the page stays what it was', async () => {
  const customer = newCustomer()
  const window = await returning(customer)
  const before = wordsOf(window.page)
  await window.submit('password', { taps: nobodysTaps })
  assert.equal(window.page.status, 200)
  assert.equal(wordsOf(window.page), before)
  assert.equal(
    fixture.lines.some((line) => line.includes(customer.customerId)),
    false,
  )
})

test('nearly right and all wrong are one page', async () => {
  const [near, far] = [await returning(await member()), await returning(await member())]
  await near.tapPassword(nearMiss)
  await far.tapPassword(farMiss)
  assert.equal(near.page.status, 200)
  assert.ok(near.page.text.includes('결제 비밀번호가 맞지 않아요'))
  assert.equal(near.page.text.length, far.page.text.length)
  assert.equal(wordsOf(near.page), wordsOf(far.page))
})

test('once locked, the right password and a wrong one are one page, in windows opened before the lock too', async () => {
  const shown: string[] = []
  for (const digits of [password, nearMiss, farMiss]) {
    const customer = await member()
    const [early, guessing] = [await returning(customer), await returning(customer)]
    const tokens = await early.lookAtKeypad()
    await lock(guessing)
    await early.submit('password', { taps: [...digits].map((digit) => tokens[Number(digit)]).join(',') })
    assert.equal(early.page.status, 200)
    assert.equal(early.page.step, 'identity')
    shown.push(wordsOf(early.page))
  }
  assert.equal(new Set(shown).size, 1)
})

test('sixty windows of one member that guess at once spend five tries between them', async () => {
  const customer = await member()
  const windows = await Promise.all(Array.from({ length: 60 }, () => returning(customer)))
  const guesses = await Promise.all(
    windows.map(async (window) => {
      const tokens = await window.lookAtKeypad()
      return [...farMiss].map((digit) => tokens[Number(digit)]).join(',')
    }),
  )
  await Promise.all(windows.map((window, index) => window.submit('password', { taps: guesses[index] ?? '' })))
  const triesLeft = windows.map(({ page }) => /(\d)번 더 잘못 입력하면/.exec(page.text)?.[1]).filter(Boolean)
  // The page after a post shows the state of that moment: who lost the race may already read of the lock.
  assert.ok(triesLeft.length <= 4, `${triesLeft}`)
  assert.equal(new Set(triesLeft).size, triesLeft.length)
  const right = await returning(customer)
  assert.equal(right.page.step, 'identity')
})
