import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import { type Sandbox, startSandbox } from '../../packages/sandbox/src/sandbox.ts'
import { phone } from '../e2e/browser.ts'
import { openFirefox } from './firefox.ts'
import { type Browser, type Page, pageOf, type Surface } from './webdriver.ts'
import { openWebKit } from './webkit.ts'

interface BrowserOptions {
  /** No: the driver of WebKitGTK answers while a page still loads. */
  readonly waitsForLoads?: boolean
  readonly hasScripts?: boolean
}
type Open = (userAgent: string | undefined, options: BrowserOptions) => Promise<Browser>

const open = { Firefox: openFirefox, WebKitGTK: openWebKit } satisfies Record<string, Open>
export type EngineName = keyof typeof open
export const engines = Object.keys(open) as EngineName[]

export const devices = ['PC', 'phone'] as const
export type Device = (typeof devices)[number]

export interface Visit {
  readonly page: Page
  /** Where the payment window opens: the layer on a PC, the page itself on a phone and with scripts off. */
  readonly window: Surface
  readonly hasScripts: boolean
}

/** A browser of its own, so that cookies are not shared. */
export async function openVisit(
  t: TestContext,
  engine: EngineName,
  device: Device,
  options: BrowserOptions = {},
): Promise<Visit> {
  const openBrowser: Open = open[engine]
  const browser = await openBrowser(device === 'phone' ? phone.userAgent : undefined, options)
  t.after(() => browser.close())
  t.diagnostic(browser.version)
  // WebKitGTK makes no narrower window.
  const [width, height] = device === 'phone' ? [450, 844] : [1280, 1000]
  await browser.send('SetWindowRect', { width, height })
  const page = pageOf(browser)
  const { hasScripts = true } = options
  return { page, window: device === 'phone' || !hasScripts ? page : page.frame('iframe'), hasScripts }
}

export async function openSandbox(): Promise<{ readonly sandbox: Sandbox; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-engines-'))
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({ dataFolder: folder, host: '127.0.0.1', ports })
  after(async () => {
    await sandbox.close()
    await rm(folder, { recursive: true, force: true })
  })
  return { sandbox, folder }
}
