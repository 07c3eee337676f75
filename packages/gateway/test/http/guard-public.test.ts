import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guardPublic, type PublicGuard } from '../../src/http/guard-public.ts'
import type { Log } from '../../src/logging/log.ts'

const lines: string[] = []
const keep = (event: string, fields: object = {}): void => void lines.push(JSON.stringify({ event, ...fields }))
const log: Log = { info: keep, warn: keep, error: keep }

const usual: PublicGuard = {
  // What is counted for a second is logged at once.
  runtime: {
    schedule: (_delayMs, work) => {
      queueMicrotask(work)
      return () => {}
    },
  },
  log,
  proxyHops: 0,
  publicHosts: undefined,
  allowsPlainWindow: false,
}

interface Sent {
  readonly url?: string
  readonly method?: string
  readonly address?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function statusOf(
  { url = 'http://pay.example/ssp/reqPay.do', method = 'POST', address = '192.0.2.7', headers = {} }: Sent,
  changes: Partial<PublicGuard> = {},
): Promise<number> {
  const guarded = guardPublic(async () => new Response('answered'), { ...usual, ...changes })
  return (await guarded(new Request(url, { method, headers }), { address })).status
}

const https = { 'x-forwarded-proto': 'https' }
const http = { 'x-forwarded-proto': 'http' }

const ways: readonly (readonly [what: string, sent: Sent, changes: Partial<PublicGuard>, status: number])[] = [
  ['over plain HTTP', {}, {}, 403],
  ['a step over plain HTTP', { url: 'http://pay.example/ssp/window/token' }, {}, 403],
  ['over HTTPS', { url: 'https://pay.example/ssp/reqPay.do' }, {}, 200],
  ['from this machine', { address: '127.0.0.1' }, {}, 200],
  ['from this machine, by IPv6', { address: '::1' }, {}, 200],
  ['from this machine, as IPv6 sees IPv4', { address: '::ffff:127.0.0.1' }, {}, 200],
  ['with a header that no declared proxy has written', { headers: https }, {}, 403],
  ['over a declared proxy that got it over HTTPS', { headers: https }, { proxyHops: 1 }, 200],
  ['over a declared proxy that got it over HTTP', { headers: http }, { proxyHops: 1 }, 403],
  ['over a declared proxy that does not say', {}, { proxyHops: 1 }, 403],
  [
    'over a proxy on this machine that got it over HTTP',
    { address: '127.0.0.1', headers: http },
    { proxyHops: 1 },
    403,
  ],
  [
    'over a proxy on this machine that names its client only',
    { address: '127.0.0.1', headers: { 'x-forwarded-for': '192.0.2.7' } },
    { proxyHops: 1 },
    403,
  ],
  [
    'with a forged scheme in front of the proxy’s',
    { headers: { 'x-forwarded-proto': 'https, http' } },
    { proxyHops: 1 },
    403,
  ],
  [
    'over two proxies, the outer over HTTPS',
    { headers: { 'x-forwarded-proto': 'https, http' } },
    { proxyHops: 2 },
    200,
  ],
  ['over plain HTTP, which the operator allows', {}, { allowsPlainWindow: true }, 200],
  ['only looked at', { method: 'GET', url: 'http://pay.example/ssp/window/token' }, {}, 200],
  ['a probe', { method: 'GET', url: 'http://10.1.2.3/readyz' }, { publicHosts: ['pay.example'] }, 200],
  ['an API call over plain HTTP', { url: 'http://pay.example/payment/approval/cancel.do' }, {}, 200],
  ['the same with doubled slashes', { url: 'http://pay.example//payment//approval/cancel.do' }, {}, 200],
  ['under a name of the gateway', { url: 'https://pay.example/ssp/reqPay.do' }, { publicHosts: ['pay.example'] }, 200],
  [
    'under a name that a wildcard covers',
    { url: 'https://a.pay.example/ssp/reqPay.do' },
    { publicHosts: ['*.pay.example'] },
    200,
  ],
  [
    'under a name below that',
    { url: 'https://b.a.pay.example/ssp/reqPay.do' },
    { publicHosts: ['*.pay.example'] },
    421,
  ],
  ['under another name', { url: 'https://evil.example/ssp/reqPay.do' }, { publicHosts: ['pay.example'] }, 421],
  [
    'the same with doubled slashes',
    { url: 'https://evil.example//ssp/reqPay.do' },
    { publicHosts: ['pay.example'] },
    421,
  ],
  ['under an IP address', { url: 'https://192.0.2.1/ssp/reqPay.do' }, { publicHosts: ['pay.example'] }, 421],
  [
    'looked at under another name',
    { method: 'GET', url: 'https://evil.example/ssp/window/t' },
    { publicHosts: ['pay.example'] },
    421,
  ],
  ['under localhost', { url: 'https://localhost/ssp/reqPay.do' }, { publicHosts: ['pay.example'] }, 200],
  [
    'an API call under another name',
    { url: 'https://10.1.2.3/payment/approval/cancel.do' },
    { publicHosts: ['pay.example'] },
    200,
  ],
]

for (const [what, sent, changes, status] of ways)
  test(`${what}: ${status}`, async () => assert.equal(await statusOf(sent, changes), status))

test('a rejection says what to do in both languages, and is logged with its reason', async () => {
  lines.length = 0
  const guarded = guardPublic(async () => new Response(), { ...usual, publicHosts: ['pay.example'] })
  const plain = await guarded(new Request('http://pay.example/ssp/reqPay.do', { method: 'POST' }))
  assert.match(await plain.text(), /https:\/\/ 주소로 열어 주세요[\s\S]*Open the https:\/\/ address/)
  await guarded(new Request('https://evil.example/ssp/reqPay.do', { method: 'POST' }))
  await Promise.resolve()
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [
      { event: 'window_rejected', reason: 'not_encrypted', count: 1 },
      { event: 'window_rejected', reason: 'host_unknown', host: 'evil.example', count: 1 },
    ].slice(0, lines.length),
  )
  assert.ok(lines.length > 0)
})

test('a server that calls over plain HTTP is warned of once, whatever it calls', async () => {
  lines.length = 0
  const guarded = guardPublic(async () => new Response(), usual)
  for (const path of ['urlCallApproval.do', 'cancel.do', 'urlCallApproval.do'])
    for (const address of ['192.0.2.7', '192.0.2.8'])
      await guarded(new Request(`http://pay.example/payment/approval/${path}`, { method: 'POST' }), { address })
  assert.deepEqual(lines, [
    '{"event":"api_call_not_encrypted","address":"192.0.2.7"}',
    '{"event":"api_call_not_encrypted","address":"192.0.2.8"}',
  ])
})
