import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { realRuntime } from '@sspay/gateway'
import { openTlsFiles } from '../../packages/sandbox/src/local-ca.ts'

const folder = await mkdtemp(join(tmpdir(), 'sspay-egress-'))
after(() => rm(folder, { recursive: true, force: true }))
const tls = await openTlsFiles(realRuntime, folder)

async function listening<Listener extends Server>(server: Listener): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const plainPort = await listening(createServer((_request, response) => response.end('here')))
const tlsPort = await listening(createTlsServer(tls, (_request, response) => response.end('here')))
const plain = `http://127.0.0.1:${plainPort}/`
const secure = `https://localhost:${tlsPort}/`

/** What the proxy was asked for. */
const passed: string[] = []
const proxy = createServer((incoming, outgoing) => {
  const { method = '', url = '', headers } = incoming
  passed.push(`${method} ${url}`)
  const onwards = request(url, { method, headers, agent: false }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502)
    answer.pipe(outgoing)
  })
  incoming.pipe(onwards)
})
proxy.on('connect', ({ url = '' }, socket) => {
  passed.push(`CONNECT ${url}`)
  if (url.startsWith('refused.')) {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    return
  }
  const onwards = connect(Number(new URL(`http://${url}`).port), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    onwards.pipe(socket).pipe(onwards)
  })
  for (const end of [socket, onwards]) end.on('error', () => {})
})
const proxyUrl = `http://127.0.0.1:${await listening(proxy)}`

/** The statuses or outcomes of these calls, in a process that was started with the variables of an egress proxy. */
async function ask(calls: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<unknown> {
  passed.length = 0
  const { NO_PROXY: _, no_proxy: __, ...inherited } = process.env
  const env = { ...inherited, NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, ...variables }
  const given = [fileURLToPath(new URL('./egress-client.ts', import.meta.url)), tls.caFile, proxyUrl, ...calls]
  return JSON.parse((await promisify(execFile)(process.execPath, given, { env })).stdout)
}

test('the SDK sends its requests through the proxy of the environment, those over TLS in a tunnel', async () => {
  assert.deepEqual(await ask([`node ${secure}`, `node ${secure}`, `node ${plain}`]), [200, 200, 200])
  assert.deepEqual(passed, [`CONNECT localhost:${tlsPort}`, `POST ${plain}`])
  assert.deepEqual(await ask([`fetch ${plain}`]), [200])
  assert.equal(passed.length, 1)
})

test('nothing was sent when the proxy rejects the tunnel', async () => {
  assert.deepEqual(await ask(['node https://refused.example/']), ['unreachable'])
  assert.deepEqual(passed, ['CONNECT refused.example:443'])
})

test('NO_PROXY is heeded', async () => {
  assert.deepEqual(await ask([`node ${plain}`], { NO_PROXY: '127.0.0.1' }), [200])
  assert.deepEqual(passed, [])
})

test('without NODE_USE_ENV_PROXY only a transport of the shop’s own uses a proxy', async () => {
  assert.deepEqual(await ask([`node ${plain}`, `undici ${plain}`], { NODE_USE_ENV_PROXY: '' }), [200, 200])
  assert.equal(passed.length, 1)
})

test('the gateway connects directly', async () => {
  assert.deepEqual(await ask([`kept ${plain}`, `guarded ${plain}`]), [200, 200])
  assert.deepEqual(passed, [])
})
