import type { Locator, Page } from 'playwright-core'
import type { Sandbox } from '../../packages/sandbox/src/sandbox.ts'
import { tapPassword } from './buyer.ts'

export interface ScreenWalk {
  readonly sandbox: Sandbox
  readonly page: Page
  /** Unique to this walk: one-time codes are found by it. */
  readonly phone: string
  /** Unique to this walk. */
  readonly customerId: string
  /** Looks at what the page shows now; leaves the page as it was. */
  readonly onScreen: (name: string) => Promise<void>
}

export const walkPassword = '274951'

interface ShopForm {
  readonly action: string
  html(): string
}

/** Opens the window in place, as a page of a shop does. What comes back is swallowed. */
export async function postFromShop(
  { sandbox, page }: Pick<ScreenWalk, 'sandbox' | 'page'>,
  { action, html }: ShopForm,
): Promise<void> {
  const shop = shopOf(sandbox)
  await page.unroute(`${shop}/**`)
  await page.route(`${shop}/**`, (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 204 })
      : route.fulfill({
          contentType: 'text/html',
          body: `<form method="post" action="${action}">${html()}<button>pay</button></form>`,
        }),
  )
  await page.goto(`${shop}/order`)
  await page.locator('button').click()
  await page.waitForURL(`${sandbox.urls.gateway}/**`)
}

/** Where the pages of the walk's shop are. */
export const shopOf = ({ urls }: Sandbox): string => `${urls.shop}/screens`

export const newOrderId = (): string => `screen${Math.floor(performance.now() * 1000)}`

export const formOf = (page: Page, step: string): Locator => page.locator(`form[data-step="${step}"]`)

type Fields = Readonly<Record<string, string>>

/** Sends what is given, also what browser and script would not have sent. */
export async function send(page: Page, step: string, fields: Fields = {}): Promise<void> {
  const form = formOf(page, step)
  for (const [name, value] of Object.entries(fields))
    await form.locator(`[name="${name}"]`).evaluate((input: HTMLInputElement, text) => {
      input.value = text
    }, value)
  await Promise.all([page.waitForEvent('load'), form.evaluate((one: HTMLFormElement) => one.submit())])
}

/** A page of which a picture could be taken: nothing is still on its way. */
export async function look({ page, onScreen }: ScreenWalk, step: string, name = step): Promise<void> {
  await formOf(page, step).waitFor()
  if (step.startsWith('password') && (await page.locator('img[data-keypad]').count()) > 0)
    await page.locator('img[data-keypad]').evaluate((image: HTMLImageElement) => image.decode())
  await onScreen(name)
}

/** Sends something wrong, looks at what is said about it, and is on the same page again. */
export async function reject(walk: ScreenWalk, step: string, fields: Fields, name = `${step}-rejected`): Promise<void> {
  await send(walk.page, step, fields)
  await walk.page.locator('[role="alert"], .error').first().waitFor()
  await look(walk, step, name)
}

export async function tap({ page, sandbox }: ScreenWalk, digits: string): Promise<void> {
  await Promise.all([
    page.waitForEvent('load'),
    tapPassword({ page, surface: page, sandbox, name: 'screens', password: digits }),
  ])
}

/** A step that a page offers beside its own. */
export async function aside({ page }: ScreenWalk, step: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), formOf(page, step).locator('button').last().click()])
}

/** Leaves the window, with a look at the question before. */
export async function leave({ page, onScreen }: ScreenWalk, name: string): Promise<void> {
  await formOf(page, 'abort').locator('button').first().click()
  await onScreen(`${name}-asked`)
  await page.locator('[data-leave]').click()
  await page.locator('form[data-return]').waitFor()
  await onScreen(`${name}ed`)
}
