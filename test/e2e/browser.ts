import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { systemChromium } from '../support/system-chromium.ts'

/** The system's Chromium, else the one Playwright has installed. */
function chromiumPath(): string {
  const found = [process.env.SSPAY_CHROMIUM, systemChromium, chromium.executablePath()].find(
    (path) => path !== undefined && existsSync(path),
  )
  if (found === undefined) {
    throw new Error(
      'No Chromium: install it (apt-get install chromium, or npx playwright-core install chromium) or set SSPAY_CHROMIUM.',
    )
  }
  return found
}

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

export const desktop = { viewport: { width: 1280, height: 900 }, locale: 'ko-KR' } as const

export const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'ko-KR',
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
} as const
