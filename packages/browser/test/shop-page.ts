import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { systemChromium } from '../../../test/support/system-chromium.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
export const builtScript = new URL('../dist/smartropay.js', import.meta.url)

execFileSync(process.execPath, [`${root}tools/build-scripts.ts`], { stdio: 'pipe' })

export const skip = systemChromium === undefined && 'no Chromium on this machine'

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: systemChromium ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  })

interface Posted {
  readonly path: string
  readonly body: Buffer
}

export interface Site {
  readonly url: string
  readonly pages: Record<string, string | Buffer>
  /** Of the answers to a path. */
  readonly headers: Record<string, Readonly<Record<string, string>>>
  readonly posted: Posted[]
  readonly server: Server
}

/** Stands for the gateway or for a shop: a page as given per path, and every form that was posted. */
export async function serve(pages: Site['pages'], headers: Site['headers'] = {}): Promise<Site> {
  const posted: Posted[] = []
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.method === 'POST') posted.push({ path, body: Buffer.concat(chunks) })
    response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : 'text/html')
    for (const [name, value] of Object.entries(headers[path] ?? {})) response.setHeader(name, value)
    response.end(pages[path] ?? '<!doctype html><meta charset="utf-8"><p>shop')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, pages, headers, posted, server }
}

export const windowPath = '/ssp/reqPay.do'
export const scriptPath = '/asset/js/SmartroPAY-1.0.min.js'

/** A gateway with the built script and a window page that a test scripts, and the guide's sample page at `/`. */
export async function openShopAndGateway(): Promise<{ readonly shop: Site; readonly gateway: Site }> {
  const gateway = await serve({ [scriptPath]: await readFile(builtScript) })
  const shop = await serve({ '/': samplePage(gateway.url) })
  gateway.pages[windowPath] = gatewayWindow(shop.url)
  return { shop, gateway }
}

/** The guide's sample page, shortened; `charset` is what it is written in. */
export const samplePage = (
  gateway: string,
  call = 'Callback: function (res) { window.answers.push(res) },',
  charset = 'utf-8',
): string => `<!doctype html>
<html><head><meta charset="${charset}"><script src="${gateway}${scriptPath}?version=20250102"></script>
<script>window.answers = []; function goPay() {
  smartropay.init({ mode: 'STG', actionUri: '${windowPath}' })
  smartropay.payment({ FormId: 'tranMgr', ${call} })
}</script></head><body>
<form id="tranMgr" name="tranMgr" method="post">
<input type="text" name="GoodsName" value="GOODS"><input type="text" name="ReturnUrl" value="r"><input type="text" name="ReturnUrl" value="r">
<input type="checkbox" name="unchecked" value="1"><input type="text" name="off" value="1" disabled><input name="submit" value="s">
<select name="CardQuota"><option value="00">x</option><option value="03" selected>y</option></select><textarea name="note">a</textarea>
<button type="button" id="pay" onclick="goPay()">결제하기</button></form></body></html>`

const gatewayWindow = (
  shop: string,
): string => `<!doctype html><meta charset="utf-8"><button id="inner">inside</button><script>
parent.postMessage({ type: 'sspay:ready' }, '${shop}')
window.say = function (message) { parent.postMessage(message, '${shop}') }</script>`
