import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { createTlsFiles } from '../../../sandbox/test/faults/support.ts'
import { withCredentials } from '../../src/outgoing/model.ts'
import { realRuntime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { openTlsServer } from './tls-server.ts'

type PemFiles = Awaited<ReturnType<typeof createTlsFiles>>

let server: PemFiles
let client: PemFiles

before(async () => {
  server = await createTlsFiles()
  client = await createTlsFiles()
})

const request = { method: 'POST', headers: { 'x-own': '1' }, body: '{}', timeoutMs: 60_000 } as const

const identityOf = ({ key, cert }: PemFiles) => ({ key: new Secret(key), cert })

test('the bearer token goes beside the headers of the request, and only to its own service', async (t) => {
  const seen: unknown[] = []
  const { url } = await openTlsServer(t, server, ({ headers }, response) => {
    seen.push([headers.authorization, headers['x-own']])
    response.end('answer')
  })
  const tls = { ca: server.cert }
  const known = withCredentials(realRuntime.fetch, () => ({ token: new Secret('token-of-the-gateway'), tls }))
  assert.equal((await known(url, request)).status, 200)
  assert.equal((await withCredentials(realRuntime.fetch, () => ({ tls }))(url, request)).status, 200)
  assert.deepEqual(seen, [
    ['Bearer token-of-the-gateway', '1'],
    [undefined, '1'],
  ])
})

test('a server that requires a client certificate sees ours, and rejects who has none or another', async (t) => {
  const seen: unknown[] = []
  const tls = { ...server, requestCert: true, rejectUnauthorized: true, ca: client.cert }
  const { url, sockets } = await openTlsServer(t, tls, ({ socket }, response) => {
    seen.push((socket as TLSSocket).getPeerX509Certificate()?.toString())
    response.end('answer')
  })
  const ca = server.cert
  const ours = { tls: { ca, identity: identityOf(client) } }
  const known = withCredentials(realRuntime.fetch, () => ours)
  for (let call = 0; call < 10; call++) assert.equal((await known(url, request)).status, 200)
  assert.ok(sockets.size <= 2, 'connections are kept')
  assert.equal(seen[0], client.cert.endsWith('\n') ? client.cert : `${client.cert}\n`)
  for (const identity of [undefined, identityOf(server)])
    await assert.rejects(withCredentials(realRuntime.fetch, () => ({ tls: { ca, identity } }))(url, request))
  assert.equal(seen.length, 10, 'no request without the certificate arrives')
})

test('a server whose certificate another authority signed gets not one byte', async (t) => {
  let requests = 0
  const { url } = await openTlsServer(t, server, (_request, response) => {
    requests++
    response.end('answer')
  })
  for (const tls of [undefined, { ca: client.cert }])
    await assert.rejects(withCredentials(realRuntime.fetch, () => ({ tls }))(url, request), {
      code: /SELF_SIGNED|VERIFY/,
    })
  assert.equal(requests, 0)
})
