import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { skins } from '@sspay/protocol'
import type { Page } from 'playwright-core'
import { colourRules, everyRule, violationsIn } from './axe.ts'
import { phoneOfBuyer } from './buyer.ts'
import { openFixture } from './fixture.ts'
import { walkConsoleScreens, walkFrontPage, walkShopScreens } from './other-screens.ts'
import { walkRegistrationScreens } from './registration-screens.ts'
import type { ScreenWalk } from './screen-walk.ts'
import { walkWindowScreens } from './window-screens.ts'

const { sandbox, openPage } = await openFixture()

interface ShopClient {
  readonly language: string
  readonly locale: string
  readonly phone: string
}

const widths = [390, 1280]
const schemes = ['light', 'dark'] as const
const languages = [
  { language: 'ko', locale: 'ko-KR' },
  { language: 'en', locale: 'en-US' },
]

interface Tally {
  readonly screens: Set<string>
  readonly found: string[]
  looks: number
}

interface Way {
  readonly width: number
  readonly scheme: (typeof schemes)[number]
  readonly skin: string | undefined
}

function waysToLook(ownSkin: string | undefined): readonly Way[] {
  const worn = ownSkin === undefined ? [undefined] : skins
  return widths.flatMap((width) => schemes.flatMap((scheme) => worn.map((skin) => ({ width, scheme, skin }))))
}

const wear = (page: Page, skin: string): Promise<void> =>
  page.evaluate((one) => document.documentElement.setAttribute('data-skin', one), skin)

/** Looks at one screen by day and by night, at each width and in its skins; the page stays where it is. */
async function lookInManyWays(page: Page, name: string, tally: Tally): Promise<void> {
  tally.screens.add(name)
  const ownSkin = await page.evaluate(() => document.documentElement.dataset.skin)
  const ways = waysToLook(ownSkin)
  for (const { width, scheme, skin } of ways) {
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme: scheme })
    if (skin !== undefined) await wear(page, skin)
    const isNewLayout = scheme === schemes[0] && skin === ways[0]?.skin
    tally.looks++
    for (const one of await violationsIn(page, isNewLayout ? everyRule : colourRules))
      tally.found.push(`${name} ${width} ${scheme} ${skin ?? ''} ${one}`)
  }
  if (ownSkin !== undefined) await wear(page, ownSkin)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.emulateMedia({ colorScheme: 'light' })
}

async function walkWith(
  { locale, phone, language }: ShopClient,
  walks: readonly ((walk: ScreenWalk) => Promise<void>)[],
): Promise<Tally> {
  // Transitions would show a colour between two.
  const { page, context } = await openPage({ locale, viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })
  const tally: Tally = { screens: new Set(), found: [], looks: 0 }
  const onScreen = (name: string) => lookInManyWays(page, name, tally)
  for (const walk of walks) await walk({ sandbox, page, phone, customerId: `matrix${language}`, onScreen })
  await context.close()
  return tally
}

const listed = (lines: readonly string[]): readonly string[] => lines.flatMap((names) => names.split(' '))

const windowScreens = listed([
  'terms terms-read terms-rejected identity identity-rejected identity-code identity-code-rejected card card-rejected',
  'pop-card pop-card-rejected password-set password-set-rejected password-repeat confirm card-another cards cards-delete',
  'passkey authenticated password password-rejected password-keys-asked password-keys identity-again identity-locked',
  'aborted gone rejection front-page',
])
const registrationScreens = listed([
  'terms terms-read card card-foreign confirm ended password agree agree-read card-another cards abort-asked aborted',
  'rejected',
]).map((name) => `registration-${name}`)

const windows = [
  { name: 'the window', walks: [walkFrontPage, walkWindowScreens], phone: '0105555200', expected: windowScreens },
  {
    name: 'the window of a bill key',
    walks: [walkRegistrationScreens],
    phone: '0105555201',
    expected: registrationScreens,
  },
]

describe('WCAG 2.2 A and AA on every screen: every skin, day and night, phone and PC, Korean and English', {
  concurrency: true,
}, () => {
  for (const { name, walks, phone, expected } of windows)
    for (const [index, one] of languages.entries())
      test(`${name} in ${one.language}`, async () => {
        const { screens, found, looks } = await walkWith({ ...one, phone: `${phone}${index}` }, walks)
        assert.deepEqual(found, [])
        assert.deepEqual(
          expected.filter((screen) => !screens.has(screen)),
          [],
          'screens that were not reached',
        )
        console.log(`${name} in ${one.language}: ${looks} looks at ${screens.size} screens`)
      })

  test('shop and console', async () => {
    const buyer = { language: 'ko', locale: 'ko-KR', phone: phoneOfBuyer }
    const { screens, found, looks } = await walkWith(buyer, [walkShopScreens, walkConsoleScreens])
    assert.deepEqual(found, [])
    console.log(`shop and console: ${looks} looks at ${screens.size} screens`)
  })
})
