import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { type Sandbox, startSandbox } from '../packages/sandbox/src/sandbox.ts'
import { launchBrowser } from '../test/e2e/browser.ts'
import { walkConsoleScreens, walkFrontPage, walkShopScreens } from '../test/e2e/other-screens.ts'
import { walkRegistrationScreens } from '../test/e2e/registration-screens.ts'
import { walkWindowScreens } from '../test/e2e/window-screens.ts'

const widths = [390, 1280] as const
const schemes = ['light', 'dark'] as const
const locales = { ko: 'ko-KR', en: 'en-US' } as const

type Language = keyof typeof locales

/** File names by what they have in common: one contact sheet each. */
type Sheets = Map<string, string[]>

interface Studio {
  readonly sandbox: Sandbox
  readonly browser: Browser
  readonly folder: string
  readonly sheets: Sheets
}

/** Takes the page at each width, by day and by night, and gives it back as it was. */
async function takeAll({ folder, sheets }: Studio, page: Page, language: Language, name: string): Promise<void> {
  for (const width of widths)
    for (const scheme of schemes) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 })
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      const file = `${name}-${language}-${width}-${scheme}.png`
      await page.screenshot({ path: join(folder, file), fullPage: true })
      const kind = /^(shop|console)/.exec(name)?.[0] ?? 'window'
      const sheet = `${kind}-${language}-${width}-${scheme}`
      sheets.set(sheet, [...(sheets.get(sheet) ?? []), file])
    }
  await page.setViewportSize({ width: widths[0], height: 844 })
  await page.emulateMedia({ colorScheme: 'light' })
}

async function walk(studio: Studio, language: Language): Promise<void> {
  const context = await studio.browser.newContext({
    viewport: { width: widths[0], height: 844 },
    locale: locales[language],
    hasTouch: true,
    userAgent:
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const { sandbox } = studio
  const onScreen = (name: string) => takeAll(studio, page, language, name)
  const phone = language === 'ko' ? '01055551001' : '01055551002'
  const walk = { sandbox, page, phone, customerId: `screens${language}`, onScreen }
  await walkFrontPage(walk)
  await walkWindowScreens(walk)
  await walkRegistrationScreens(walk)
  // Shop and console say Korean and English side by side: one walk shows all there is.
  if (language === 'ko') {
    await walkShopScreens(walk)
    await walkConsoleScreens(walk)
  }
  await context.close()
}

const escapeHtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')

/** One page that shows the pictures next to each other, as HTML and as a picture itself. */
async function writeSheet({ browser, folder }: Studio, sheet: string, files: readonly string[]): Promise<void> {
  const isWide = sheet.includes('1280')
  const figures = files.map(
    (file) =>
      `<figure><figcaption>${escapeHtml(file)}</figcaption><a href="${escapeHtml(file)}"><img src="${escapeHtml(file)}" alt=""></a></figure>`,
  )
  const style = `body{margin:16px;background:#808080;font:12px sans-serif}main{columns:${isWide ? 4 : 6};column-gap:12px}figure{margin:0 0 12px;break-inside:avoid}img{width:100%;display:block}figcaption{color:#fff;padding:2px 0}`
  const path = join(folder, `sheet-${sheet}.html`)
  await writeFile(
    path,
    `<!doctype html><meta charset="utf-8"><title>${sheet}</title><style>${style}</style><main>${figures.join('')}</main>`,
  )
  const page = await browser.newPage({ viewport: { width: 1800, height: 1000 } })
  await page.goto(`file://${path}`)
  await page.screenshot({ path: join(folder, `sheet-${sheet}.png`), fullPage: true })
  await page.close()
}

async function takeScreens(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-screens-'))
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({ dataFolder, host: '127.0.0.1', ports })
  const browser = await launchBrowser()
  try {
    const studio: Studio = { sandbox, browser, folder, sheets: new Map() }
    await Promise.all([walk(studio, 'ko'), walk(studio, 'en')])
    for (const [sheet, files] of studio.sheets) await writeSheet(studio, sheet, files)
    console.log(`${[...studio.sheets.values()].flat().length} pictures and ${studio.sheets.size} sheets in ${folder}`)
  } finally {
    await browser.close()
    await sandbox.close()
    await rm(dataFolder, { recursive: true, force: true })
  }
}

const [folder] = process.argv.slice(2)
if (folder === undefined || folder.startsWith('-')) {
  console.error('npm run screens -- <folder>')
  process.exitCode = 2
} else await takeScreens(resolve(folder))
