import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { encodeForm } from '@sspay/protocol/charset'
import { type Page, postForm } from '../packages/sandbox/src/buyer/browser.ts'
import { readForms } from '../packages/sandbox/src/buyer/html-forms.ts'
import { type Sandbox, startSandbox } from '../packages/sandbox/src/sandbox.ts'
import { fetchPublished } from './npm-packages.ts'
import { type Weight, weighPage, weighScript, weightTable } from './weigh.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

interface Other {
  readonly name: string
  readonly file: string
  /**
   * What the packaged file itself loads when a page uses it. The npm package does not hold it, so it is not in the
   * numbers.
   */
  readonly loads: string
}

const others: readonly Other[] = [
  {
    name: '@tosspayments/tosspayments-sdk',
    file: 'dist/index.esm.js',
    loads: 'https://js.tosspayments.com/v2/standard',
  },
  { name: '@portone/browser-sdk', file: 'dist/v2.js', loads: 'https://cdn.portone.io/v2/browser-sdk.js' },
  { name: '@stripe/stripe-js', file: 'dist/index.mjs', loads: 'a script of its release from https://js.stripe.com' },
]

async function weighOwn(): Promise<readonly Weight[]> {
  await promisify(execFile)(process.execPath, [join(root, 'tools/build-scripts.ts')])
  const scripts = [
    ['sspay drop-in, all that a shop loads', 'packages/browser/dist/smartropay.js'],
    ['sspay window script, inside every page', 'packages/gateway/dist/window.js'],
  ] as const
  const weighed = scripts.map(async ([name, file]) =>
    weighScript(name, file.slice(file.lastIndexOf('/') + 1), await readFile(join(root, file), 'utf8')),
  )
  const { html } = await openFirstPage()
  return [
    ...(await Promise.all(weighed)),
    weighPage('sspay first page, style and script included', 'POST /ssp/reqPay.do', html),
  ]
}

/** The page that a buyer who is no member yet sees first, from a sandbox of its own. */
async function openFirstPage(): Promise<Page> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'sspay-bench-'))
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({ dataFolder, host: '127.0.0.1', ports })
  try {
    const page = await postSampleForm(sandbox)
    if (page.status !== 200 || !page.html.includes('data-step="terms"'))
      throw new Error(`the window answers HTTP ${page.status}`)
    return page
  } finally {
    await sandbox.close()
    await rm(dataFolder, { recursive: true, force: true })
  }
}

async function postSampleForm({ urls }: Sandbox): Promise<Page> {
  const answer = await fetch(`${urls.shop}/guide-sample`)
  const form = readForms(await answer.text()).find(({ attributes }) => attributes.id === 'tranMgr')
  if (form === undefined) throw new Error('the sample page has no payment form')
  const fields = Object.fromEntries(form.fields.map(({ name, value }) => [name, value]))
  return postForm({ url: `${urls.gateway}/ssp/reqPay.do`, body: encodeForm(fields, 'utf-8'), origin: urls.shop })
}

async function weighOther({ name, file }: Other): Promise<Weight | string> {
  try {
    const { version, content } = await fetchPublished(name, file)
    return await weighScript(`${name} ${version}`, file, content)
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n')
    return `Not measured: ${name}, because npm did not hand over ${file} (${reason})`
  }
}

const results = [...(await weighOwn()), ...(await Promise.all(others.map(weighOther)))]
const isWeight = (result: Weight | string): result is Weight => typeof result !== 'string'
console.log(weightTable(results.filter(isWeight)))
console.log()
for (const failed of results.filter((result) => !isWeight(result))) console.log(failed)
console.log('Not in these numbers, because the packages do not hold it:')
for (const { name, loads } of others) console.log(`* ${name} loads ${loads}`)
