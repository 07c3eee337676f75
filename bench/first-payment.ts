// Counts what a first payment costs a new buyer: screens, taps and keystrokes, from the open window to the paid order.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { readNewestCode } from '../packages/sandbox/src/pay/pay.ts'
import { startSandbox } from '../packages/sandbox/src/sandbox.ts'
import { launchBrowser, phone as phoneDevice } from '../test/e2e/browser.ts'
import { keysOnPicture, phoneOfBuyer } from '../test/e2e/buyer.ts'
import { orderFirstGoods, pay } from '../test/e2e/fixture.ts'
import { markdownTable } from './command.ts'

/** What one page of the window costs a buyer. */
interface Effort {
  readonly step: string
  taps: number
  keys: number
  /** A phone shows its keyboard only after a tap, even where a field has the focus already. */
  keyboardTaps: number
}

const values: Readonly<Record<string, string>> = {
  name: '홍길동',
  birthDate: '900101',
  genderDigit: '1',
  phone: phoneOfBuyer,
  cardNumber: '9406000000000001',
  expiry: '1240',
  cardPassword: '12',
}

/** Exits with 1 above it. */
const mostTaps = 20

const isFocused = (field: Locator): Promise<boolean> => field.evaluate((one) => one === one.ownerDocument.activeElement)

async function type(field: Locator, text: string, effort: Effort): Promise<void> {
  if (await isFocused(field)) effort.keyboardTaps += effort.keys === 0 ? 1 : 0
  else {
    await field.click()
    effort.taps++
  }
  effort.keys += text.length
  await field.page().keyboard.type(text)
}

/** A list costs a tap to open it and one to choose; a group of buttons one. */
async function choose(field: Locator, kind: string, effort: Effort): Promise<void> {
  effort.taps += kind === 'SELECT' ? 2 : 1
  await (kind === 'SELECT' ? field.selectOption({ index: 4 }) : field.click())
}

/** Fills in what is still empty, from the top. False when the page has sent itself. */
async function fill(form: Locator, effort: Effort, code: () => Promise<string>): Promise<boolean> {
  const chosen = new Set<string>()
  for (const field of await form.locator('input:not([type=hidden]), select').all()) {
    const [name, kind, value] = await field.evaluate((one: HTMLInputElement) => [
      one.name,
      one.type === 'radio' ? 'radio' : one.tagName,
      one.type === 'radio' ? '' : one.value,
    ])
    if (!(await field.isVisible()) || value !== '' || chosen.has(`${name}`)) continue
    chosen.add(`${name}`)
    if (kind !== 'INPUT') await choose(field, `${kind}`, effort)
    else await type(field, name === 'code' ? await code() : (values[`${name}`] ?? ''), effort)
    if (name === 'code') return !(await sendsItself(form))
  }
  return true
}

const sendsItself = (form: Locator): Promise<boolean> =>
  form.waitFor({ state: 'detached', timeout: 1_500 }).then(
    () => true,
    () => false,
  )

async function tapPassword(page: Page, gateway: string, effort: Effort): Promise<void> {
  const source = `${await page.locator('img[data-keypad]').getAttribute('src')}`
  for (const key of await keysOnPicture(new URL(source, gateway))) {
    await page.locator(key).click()
    effort.taps++
  }
}

async function walk(page: Page, urls: Awaited<ReturnType<typeof startSandbox>>['urls']): Promise<readonly Effort[]> {
  const efforts: Effort[] = []
  for (const step of ['terms', 'identity', 'identity-code', 'card', 'password-set', 'password-repeat', 'confirm']) {
    const form = page.locator(`form[data-step="${step}"]`)
    await form.waitFor()
    await page.waitForLoadState()
    const effort: Effort = { step, taps: 0, keys: 0, keyboardTaps: 0 }
    efforts.push(effort)
    if (step.startsWith('password')) {
      await tapPassword(page, urls.gateway, effort)
      continue
    }
    if (step === 'terms') await choose(form.locator('[name=agreeAll]'), 'checkbox', effort)
    const isLeft = ['terms', 'confirm'].includes(step)
      ? true
      : await fill(form, effort, () => readNewestCode(urls.console, phoneOfBuyer))
    if (!isLeft) continue
    effort.taps++
    await form.locator('button').last().click()
  }
  await page.waitForURL('**/orders/*')
  return efforts
}

const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-first-payment-'))
const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
const sandbox = await startSandbox({ dataFolder, host: '127.0.0.1', ports })
const browser = await launchBrowser()
try {
  const context = await browser.newContext(phoneDevice)
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  await orderFirstGoods(page, sandbox.urls.shop, phoneOfBuyer)
  await pay(page)
  const efforts = await walk(page, sandbox.urls)
  const sum = (name: 'taps' | 'keys' | 'keyboardTaps') => efforts.reduce((all, one) => all + one[name], 0)
  const rows = efforts.map(({ step, taps, keys, keyboardTaps }) => [step, taps, keyboardTaps, keys])
  const total = [`${efforts.length} screens`, sum('taps'), sum('keyboardTaps'), sum('keys')]
  if (sum('taps') > mostTaps) process.exitCode = 1
  console.log(markdownTable(['Screen', 'Taps', 'Taps for the keyboard of a phone', 'Keystrokes'], [...rows, total]))
} finally {
  await browser.close()
  await sandbox.close()
  await rm(dataFolder, { recursive: true, force: true })
}
