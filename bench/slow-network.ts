import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type Sandbox, startSandbox } from '../packages/sandbox/src/sandbox.ts'
import { launchBrowser, phone } from '../test/e2e/browser.ts'
import { orderFirstGoods, pay } from '../test/e2e/fixture.ts'
import { kilobitsPerSecond, latencyMs, slowDown } from '../test/e2e/slow-network.ts'
import { checkBounds } from './bounds.ts'
import { markdownTable, readOptions } from './command.ts'
import { median } from './stats.ts'

const mostMs = 1_500

const help = `From the click that submits the shop's form until the button of the window's first page can be pressed, on slow 3G.

  node bench/slow-network.ts [--runs 3] [--json]

A real Chromium, slowed down by its own emulation to ${latencyMs} ms of latency and ${kilobitsPerSecond} kbit/s both ways, against a sandbox on loopback. Ends
with 1 when the median is above ${mostMs} ms, or when a run is so fast that the network was not slow.
`

const values = readOptions(help, { runs: { type: 'string', default: '3' } })

async function measure(browser: Browser, { urls }: Sandbox): Promise<number> {
  const context = await browser.newContext(phone)
  try {
    const page = await context.newPage()
    await orderFirstGoods(page, urls.shop)
    await page.waitForLoadState('networkidle')
    await slowDown(page)
    const startedAt = performance.now()
    await pay(page)
    const button = page.locator('form[data-step="terms"] button')
    await button.waitFor()
    if (!(await button.isEnabled())) throw new Error('the button of the first page cannot be pressed')
    return performance.now() - startedAt
  } finally {
    await context.close()
  }
}

const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-bench-'))
const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
const sandbox = await startSandbox({ dataFolder, host: '127.0.0.1', ports })
const browser = await launchBrowser()
try {
  const times: number[] = []
  for (let run = 0; run < Number(values.runs); run++) times.push(await measure(browser, sandbox))
  const bounds = checkBounds([
    { name: 'First page on slow 3G, median, ms', measured: median(times), most: mostMs },
    { name: 'Fastest run, ms', measured: Math.min(...times), least: latencyMs },
  ])
  if (values.json) console.log(JSON.stringify({ times }))
  else {
    const rows = times.map((time, run) => [`run ${run + 1}`, time.toFixed(0)])
    console.log(markdownTable(['First page on slow 3G', 'Usable after, ms'], rows) + bounds)
  }
} finally {
  await browser.close()
  await sandbox.close()
  await rm(dataFolder, { recursive: true, force: true })
}
