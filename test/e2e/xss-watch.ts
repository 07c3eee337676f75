import type { BrowserContext, Page } from 'playwright-core'

export interface Visit {
  /** Signs of executed markup; empty when the payload stayed text. */
  readonly finds: readonly string[]
  /** The elements of the page and their attributes by name. */
  readonly shape: string
}

export interface Watcher {
  /** Opens the address; `endsAt` is where that page goes on to by itself. */
  visit(url: string, endsAt?: string): Promise<Visit>
}

/** Browsers report what a policy or Trusted Types have stopped: nothing ran, but markup came through. */
const nearMiss = /xss|Content Security Policy|violates|Refused to|TrustedHTML|TrustedScript/i

/** Every `xss()` of a payload says so, wherever it runs. */
export async function plantCanary(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    Object.defineProperty(window, 'xss', { value: () => console.error('xss ran') })
  })
}

/** Requests may go to `allowed` addresses only; whatever else is asked for counts as a find. */
export function watch(page: Page, allowed: (url: string) => boolean): Watcher {
  let finds: string[] = []
  page.on('dialog', async (dialog) => {
    finds.push(`dialog ${dialog.message()}`)
    await dialog.dismiss()
  })
  page.on('console', (message) => {
    if (nearMiss.test(message.text())) finds.push(`console ${message.text().slice(0, 160)}`)
  })
  page.on('pageerror', (error) => finds.push(`error ${error.message}`))
  page.on('request', (request) => {
    if (!allowed(request.url())) finds.push(`request ${request.url().slice(0, 120)}`)
  })
  return {
    async visit(url, endsAt) {
      finds = []
      const mine = finds
      await page.goto(url, { waitUntil: endsAt === undefined ? 'load' : 'commit' })
      if (endsAt !== undefined) await page.waitForURL(endsAt)
      const { shape, named } = await page.evaluate(() => ({
        named: document.querySelectorAll('#xss, [name=xss], xss').length,
        shape: [...document.querySelectorAll('*')]
          .map((element) => [element.tagName, ...element.getAttributeNames().sort()].join(' '))
          .join('\n'),
      }))
      if (named > 0) mine.push(`${named} elements are called xss`)
      return { finds: mine, shape }
    },
  }
}
