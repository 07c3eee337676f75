import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ScriptInventory } from '@sspay/gateway/tools'
import { testDatabase } from '../../../gateway/test/test-storage.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox.ts'
import type { WindowReport } from '../../src/window-check/check-window.ts'
import { run } from '../command-line/support.ts'

interface Answer {
  path: string
  headers: Headers
  text: string
}

let folder: string
let sandbox: Sandbox
let proxy: Server
let proxyUrl: string
/** Changes the responses that pass through the proxy. */
let alter: (answer: Answer) => void

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sspay-check-'))
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  sandbox = await startSandbox({ dataFolder: folder, ...(await testDatabase(folder)), host: '127.0.0.1', ports })
  proxy = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const { 'content-type': type, origin, cookie } = incoming.headers
    const passed = await fetch(sandbox.urls.gateway + incoming.url, {
      method: incoming.method ?? 'GET',
      redirect: 'manual',
      headers: {
        'accept-encoding': 'identity',
        ...(type ? { 'content-type': type } : {}),
        ...(origin ? { origin } : {}),
        ...(cookie ? { cookie } : {}),
      },
      ...(incoming.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
    })
    const answer: Answer = { path: `${incoming.url}`, headers: new Headers(passed.headers), text: await passed.text() }
    alter(answer)
    outgoing.writeHead(
      passed.status,
      [...answer.headers]
        .filter(([name]) => !/^(content-length|transfer-encoding|connection|keep-alive)$/.test(name))
        .flat(),
    )
    outgoing.end(answer.text)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
after(async () => {
  proxy.close()
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

const runCheck = (...given: readonly string[]) =>
  run(['check-window', ...given], { environment: { SSPAY_GATEWAY_PORT: new URL(sandbox.urls.gateway).port } })

async function findings(change: (answer: Answer) => void, ...given: readonly string[]) {
  alter = change
  const { exitCode, output } = await runCheck('--gateway', proxyUrl, '--json', ...given)
  const report: WindowReport = JSON.parse(output)
  return { exitCode, found: report.differences.map(({ kind, subject }) => `${kind} ${subject}`) }
}

const onPage = (change: (answer: Answer) => void) => (answer: Answer) => {
  if (answer.path.startsWith('/ssp/window/')) change(answer)
}
const onScript = (change: (answer: Answer) => void) => (answer: Answer) => {
  if (answer.path.endsWith('.js')) change(answer)
}
const insert = (text: (nonce: string) => string) =>
  onPage((answer) => {
    const nonce = /nonce="([^"]+)"/.exec(answer.text)?.[1] ?? ''
    answer.text = answer.text.replace('</main>', `${text(nonce)}</main>`)
  })

test('an unchanged window matches the inventory, directly and through the proxy', async () => {
  assert.deepEqual(await findings(() => {}), { exitCode: 0, found: [] })
  const { exitCode, output } = await runCheck()
  assert.equal(exitCode, 0)
  assert.match(output, /SmartroPAY-1\.0\.min\.js[\s\S]*window\.js[\s\S]*모두 목록과 같습니다/)
})

test('every built script has its digest, its reason in both languages and the pages it runs on', async () => {
  const { scripts } = (await (await fetch(`${sandbox.urls.gateway}/asset/scripts.json`)).json()) as ScriptInventory
  assert.deepEqual(
    scripts.map(({ name, delivery }) => [name, delivery]),
    [
      ['SmartroPAY-1.0.min.js', 'file'],
      ['window.js', 'inline'],
    ],
  )
  for (const { purpose, runsOn, bytes } of scripts) {
    for (const words of [purpose, runsOn]) assert.ok(/[가-힣]/.test(words.ko) && words.en.length > 10)
    assert.ok(bytes > 500)
  }
})

const changes: readonly (readonly [what: string, change: (answer: Answer) => void, found: RegExp])[] = [
  ['an extra script', insert((nonce) => `<script nonce="${nonce}">steal()</script>`), /^script_unknown inline/],
  [
    'a script from elsewhere',
    insert((nonce) => `<SCRIPT nonce=${nonce} src='//evil.example/a.js'></SCRIPT>`),
    /^script_unknown \/\/evil/,
  ],
  ['an extra script without the nonce', insert(() => '<script>steal()</script>'), /^script_without_nonce inline/],
  [
    'a script that hides behind a quoted >',
    insert(() => '<script data-a=">">steal()</script>'),
    /^script_unknown inline/,
  ],
  ['a script that never ends', onPage((answer) => (answer.text += '<script>steal()')), /^script_unknown inline/],
  ['a handler', insert(() => '<p title="a>b" onclick="steal()">x</p>'), /^handler_in_page <p> onclick/],
  ['a javascript: link', insert(() => '<a href=" javascript:steal()">x</a>'), /^handler_in_page <a> javascript:/],
  ['a frame', insert(() => '<iframe src="https://evil.example"></iframe>'), /^element_unexpected <iframe>/],
  [
    'one changed letter of the script in the page',
    onPage((answer) => {
      answer.text = answer.text.replace('postMessage(', 'postMessagf(')
    }),
    /^script_changed window\.js$/,
  ],
  [
    'a script that is gone',
    onPage((answer) => {
      answer.text = answer.text.replace(/<script[\s\S]*?<\/script>/, '')
    }),
    /^script_missing window\.js$/,
  ],
  ['a drop-in script with a line more', onScript((answer) => (answer.text += 'steal()')), /^script_changed SmartroPAY/],
  [
    'an old nonce',
    onPage((answer) => {
      const nonce = /nonce="([^"]+)"/.exec(answer.text)?.[1] ?? ''
      const policy = answer.headers.get('content-security-policy') ?? ''
      answer.text = answer.text.replaceAll(nonce, 'a'.repeat(32))
      answer.headers.set('content-security-policy', policy.replaceAll(nonce, 'a'.repeat(32)))
    }),
    /^nonce_repeated /,
  ],
  [
    'a drop-in script without nosniff',
    onScript(({ headers }) => headers.delete('x-content-type-options')),
    /^header_differs x-content-type-options$/,
  ],
  [
    'a drop-in script that pages with an embedder policy cannot load',
    onScript(({ headers }) => headers.delete('cross-origin-resource-policy')),
    /^header_differs cross-origin-resource-policy$/,
  ],
  [
    'a page that loses its opener',
    onPage(({ headers }) => headers.set('cross-origin-opener-policy', 'same-origin')),
    /^header_differs cross-origin-opener-policy$/,
  ],
]

