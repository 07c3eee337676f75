import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, test } from 'node:test'
import { skins } from '@sspay/protocol'
import type { Page } from 'playwright-core'
import { phoneOfBuyer } from './buyer.ts'
import { walkConsoleScreens, walkShopScreens } from './other-screens.ts'
import { type ScreenWalk, walkWindowScreens } from './window-screens.ts'
import { openWorld } from './world.ts'

const { sandbox, openPage } = await openWorld()

interface Visitor {
  readonly language: string
  readonly locale: string
  readonly phone: string
}

const widths = [390, 1280]
const schemes = ['light', 'dark'] as const
const languages: readonly Visitor[] = [
  { language: 'ko', locale: 'ko-KR', phone: '01055552001' },
  { language: 'en', locale: 'en-US', phone: '01055552002' },
]

/** The axe that Playwright's own binding brings; one page is asked many times, so it is put in once. */
const binding = createRequire(import.meta.resolve('@axe-core/playwright'))
const axeSource = readFileSync(binding.resolve('axe-core/axe.min.js'), 'utf8')

interface AxeWindow {
  readonly axe?: {
    run(
      root: Document,
      options: object,
    ): Promise<{ violations: readonly { id: string; nodes: readonly { target: readonly string[] }[] }[] }>
  }
}

/** What a machine can see of WCAG 2.2, A and AA, in what the page shows now. */
const violationsIn = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const { axe } = window as unknown as AxeWindow
    if (axe === undefined) throw new Error('axe is not in this page')
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const { violations } = await axe.run(document, {
      runOnly: { type: 'tag', values },
      resultTypes: ['violations'],
      elementRef: false,
    })
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
  })

interface Tally {
  readonly screens: Set<string>
  readonly found: string[]
  looks: number
}

/** Looks at one screen in every skin it has, by day and by night, at each width; the page stays where it is. */
async function lookInEveryWay(page: Page, name: string, tally: Tally): Promise<void> {
  tally.screens.add(name)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  const ownSkin = await page.evaluate(() => document.documentElement.dataset.skin)
  const worn = ownSkin === undefined ? [undefined] : skins
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 })
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme })
      for (const skin of worn) {
        if (skin !== undefined)
          await page.evaluate((one) => document.documentElement.setAttribute('data-skin', one), skin)
        tally.looks++
        for (const one of await violationsIn(page)) tally.found.push(`${name} ${width} ${scheme} ${skin ?? ''} ${one}`)
      }
    }
  }
  if (ownSkin !== undefined)
    await page.evaluate((one) => document.documentElement.setAttribute('data-skin', one), ownSkin)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'light' })
}

async function walkWith(
  { locale, phone, language }: Visitor,
  walks: readonly ((walk: ScreenWalk) => Promise<void>)[],
): Promise<Tally> {
  // Transitions would show a colour between two.
  const { page, context } = await openPage({ locale, viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })
  const tally: Tally = { screens: new Set(), found: [], looks: 0 }
  const onScreen = (name: string) => lookInEveryWay(page, name, tally)
  for (const walk of walks) await walk({ sandbox, page, phone, customerId: `matrix${language}`, onScreen })
  await context.close()
  return tally
}

const windowScreens = [
  'terms terms-read terms-refused identity identity-refused identity-code identity-code-refused card card-refused',
  'pop-card pop-card-refused password-set password-set-refused password-repeat confirm card-another cards cards-delete',
  'passkey authenticated password password-refused password-keys-asked password-keys identity-again identity-locked',
  'aborted gone refusal',
].flatMap((names) => names.split(' '))

describe('WCAG 2.2 A and AA on every screen, in every skin, by day and by night, on a phone and on a PC', {
  concurrency: true,
}, () => {
  for (const one of languages)
    test(`the window in ${one.language}`, async () => {
      const { screens, found, looks } = await walkWith(one, [walkWindowScreens])
      assert.deepEqual(found, [])
      assert.deepEqual(
        windowScreens.filter((name) => !screens.has(name)),
        [],
        'screens that were not reached',
      )
      console.log(`window in ${one.language}: ${looks} looks at ${screens.size} screens`)
    })

  test('shop and console', async () => {
    const visitor = { language: 'ko', locale: 'ko-KR', phone: phoneOfBuyer }
    const { screens, found, looks } = await walkWith(visitor, [walkShopScreens, walkConsoleScreens])
    assert.deepEqual(found, [])
    console.log(`shop and console: ${looks} looks at ${screens.size} screens`)
  })
})
