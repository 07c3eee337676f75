import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { colourRules, violationsIn } from './axe.ts'
import { phone } from './browser.ts'
import { confirm, joinAsMember, payWithPassword, takePicture } from './buyer.ts'
import { openFixture, orderFirstGoods, pay } from './fixture.ts'
import { rewriteResponses } from './rewrite-responses.ts'

const { sandbox, openPage } = await openFixture()

/** WCAG 2.2, 2.5.5 target size (enhanced), in CSS pixels. */
const smallestButton = 44

/**
 * What a browser without custom properties makes of a style sheet: it drops `--x: …` and each declaration with `var()`.
 */
const withoutCustomProperties = (css: string): string =>
  css.replace(/(^|[{;])\s*(?:--[\w-]+\s*:[^;{}]*|[\w-]+\s*:[^;{}]*var\([^;{}]*)(?=[;}])/g, '$1')

/** The window only: the demo shop's own style sheet is written for browsers of today. */
const stripCustomProperties = (page: Page): Promise<void> =>
  rewriteResponses(page, (html, { url }) =>
    url.startsWith(sandbox.urls.gateway)
      ? html.replace(/(?<=<style[^>]*>)[\s\S]*?(?=<\/style>)/g, withoutCustomProperties)
      : html,
  )

async function assertReadable(page: Page, step: string): Promise<void> {
  assert.deepEqual(await violationsIn(page, colourRules), [], step)
}

async function assertTappable(page: Page, step: string): Promise<void> {
  const small = await page.locator('button:visible, select:visible, .choice:visible').evaluateAll(
    (found, least) =>
      found.flatMap((element) => {
        const { width, height } = element.getBoundingClientRect()
        return height < least || width < least
          ? [`${element.textContent} ${Math.round(width)}×${Math.round(height)}`]
          : []
      }),
    smallestButton,
  )
  assert.deepEqual(small, [], step)
  for (const button of await page.locator('button:visible').all()) await button.click({ trial: true })
}

async function assertFits(page: Page, step: string): Promise<void> {
  const { scrolled, shown, outside } = await page.evaluate(() => {
    const shown = document.documentElement.clientWidth
    const outside = [...document.querySelectorAll('body *')].filter((element) => {
      const { right, left, width } = element.getBoundingClientRect()
      return width > 1 && (right > shown + 0.5 || left < -0.5)
    })
    const names = outside.map(({ tagName, className }) => `${tagName}.${className}`)
    return { scrolled: document.documentElement.scrollWidth, shown, outside: names }
  })
  assert.deepEqual({ scrolled, outside }, { scrolled: shown, outside: [] }, `${step} at ${shown} px`)
}

interface Walk {
  readonly name: string
  readonly prepare: (page: Page) => Promise<void>
  readonly look: (page: Page, step: string) => Promise<void>
}

const walks: readonly Walk[] = [
  {
    name: 'without custom properties',
    prepare: stripCustomProperties,
    look: async (page, step) => {
      const left = await page.evaluate(() =>
        [...document.querySelectorAll('style')].map((one) => one.textContent).join(''),
      )
      assert.doesNotMatch(left, /var\(|[{;]--/)
      await assertReadable(page, step)
      await assertTappable(page, step)
    },
  },
  {
    name: 'with forced colours and reduced motion, and at 200 % zoom,',
    prepare: async () => {},
    look: async (page, step) => {
      await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' })
      await assertReadable(page, step)
      await assertStill(page, step)
      if (step.startsWith('password')) await assertKeypadSeen(page, step)
      // 1280 and 640 pixels of a screen hold half as many at twice the size.
      for (const width of [640, 320]) {
        await page.setViewportSize({ width, height: 400 })
        await assertTappable(page, step)
        await page.emulateMedia({ forcedColors: 'none', reducedMotion: 'no-preference' })
        await assertFits(page, step)
        await assertTappable(page, step)
      }
    },
  },
]

async function assertStill(page: Page, step: string): Promise<void> {
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((element) => {
        const { transitionDuration, animationName } = getComputedStyle(element)
        return transitionDuration !== '0s' || animationName !== 'none'
      }).length,
  )
  assert.equal(moving, 0, step)
}

/**
 * The keys must not paint over the picture, and a filled dot must differ from an empty one without its colour of
 * choice.
 */
async function assertKeypadSeen(page: Page, step: string): Promise<void> {
  const keys = await page
    .locator('.keypad button')
    .evaluateAll((found) => found.map((key) => getComputedStyle(key).backgroundColor))
  assert.deepEqual([...new Set(keys)], ['rgba(0, 0, 0, 0)'], step)
  const lookOf = () =>
    page
      .locator('[data-dot]')
      .first()
      .evaluate((dot) => {
        const { backgroundColor, borderTopColor, borderTopWidth } = getComputedStyle(dot)
        return { backgroundColor, border: `${borderTopWidth} ${borderTopColor}` }
      })
  const empty = await lookOf()
  await page.locator('.keypad button').first().click()
  const filled = await lookOf()
  await page.locator('[data-cell][value="erase"]').click()
  assert.notEqual(filled.backgroundColor, empty.backgroundColor, step)
  assert.notEqual(empty.border.slice(0, 3), '0px', step)
}

for (const { name, prepare, look } of walks) {
  test(`${name} every step of the window can be read and used`, async () => {
    const { page, context } = await openPage({ ...phone, isMobile: false })
    await prepare(page)
    const shot = name.replaceAll(/[^a-z0-9]+/g, '-')
    const onPage = async (step: string) => {
      await look(page, step)
      await takePicture(page, `${shot}-${step}-looked`)
    }
    const visit = { page, surface: page, sandbox, name: shot, onPage }
    await orderFirstGoods(page, sandbox.urls.shop)
    await pay(page)
    await joinAsMember({ ...visit, cardBefore: '9406000000000002' })
    await confirm(visit)
    await page.waitForURL('**/orders/*')
    await page.setViewportSize(phone.viewport)
    await orderFirstGoods(page, sandbox.urls.shop)
    await pay(page)
    await payWithPassword(visit)
    await page.waitForURL('**/orders/*')
    await page.goto(`${sandbox.urls.gateway}/ssp/reqPay.do`)
    await look(page, 'rejection')
    await page.goto(`${sandbox.urls.gateway}/ssp/window/gone`)
    await look(page, 'gone')
    await context.close()
  })
}

test('stripping leaves out custom properties and what uses them, and nothing else', () => {
  const css = ':root{--a:#fff;--b:1px}p{color:#000;color:var(--a);margin:0 var(--b)}@media print{a{top:0}}'
  assert.equal(withoutCustomProperties(css), ':root{;}p{color:#000;;}@media print{a{top:0}}')
})