for (const [what, change, expected] of changes) {
  test(`${what} is reported`, async () => {
    const { exitCode, found } = await findings(change)
    assert.equal(exitCode, 1)
    assert.ok(
      found.some((one) => expected.test(one)),
      found.join('\n'),
    )
  })
}

const pageHeaders = [
  'cache-control',
  'referrer-policy',
  'x-content-type-options',
  'permissions-policy',
  'cross-origin-resource-policy',
  'cross-origin-embedder-policy',
]

for (const name of pageHeaders) {
  test(`without ${name} the page is reported, and nothing else`, async () => {
    const { exitCode, found } = await findings(onPage(({ headers }) => headers.delete(name)))
    assert.deepEqual([exitCode, found], [1, [`header_differs ${name}`]])
  })
}

const weaker: readonly (readonly [directive: string, from: string | RegExp, to: string])[] = [
  ['script-src', "script-src 'nonce-", "script-src https://evil.example 'nonce-"],
  ['frame-ancestors', /frame-ancestors [^;]+/, 'frame-ancestors *'],
  ['form-action', /form-action [^;]+/, 'form-action *'],
  ['base-uri', /; base-uri 'none'/, ''],
  ['connect-src', /$/, '; connect-src *'],
]

for (const [directive, from, to] of weaker) {
  test(`a weaker ${directive} is reported, and nothing else`, async () => {
    const { found } = await findings(
      onPage(({ headers }) => {
        const policy = headers.get('content-security-policy') ?? ''
        headers.set('content-security-policy', policy.replace(from, to))
      }),
    )
    assert.deepEqual(found, [`header_differs content-security-policy ${directive}`])
  })
}

test('a kept inventory finds a gateway that changed its script together with its inventory', async () => {
  const kept = join(folder, 'scripts.json')
  await writeFile(kept, await (await fetch(`${sandbox.urls.gateway}/asset/scripts.json`)).text())
  const { scripts } = JSON.parse(await readFile(kept, 'utf8')) as ScriptInventory
  await writeFile(
    kept,
    JSON.stringify({ version: 1, scripts: scripts.map((one) => ({ ...one, sha256: '0'.repeat(64) })) }),
  )
  const { exitCode, found } = await findings(() => {}, '--inventory', kept)
  assert.deepEqual([exitCode, found], [1, ['script_changed window.js', 'script_changed SmartroPAY-1.0.min.js']])
})

test('the window of the check is aborted; a given window is only read, with the cookie of its browser', async () => {
  let cookie = ''
  alter = ({ headers }) => {
    cookie = headers.getSetCookie()[0]?.split(';')[0] ?? cookie
  }
  assert.match((await runCheck('--gateway', proxyUrl)).output, /check_\w+ 는 청구 없이 중단했고, 콘솔에 '중단'으로/)
  const { windowUrl, orderId }: WindowReport = JSON.parse((await runCheck('--gateway', proxyUrl, '--json')).output)
  assert.match(orderId ?? '', /^check_[0-9a-f]{16}$/)
  assert.match(await (await fetch(windowUrl, { headers: { cookie } })).text(), /sspay:aborted/)
  assert.deepEqual(await findings(() => {}, '--window', windowUrl, '--cookie', cookie), { exitCode: 0, found: [] })
  const withoutCookie = await runCheck('--window', windowUrl)
  assert.deepEqual([withoutCookie.exitCode, withoutCookie.output], [3, ''])
  assert.match(withoutCookie.errors, /--cookie/)
})

test('wrong options are 2, nothing to check is 3, help is in both languages', async () => {
  assert.equal((await runCheck('--gateway', 'localhost')).exitCode, 2)
  assert.equal((await runCheck('--inventory', join(folder, 'nothing.json'))).exitCode, 2)
  assert.equal((await runCheck('--strange')).exitCode, 2)
  const nobody = await runCheck('--gateway', 'http://127.0.0.1:1')
  assert.deepEqual([nobody.exitCode, nobody.output], [3, ''])
  assert.match(nobody.errors, /응답이 없습니다. 게이트웨이가 켜져/)
  assert.equal((await runCheck('--window', `${sandbox.urls.gateway}/ssp/window/${'0'.repeat(64)}`)).exitCode, 3)
  assert.equal((await runCheck('--gateway', sandbox.urls.shop)).exitCode, 3)
  const help = await runCheck('--help')
  assert.equal(help.exitCode, 0)
  assert.match(help.output, /점검합니다/)
})
