import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, isIP } from 'node:net'
import { after, before, test } from 'node:test'
import {
  AddressRejectedError,
  type Reach,
  reachOf,
  requirePublicUrl,
  type UrlRejection,
} from '../../src/outgoing/address-guard.ts'
import { createGuardedFetch } from '../../src/outgoing/guarded-fetch.ts'
import { realRuntime } from '../../src/runtime.ts'

/** A name, and what the resolver says about it. */
const names: Readonly<Record<string, readonly string[]>> = {
  'private.example': ['10.1.2.3'],
  'loopback.example': ['127.0.0.1'],
  'loopback6.example': ['::1'],
  'metadata.google.internal': ['169.254.169.254'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'nat64.example': ['64:ff9b::7f00:1'],
  'sixtofour.example': ['2002:7f00:1::'],
  'ula.example': ['fd00::1'],
  'several.example': ['10.0.0.1', '192.168.0.1', 'fe80::1'],
  'nowhere.example': [],
  localhost: ['127.0.0.1', '::1'],
  'shop.localhost': ['127.0.0.1'],
}

const rejectedUrls: readonly (readonly [url: string, reason: UrlRejection, inSandbox?: 'allowed'])[] = [
  ['http://127.0.0.1:PORT/', 'address', 'allowed'],
  ['http://127.1:PORT/', 'address', 'allowed'],
  ['http://127.0.1:PORT/', 'address', 'allowed'],
  ['http://2130706433:PORT/', 'address', 'allowed'],
  ['http://0x7f000001:PORT/', 'address', 'allowed'],
  ['http://0x7f.1:PORT/', 'address', 'allowed'],
  ['http://0177.0.0.1:PORT/', 'address', 'allowed'],
  ['http://017700000001:PORT/', 'address', 'allowed'],
  ['http://127.0.0.1.:PORT/', 'address', 'allowed'],
  ['http://127。0。0。1:PORT/', 'address', 'allowed'],
  ['http://１２７.0.0.1:PORT/', 'address', 'allowed'],
  ['http://%31%32%37.0.0.1:PORT/', 'address', 'allowed'],
  ['http:127.0.0.1:PORT', 'address', 'allowed'],
  ['http:\\\\127.0.0.1:PORT\\', 'address', 'allowed'],
  ['https://127.0.0.1:PORT/', 'address'],
  ['http://localhost:PORT/', 'address', 'allowed'],
  ['http://LOCALHOST:PORT/', 'address', 'allowed'],
  ['http://shop.localhost:PORT/', 'address', 'allowed'],
  ['http://loopback.example:PORT/', 'address', 'allowed'],
  ['http://loopback6.example:PORT/', 'address'],
  ['http://[::1]:PORT/', 'address'],
  ['http://[0:0:0:0:0:0:0:1]:PORT/', 'address'],
  ['http://0.0.0.0:PORT/', 'address'],
  ['http://0:PORT/', 'address'],
  ['http://[::]:PORT/', 'address'],
  ['http://[::ffff:127.0.0.1]:PORT/', 'address'],
  ['http://[::ffff:7f00:1]:PORT/', 'address'],
  ['http://[::127.0.0.1]:PORT/', 'address'],
  ['http://[64:ff9b::127.0.0.1]:PORT/', 'address'],
  ['http://[64:ff9b:1::7f00:1]:PORT/', 'address'],
  ['http://[2002:7f00:1::]:PORT/', 'address'],
  ['http://[2001:0:7f00:1::]:PORT/', 'address'],
  ['http://[2001:db8::1]/', 'address'],
  ['http://[3fff::1]/', 'address'],
  ['http://[fe80::1]/', 'address'],
  ['http://[fc00::1]/', 'address'],
  ['http://[fd00:ec2::254]/', 'address'],
  ['http://[ff02::1]/', 'address'],
  ['http://[fec0::1]/', 'address'],
  ['http://10.0.0.1/', 'address'],
  ['http://10.255.255.255/', 'address'],
  ['http://167772161/', 'address'],
  ['http://172.16.0.1/', 'address'],
  ['http://172.31.255.255/', 'address'],
  ['http://192.168.0.1/', 'address'],
  ['http://0xc0a80001/', 'address'],
  ['http://100.64.0.1/', 'address'],
  ['http://100.100.100.200/', 'address'],
  ['http://100.127.255.255/', 'address'],
  ['http://169.254.169.254/latest/meta-data/', 'address'],
  ['http://0xa9fea9fe/latest/meta-data/', 'address'],
  ['http://168.63.129.16/', 'address'],
  ['http://192.0.0.192/', 'address'],
  ['http://192.0.2.1/', 'address'],
  ['http://192.88.99.1/', 'address'],
  ['http://198.18.0.1/', 'address'],
  ['http://198.51.100.1/', 'address'],
  ['http://203.0.113.1/', 'address'],
  ['http://224.0.0.1/', 'address'],
  ['http://239.255.255.255/', 'address'],
  ['http://240.0.0.1/', 'address'],
  ['http://255.255.255.255/', 'address'],
  ['http://private.example/', 'address'],
  ['http://metadata.google.internal/', 'address'],
  ['http://mapped.example:PORT/', 'address'],
  ['http://nat64.example:PORT/', 'address'],
  ['http://sixtofour.example:PORT/', 'address'],
  ['http://ula.example/', 'address'],
  ['http://several.example/', 'address'],
  ['http://nowhere.example/', 'address'],
  ['http://user@127.0.0.1:PORT/', 'user_info'],
  ['http://user:secret@loopback.example:PORT/', 'user_info'],
  ['http://shop.example@127.0.0.1:PORT/', 'user_info'],
  ['ftp://shop.example/', 'scheme'],
  ['file:///etc/passwd', 'scheme'],
  ['gopher://127.0.0.1:PORT/_', 'scheme'],
  ['data:text/plain,OK', 'scheme'],
  ['javascript:0', 'scheme'],
  ['blob:http://127.0.0.1:PORT/x', 'scheme'],
  ['ws://127.0.0.1:PORT/', 'scheme'],
  ['http://shop.example:22/', 'port'],
  ['http://shop.example:25/', 'port'],
  ['http://shop.example:0/', 'port'],
  ['https://shop.example:1023/', 'port'],
  ['', 'url_unreadable'],
  ['shop.example/notify', 'url_unreadable'],
  ['http://', 'url_unreadable'],
  ['http://256.0.0.1/', 'url_unreadable'],
  ['http://127.0.0.1:99999/', 'url_unreadable'],
  ['http://[::1/', 'url_unreadable'],
  ['http://[fe80::1%25eth0]/', 'url_unreadable'],
]

const privateUrls: readonly (readonly [url: string, isAllowed: boolean])[] = [
  ['http://10.0.0.1/', true],
  ['http://172.18.0.5:3000/', true],
  ['http://192.168.0.1/', true],
  ['http://[fd12::1]/', true],
  ['http://127.0.0.1:8080/', true],
  ['http://172.32.0.1/', true],
  ['http://169.254.169.254/', false],
  ['http://[fd00:ec2::254]/', false],
  ['http://[fe80::1]/', false],
  ['http://100.64.0.1/', false],
  ['http://192.168.0.1:22/', false],
]

for (const [url, isAllowed] of privateUrls)
  test(`a sandbox on private networks ${isAllowed ? 'reaches' : 'does not reach'} ${url}`, () => {
    const reach = reachOf({ isSandbox: true, reachesPrivateNetworks: true })
    if (isAllowed) requirePublicUrl(url, reach)
    else assert.throws(() => requirePublicUrl(url, reach), AddressRejectedError)
  })

test('no other gateway reaches private networks', () => {
  assert.equal(reachOf({ isSandbox: false, reachesPrivateNetworks: true }), 'public')
  assert.equal(reachOf({ isSandbox: true }), 'public-or-loopback')
})

let server: Server
let port: number
let connections = 0

before(async () => {
  server = createServer((_request, response) => void response.end('OK'))
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const addressesOf = (hostname: string): readonly LookupAddress[] =>
  (names[hostname] ?? []).map((address) => ({ address, family: isIP(address) }))

const fetchGuarded = createGuardedFetch({
  schedule: realRuntime.schedule,
  resolve: async (hostname) => addressesOf(hostname),
})

const ask = (url: string, reach: Reach, fetch = fetchGuarded) =>
  fetch(url.replace('PORT', String(port)), {
    method: 'POST',
    body: 'a=1',
    timeoutMs: 60_000,
    guard: { reach, keepBytes: 1_000 },
  })

test(`${rejectedUrls.length} addresses are rejected before anything is connected to`, async (t) => {
  assert.ok(rejectedUrls.length >= 60)
  for (const [url, reason] of rejectedUrls) {
    await t.test(url, async () => {
      const connectedBefore = connections
      await assert.rejects(ask(url, 'public'), { name: 'AddressRejectedError', reason })
      assert.equal(connections, connectedBefore)
    })
  }
})

test('a sandbox reaches the loopback interface and nothing else of that list', async (t) => {
  for (const [url, reason, inSandbox] of rejectedUrls) {
    await t.test(url, async () => {
      if (inSandbox === 'allowed') return assert.equal((await ask(url, 'public-or-loopback')).status, 200)
      if (/^https:\/\/127|\[::1\]|:0:1\]|loopback6/.test(url)) return
      await assert.rejects(ask(url, 'public-or-loopback'), { name: 'AddressRejectedError', reason })
    })
  }
})

const publicUrls = [
  'http://shop.example/notify',
  'https://shop.example/notify?from=sspay',
  'https://shop.example:8443/',
  'http://shop.example:1024/',
  'http://93.184.216.34/',
  'http://8.8.8.8:8080/',
  'http://172.15.255.255/',
  'http://172.32.0.0/',
  'http://100.63.255.255/',
  'http://100.128.0.0/',
  'http://[2606:2800:220:1:248:1893:25c8:1946]/',
]

for (const url of publicUrls) {
  test(`${url} may be asked`, () => assert.equal(requirePublicUrl(url, 'public').href, new URL(url).href))
}

test('of the addresses of a name the allowed ones are used', async () => {
  const fetch = createGuardedFetch({
    schedule: realRuntime.schedule,
    resolve: async () => ['10.0.0.1', '127.0.0.1'].map((address) => ({ address, family: 4 })),
  })
  assert.equal((await ask('http://shop.example:PORT/', 'public-or-loopback', fetch)).status, 200)
})

test('the connected peer is judged again: a name that changes its mind gets not one byte', async () => {
  let readings = 0
  const turncoat = {
    family: 4,
    get address() {
      return readings++ === 0 ? '93.184.216.34' : '127.0.0.1'
    },
  }
  const fetch = createGuardedFetch({ schedule: realRuntime.schedule, resolve: async () => [turncoat] })
  let requests = 0
  const count = (): void => void requests++
  server.on('request', count)
  const connectedBefore = connections
  const left = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)))
  await assert.rejects(ask('http://shop.example:PORT/', 'public', fetch), {
    name: 'AddressRejectedError',
    reason: 'address',
  })
  await left
  server.off('request', count)
  assert.equal(connections, connectedBefore + 1, 'the trap was connected to')
  assert.equal(requests, 0)
})

