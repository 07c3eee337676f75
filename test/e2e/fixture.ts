import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { type Sandbox, startSandbox } from '../../packages/sandbox/src/sandbox.ts'
import { launchBrowser } from './browser.ts'
import { joinOverHttp } from './join-over-http.ts'

interface Opened {
  readonly page: Page
  readonly context: BrowserContext
}

export interface Fixture {
  readonly sandbox: Sandbox
  /** All that the sandbox keeps. */
  readonly folder: string
  readonly browser: Browser
  /** A buyer of its own: cookies are not shared. */
  openPage(options: BrowserContextOptions): Promise<Opened>
  /** The same, for a customer of the demo shop who is a member already and pays by password. */
  openMemberPage(options: BrowserContextOptions): Promise<Opened>
}

/** A sandbox on free ports and a real browser, for the tests of one file. */
export async function openFixture({ host = '127.0.0.1' } = {}): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-e2e-'))
  const sandbox = await startSandbox({
    dataFolder: folder,
    host,
    ports: { shop: 0, gateway: 0, gatewayTls: 0, console: 0 },
  })
  const browser = await launchBrowser()
  after(async () => {
    await browser.close()
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  })
  const openPage = async (options: BrowserContextOptions): Promise<Opened> => {
    const context = await browser.newContext(options)
    context.setDefaultTimeout(60_000)
    return { context, page: await context.newPage() }
  }
  let members = 0
  return {
    sandbox,
    folder,
    browser,
    openPage,
    async openMemberPage(options) {
      const customerId = `member${++members}`
      const [opened] = await Promise.all([openPage(options), joinOverHttp({ customerId, sandbox })])
      await opened.context.addCookies([{ name: 'customer', value: customerId, url: sandbox.urls.shop }])
      return opened
    },
  }
}

/** From the order sheet to the page with the signed form. */
export async function orderFirstGoods(page: Page, shopUrl: string, buyerPhone?: string): Promise<void> {
  await page.goto(`${shopUrl}/order?goods=postcard`)
  if (buyerPhone !== undefined) await page.locator('[name="buyerPhone"]').fill(buyerPhone)
  await page.locator('form[action="/orders"] button[type="submit"]').click()
  await page.locator('#tranMgr').waitFor()
}

export const pay = (page: Page): Promise<void> => page.locator('#tranMgr button[type="submit"]').click()
