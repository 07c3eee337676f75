import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { closing } from '../../../../test/support/closing.ts'
import { listen } from '../../src/listen.ts'
import { openMeasuredGateway } from '../telemetry/measured-gateway.ts'

const host = '127.0.0.1'
const form = 'content-type: application/x-www-form-urlencoded'

/** All that comes back for these bytes until the server ends the connection. */
async function send(url: string, bytes: string): Promise<string> {
  const socket = connect({ host, port: Number(new URL(url).port) })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let received = ''
  socket.setEncoding('latin1')
  socket
    .on('data', (text) => {
      received += text
    })
    .on('error', reject)
    .on('close', resolve)
  socket.end(bytes, 'latin1')
  await promise
  return received
}

const request = (...lines: readonly string[]): string =>
  ['POST /a HTTP/1.1', 'host: pay.example', ...lines].join('\r\n')

/** A second request hides in what one server takes for the body and another does not. */
const hidden = 'GET /hidden HTTP/1.1\r\nhost: pay.example\r\n\r\n'
const chunked = 'transfer-encoding: chunked'

const ambiguous: Readonly<Record<string, string>> = {
  'a length beside chunks': request(form, 'content-length: 5', chunked, '', `0\r\n\r\n${hidden}`),
  'chunks beside a length': request(form, chunked, 'content-length: 5', '', `0\r\n\r\n${hidden}`),
  'two lengths': request(form, 'content-length: 0', 'content-length: 50', '', hidden),
  'a length that is no number': request(form, 'content-length: +5', '', `12345${hidden}`),
  'a blank before the colon': request(form, `${chunked.replace(':', ' :')}`, '', `0\r\n\r\n${hidden}`),
  'chunks that do not come last': request(form, 'transfer-encoding: chunked, identity', '', `0\r\n\r\n${hidden}`),
  'a coding that nobody knows': request(form, 'transfer-encoding: xchunked', 'content-length: 5', '', `12345${hidden}`),
  'a folded header': request(form, 'content-length:', ' 5', chunked, '', `0\r\n\r\n${hidden}`),
  'a bare line feed': `POST /a HTTP/1.1\nhost: pay.example\n${chunked}\ncontent-length: 5\n\n0\n\n${hidden}`,
}

/** What a listener says to these bytes, and the paths that it was asked for. */
async function sendToListener(bytes: string): Promise<{ readonly answer: string; readonly asked: readonly string[] }> {
  const asked: string[] = []
  const fetch = async ({ url }: Request): Promise<Response> => {
    asked.push(new URL(url).pathname)
    return new Response('answered')
  }
  await using listener = closing(await listen({ fetch, host, port: 0 }))
  return { answer: await send(listener.url, bytes), asked }
}

for (const [name, bytes] of Object.entries(ambiguous)) {
  test(`${name} is rejected, and nobody answers it`, async () => {
    const { answer, asked } = await sendToListener(bytes)
    assert.match(answer, /^HTTP\/1\.1 400 /)
    assert.deepEqual(asked, [])
  })
}

test('a request with one boundary is answered, and so is the one behind it', async () => {
  const { answer, asked } = await sendToListener(request(form, chunked, '', `0\r\n\r\n${hidden}`))
  assert.match(answer, /^HTTP\/1\.1 200 /)
  assert.deepEqual(asked, ['/a', '/hidden'])
})

const addresses = ['/', '/healthz', '/asset/scripts.json', '/ssp/reqPay.do', '/nowhere']

test('TRACE and CONNECT echo nothing', async () => {
  await using measured = await openMeasuredGateway()
  await using listener = closing(await listen({ fetch: measured.gateway.fetch, host, port: 0 }))
  const head = ['host: pay.example', 'x-canary: 8e1f2c', 'cookie: canary=8e1f2c', 'connection: close', '', '']
  for (const method of ['TRACE', 'CONNECT'])
    for (const address of addresses) {
      const answer = await send(listener.url, [`${method} ${address} HTTP/1.1`, ...head].join('\r\n'))
      assert.doesNotMatch(answer, /8e1f2c/, `${method} ${address}`)
      assert.doesNotMatch(answer, /^HTTP\/1\.1 2/, `${method} ${address}`)
    }
})

test('no answer names the software or its version', async () => {
  await using measured = await openMeasuredGateway()
  await using listener = closing(await listen({ fetch: measured.gateway.fetch, host, port: 0 }))
  for (const address of addresses) {
    const head = [`GET ${address} HTTP/1.1`, 'host: pay.example', 'connection: close', '', ''].join('\r\n')
    const [headers = ''] = (await send(listener.url, head)).split('\r\n\r\n')
    assert.match(headers, /^HTTP\/1\.1 \d{3} /)
    assert.doesNotMatch(headers, /^(server|x-powered-by|via):/im, address)
    assert.doesNotMatch(headers, /node|hono|undici|express/i, address)
  }
})
