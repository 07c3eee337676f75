import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localEndpoints } from '@sspay/protocol'
import { createGateway, type Gateway } from '../src/gateway.ts'
import { createTestContext } from './support.ts'

const sandboxBanner = {
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  consoleUrlAt: (hostname: string) => `http://${hostname}:4620`,
}

const unreachable = () => Promise.reject(new Error('nothing outside is asked'))

async function openFrontPage(
  t: { after(close: () => Promise<void>): void },
  { isSandbox, ...parts }: { readonly isSandbox: boolean; readonly sandboxBanner?: typeof sandboxBanner },
): Promise<Gateway> {
  const { context, close } = await createTestContext({ settings: { isSandbox } })
  const gateway = createGateway({
    context,
    cardNetwork: {
      authorize: unreachable,
      inquire: unreachable,
      reverse: unreachable,
      cancel: unreachable,
      verifyCard: unreachable,
    },
    identityVerifier: { sendCode: unreachable, checkCode: unreachable, sendMessage: unreachable },
    dropInScript: '',
    windowScript: '',
    scriptInventory: '',
    consoleLinks: [],
    ...parts,
  })
  t.after(async () => {
    await gateway.close()
    await close()
  })
  return gateway
}

const origin = 'https://pay.example'

const ask = (gateway: Gateway, init?: RequestInit, path = '/'): Promise<Response> =>
  gateway.fetch(new Request(origin + path, init))

const inEnglish = { headers: { 'accept-language': 'en-US,en;q=0.9' } }

const { sourceAddresses, ...paths } = localEndpoints({ origin: '' })

test('the page at / names every path, and each path that it names is answered', async (t) => {
  const gateway = await openFrontPage(t, { isSandbox: false })
  const page = await (await ask(gateway)).text()
  const named = [...page.matchAll(/<span class="badge">(GET|POST)<\/span><\/dt><dd><code>([^<]+)<\/code>/g)]
  const wanted = [...new Set(Object.values(paths)), '/healthz', '/readyz']
  assert.deepEqual(named.map(([, , path]) => path).toSorted(), wanted.toSorted())
  for (const [, method = '', path = ''] of named) {
    const answer = await ask(gateway, { method }, path)
    assert.notEqual(answer.status, 404, path)
    assert.doesNotMatch(await answer.text(), /S012/, path)
  }
})

test('a path where there is nothing names the address of the payment window, folded', async (t) => {
  const gateway = await openFrontPage(t, { isSandbox: false })
  const answer = await ask(gateway, undefined, '/pay')
  assert.equal(answer.status, 404)
  assert.match(await answer.text(), /<details[^>]*>.*\/ssp\/reqPay\.do[^<]*actionUri/)
})

test('it speaks Korean, or English to a browser that prefers it', async (t) => {
  const gateway = await openFrontPage(t, { isSandbox: false })
  const korean = await (await ask(gateway)).text()
  assert.match(korean, /<html lang="ko">.*<h1>sspay 결제 서비스<\/h1>/s)
  assert.match(korean, /SS-Pay 결제창과 승인 API를 제공하는 서버입니다\./)
  const english = await (await ask(gateway, inEnglish)).text()
  assert.match(english, /<html lang="en">.*<h1>sspay payment service<\/h1>/s)
  assert.doesNotMatch(english, /[가-힣]/)
})

test('a production gateway shows no host name, version or test merchant', async (t) => {
  const gateway = await openFrontPage(t, { isSandbox: false, sandboxBanner })
  for (const init of [undefined, inEnglish]) {
    const page = await (await ask(gateway, init)).text()
    // The style names the namespace of SVG.
    const withoutStyle = page.replace(/<style>.*?<\/style>/s, '')
    assert.doesNotMatch(withoutStyle, /pay\.example|localhost|https?:|ssptest01m|SSPTEST00p|\d+\.\d+\.\d+|테스트|test/i)
  }
})

test('a sandbox says that it is a test service, with its merchant and console where they are known', async (t) => {
  const known = await openFrontPage(t, { isSandbox: true, sandboxBanner })
  const korean = await (await ask(known)).text()
  assert.match(korean, /테스트 서비스입니다\..*<code>ssptest01m<\/code>.*<code>SSPTEST00p<\/code>/)
  assert.match(korean, /<a href="http:\/\/pay\.example:4620\/">콘솔 열기<\/a>/)
  assert.match(await (await ask(known, inEnglish)).text(), /This is a test service\..*>Open the console</)

  const unknown = await (await ask(await openFrontPage(t, { isSandbox: true }))).text()
  assert.match(unknown, /테스트 서비스입니다\./)
  assert.doesNotMatch(unknown, /<a |Mid/)
})

test('it is never stored, framed or extended by anything from elsewhere', async (t) => {
  const { status, headers } = await ask(await openFrontPage(t, { isSandbox: false }))
  assert.equal(status, 200)
  const { 'content-security-policy': policy, ...others } = Object.fromEntries(headers)
  assert.deepEqual(others, {
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    vary: 'accept-language',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  assert.match(policy ?? '', /^default-src 'none'; style-src 'sha256-[\w+/]+='; img-src data:; form-action 'none'; /)
  assert.match(policy ?? '', /base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'/)
})

test('HEAD has the headers of GET and no body', async (t) => {
  const gateway = await openFrontPage(t, { isSandbox: false })
  const [got, head] = [await ask(gateway), await ask(gateway, { method: 'HEAD' })]
  assert.equal(head.status, 200)
  assert.deepEqual(Object.fromEntries(head.headers), Object.fromEntries(got.headers))
  assert.equal(await head.text(), '')
})

test('other methods and other paths are unknown as before', async (t) => {
  const gateway = await openFrontPage(t, { isSandbox: false })
  const nowhere = await (await ask(gateway, undefined, '/nowhere')).text()
  assert.match(nowhere, /없는 주소입니다\./)
  for (const [method, path] of [
    ['POST', '/'],
    ['PUT', '/'],
    ['DELETE', '/'],
    ['OPTIONS', '/'],
    ['GET', '/index.html'],
  ] as const) {
    const answer = await ask(gateway, { method }, path)
    assert.equal(answer.status, 404, `${method} ${path}`)
    assert.equal(await answer.text(), nowhere)
  }
})
