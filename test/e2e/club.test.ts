import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../support/until.ts'
import { everyRule, violationsIn } from './axe.ts'
import { desktop, phone } from './browser.ts'
import { addFirstCard, confirm, takePicture } from './buyer.ts'
import { openFixture } from './fixture.ts'

const { sandbox, openPage } = await openFixture()
const club = `${sandbox.urls.shop}/club`

async function look(page: Page, name: string): Promise<void> {
  assert.deepEqual(await violationsIn(page, everyRule), [], name)
  const width = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.equal(width, 0, `${name} is wider than the screen`)
  await takePicture(page, name)
}

const charges = async (page: Page): Promise<number> => {
  await page.goto(club)
  return page.locator('[data-charge="paid"]').count()
}

const devices = [
  { name: 'phone', options: phone, buyersPhone: '01055554001' },
  { name: 'pc', options: desktop, buyersPhone: '01055554002' },
] as const

for (const { name, options, buyersPhone } of devices)
  test(`on a ${name} a membership begins with a card, renews monthly, and ends when its member leaves`, async () => {
    const { page, context } = await openPage(options)
    await page.goto(club)
    await look(page, `club-${name}-join`)
    await page.getByRole('button', { name: '카드 등록하고 시작하기' }).click()
    await page.waitForURL(`${sandbox.urls.gateway}/**`)
    const visit = { page, surface: page, sandbox, name: `club-${name}`, phone: buyersPhone, onPage: async () => {} }
    await addFirstCard(visit)
    await confirm(visit, 'register')
    await page.waitForURL(club)
    assert.equal(await charges(page), 1)

    const clock = `${sandbox.urls.console}/sandbox/clock`
    const { aheadMs } = (await (await fetch(clock)).json()) as { aheadMs: number }
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ aheadMs: aheadMs + 32 * 24 * 60 * 60_000 })
    assert.equal((await fetch(clock, { method: 'POST', headers, body })).status, 200)
    await until(async () => (await charges(page)) === 2, { every: 250, what: 'the second month' })
    await look(page, `club-${name}-renewed`)

    await page.getByRole('button', { name: '달빛 클럽 그만두기' }).click()
    await page.getByText('끝남').waitFor()
    await look(page, `club-${name}-ended`)
    await context.close()
  })
