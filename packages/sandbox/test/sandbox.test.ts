import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { get } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { testDatabase } from '../../gateway/test/test-storage.ts'
import { PortInUseError } from '../src/addresses.ts'
import { testCards } from '../src/card-network/scenarios.ts'
import { startSandbox } from '../src/sandbox.ts'
import { SandboxStartError } from '../src/system-error.ts'

const folder = await mkdtemp(join(tmpdir(), 'sspay-sandbox-'))
const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
const sandbox = await startSandbox({ dataFolder: folder, ...(await testDatabase(folder)), host: '127.0.0.1', ports })
after(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

const { urls } = sandbox
const pages: readonly (readonly [string, RegExp])[] = [
  [`${urls.shop}/`, /달빛 상점/],
  [`${urls.gateway}/`, RegExp(`ssptest01m.*SSPTEST00p.*<a href="${urls.console}/">`)],
  [`${urls.gateway}/asset/js/SmartroPAY-1.0.min.js`, /smartropay/],
  [`${urls.gateway}/healthz`, /^ok/],
  [`${urls.console}/`, /결제/],
  [`${urls.console}/sandbox/phone`, /인증번호 수신함/],
  [`${urls.console}/sandbox/cards`, /테스트 카드/],
]
for (const [url, content] of pages)
  test(`answers: ${new URL(url).pathname} ${content}`, async () => {
    const answer = await fetch(url)
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), content)
  })

/** Status of a DNS rebinding request: a foreign host name that resolves to this machine. */
const statusUnder = (host: string, url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)).on('error', reject)
  })

test('console and tools answer under no name that somebody else lets point at them', async () => {
  for (const path of ['/', '/payments.csv', '/sandbox/phone', '/sandbox/faults']) {
    for (const host of ['rebound.example:4620', 'localhost.rebound.example', '127.0.0.1.rebound.example'])
      assert.equal(await statusUnder(host, urls.console + path), 421, `${host} ${path}`)
    for (const host of ['localhost', 'console.localhost:4620', '127.0.0.1:1', '[::1]', '192.168.0.7'])
      assert.equal(await statusUnder(host, urls.console + path), 200, `${host} ${path}`)
  }
})

test('the cards page holds every test card and what it does', async () => {
  const page = await (await fetch(`${urls.console}/sandbox/cards`)).text()
  for (const { cardNumber, note } of testCards) {
    assert.ok(page.includes(`data-card-number="${cardNumber}"`), cardNumber)
    assert.ok(page.includes(note.ko) && page.includes(note.en), note.en)
  }
})

test('a code that was sent shows on the phone page and in the inbox, the number masked', async () => {
  const phone = '01055556666'
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ name: '홍길동', birthDate: '19900815', gender: 'male', carrier: 'KT', phone })
  const sent = await fetch(`${urls.console}/sandbox/identity/codes`, { method: 'POST', body, headers })
  const { verificationId } = (await sent.json()) as { verificationId: string }
  const inbox = await (await fetch(`${urls.console}/sandbox/phone/messages?phone=${phone}`)).text()
  const [message] = JSON.parse(inbox).messages
  const page = await (await fetch(`${urls.console}/sandbox/phone`)).text()
  assert.ok(page.includes(message.code) && page.includes('010-****-6666'))
  assert.ok(!page.includes('5555') && !inbox.includes('5555'))
  const check = await fetch(`${urls.console}/sandbox/identity/codes/check`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ verificationId, code: message.code }),
  })
  assert.partialDeepStrictEqual(await check.json(), { result: 'verified', name: '홍길동', phone })
})

test('the gateway answers over TLS 1.2 to who trusts the local CA', async () => {
  const ca = await readFile(sandbox.caFile)
  const status = await new Promise((resolve, reject) => {
    const url = `${urls.gatewayTls}/healthz`
    request(url, { ca, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', agent: false }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
  assert.equal(status, 200)
})

test('keys are for their owner only', async () => {
  for (const file of ['keys/root.key', 'tls/server-key.pem'])
    assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600, file)
})

test('taken ports are named together with their variables, and nothing stays open', async () => {
  const other = await mkdtemp(join(tmpdir(), 'sspay-taken-'))
  const [console, shop] = [urls.console, urls.shop].map((url) => Number(new URL(url).port))
  assert.ok(console && shop)
  const start = startSandbox({ dataFolder: other, host: '127.0.0.1', ports: { ...ports, console, shop } })
  await assert.rejects(start, (error) => {
    assert.ok(error instanceof PortInUseError && error instanceof SandboxStartError)
    const cure = `SSPAY_SHOP_PORT=${shop + 100} SSPAY_CONSOLE_PORT=${console + 100}`
    assert.match(
      error.text.ko,
      RegExp(`포트: ${shop} \\(데모 상점\\), ${console} \\(콘솔.*Ctrl\\+C.*지정하세요: ${cure}`),
    )
    assert.match(error.text.en, RegExp(`port ${shop} \\(demo shop\\), ${console} \\(console.*variables: ${cure}`))
    return true
  })
  await rm(other, { recursive: true, force: true })
})