test('a redirect is an answer and is not followed', async () => {
  const redirecting = createServer((_request, response) => void response.writeHead(302, { location: '/' }).end('OK'))
  redirecting.listen(0, '127.0.0.1')
  await once(redirecting, 'listening')
  const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/`
  assert.equal((await ask(url, 'public-or-loopback')).status, 302)
  redirecting.close()
})

test('the runtime guards what is marked, and asks our own services as before', async () => {
  const url = `http://127.0.0.1:${port}/`
  const request = { method: 'POST', body: '', timeoutMs: 60_000 } as const
  assert.equal((await realRuntime.fetch(url, request)).status, 200)
  const guard = { reach: 'public', keepBytes: 10 } as const
  await assert.rejects(realRuntime.fetch(url, { ...request, guard }), { name: 'AddressRejectedError' })
  const lenient = { reach: 'public-or-loopback', keepBytes: 1 } as const
  const { body } = await realRuntime.fetch(url.replace('127.0.0.1', 'localhost'), { ...request, guard: lenient })
  assert.equal(Buffer.from(body).toString(), 'O')
})

test('a long answer is cut, also one that goes silent at the limit', async () => {
  const endless = createServer((_request, response) => void response.write('0123456789'))
  endless.listen(0, '127.0.0.1')
  await once(endless, 'listening')
  try {
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}/`
    for (const keepBytes of [4, 10]) {
      const guard = { reach: 'public-or-loopback', keepBytes } as const
      const { body } = await fetchGuarded(url, { method: 'POST', body: '', timeoutMs: 60_000, guard })
      assert.equal(Buffer.from(body).toString(), '0123456789'.slice(0, keepBytes))
    }
  } finally {
    endless.closeAllConnections()
    endless.close()
  }
})
