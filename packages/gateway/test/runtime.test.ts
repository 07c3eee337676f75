import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { realRuntime } from '../src/runtime.ts'

let server: Server
let url: string

before(async () => {
  server = createServer((request, response) => {
    if (request.url === '/echo') request.pipe(response.writeHead(201))
    if (request.url === '/redirect') response.writeHead(302, { location: '/echo' }).end()
    if (request.url === '/large') response.end(Buffer.alloc(1024 * 1024 + 1))
    if (request.url === '/full') response.end(Buffer.alloc(1024 * 1024))
    if (request.url === '/stalled') response.writeHead(200).write('the rest never comes')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const post = (path: string, body: string | Uint8Array = '', timeoutMs = 60_000) =>
  realRuntime.fetch(`${url}${path}`, { method: 'POST', body, timeoutMs })

test('text and bytes arrive as they are', async () => {
  const text = await post('/echo', '한글')
  assert.equal(text.status, 201)
  assert.equal(new TextDecoder().decode(text.body), '한글')
  assert.deepEqual((await post('/echo', Uint8Array.of(0, 255, 177))).body, Uint8Array.of(0, 255, 177))
})

test('a redirect is an answer, not a way', async () => assert.equal((await post('/redirect')).status, 302))

test('an answer of one mebibyte is read, one byte more is rejected', async () => {
  assert.equal((await post('/full')).body.length, 1024 * 1024)
  await assert.rejects(post('/large'), /exceeded max size/)
})

for (const path of ['/silence', '/stalled']) {
  test(`${path} ends with the time-out`, () => assert.rejects(post(path, '', 300), { name: 'TimeoutError' }))
}

test('scheduled work runs once, and not at all when stopped', async () => {
  const ran: string[] = []
  realRuntime.schedule(1, () => ran.push('stopped'))()
  await new Promise<void>((resolve) => realRuntime.schedule(2, () => resolve(void ran.push('kept'))))
  assert.deepEqual(ran, ['kept'])
})

test('random bytes come in every length, and none are given twice', () => {
  const lengths = Array.from({ length: 3_000 }, (_, index) => index % 300)
  const drawn = lengths.map((length) => Buffer.from(realRuntime.randomBytes(length)))
  assert.deepEqual(
    drawn.map(({ length }) => length),
    lengths,
  )
  const long = drawn.filter(({ length }) => length >= 12).map((bytes) => bytes.toString('hex'))
  assert.equal(new Set(long.map((hex) => hex.slice(0, 24))).size, long.length)
})

test('random bytes that were given out do not change when more are drawn', () => {
  const first = realRuntime.randomBytes(12)
  const copy = Uint8Array.from(first)
  for (let draws = 0; draws < 1_000; draws++) realRuntime.randomBytes(12)
  assert.deepEqual(first, copy)
})

test('a process that only waits for a pause does not end before it', () => {
  const url = (name: string): string => new URL(`../src/${name}.ts`, import.meta.url).href
  const script = `
    const { realRuntime } = await import('${url('runtime')}')
    const { pause } = await import('${url('within')}')
    await pause(realRuntime, 20)
    console.log('waited')`
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script]
  assert.equal(execFileSync(process.execPath, args, { encoding: 'utf8' }), 'waited\n')
})
