import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { createBodyReceiver } from '../../src/admission/receive-body.ts'
import { type Listener, listen } from '../../src/listen.ts'

const path = '/payment/approval/urlCallApproval.do'
const head = (length: number): string => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`

/** Sends what `begin` says and then nothing. It is cut off by the end of the test at the latest. */
async function openSocket(t: TestContext, { url }: Pick<Listener, 'url'>, begin: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  t.after(() => socket.destroy())
  socket.on('error', () => {}).resume()
  await once(socket, 'connect')
  socket.write(begin)
  return socket
}

interface Bounds {
  readonly bytesInAll?: number
  readonly perAddress?: number
  readonly proxyHops?: number
}

/** A listener that echoes bodies of up to 1,000 bytes, and the timers of its deadlines. */
async function openEcho(t: TestContext, { bytesInAll = 10_000, perAddress = 8, proxyHops = 0 }: Bounds = {}) {
  const lines: unknown[] = []
  const timers = new Set<{ readonly delayMs: number; readonly work: () => void }>()
  const schedule = (delayMs: number, work: () => void) => {
    const timer = { delayMs, work }
    timers.add(timer)
    return () => void timers.delete(timer)
  }
  const wrap = createBodyReceiver({
    runtime: { now: () => new Date(0), schedule },
    log: { info() {}, warn: (event, fields) => void lines.push({ event, ...fields }), error() {} },
    bounds: { deadlineMs: 3_000, bytesInAll, perAddress },
    bodyBytes: 1_000,
    proxyHops,
  })
  const answered: string[] = []
  const fetch = async (request: Request): Promise<Response> => {
    const text = await request.text()
    answered.push(text)
    return new Response(text)
  }
  const listener = await listen({ fetch, wrap, host: '127.0.0.1', port: 0 })
  const fire = (delayMs: number): void => {
    for (const timer of [...timers].filter((one) => one.delayMs === delayMs)) {
      timers.delete(timer)
      timer.work()
    }
  }
  t.after(() => {
    fire(3_000)
    return listener.close()
  })
  const unfinished = () => [...timers].filter(({ delayMs }) => delayMs === 3_000).length
  return { url: listener.url, lines, answered, fire, unfinished }
}

const post = async (url: string, body: string, headers = {}): Promise<string> =>
  (await fetch(url + path, { method: 'POST', body, headers })).text()

test('bodies arrive whole, however they are cut', async (t) => {
  const { url, answered } = await openEcho(t)
  assert.equal(await post(url, '한글 & more'), '한글 & more')
  const socket = await openSocket(t, { url }, head(6))
  for (const part of ['ab', 'cd', 'ef']) socket.write(part)
  await until(() => answered.length === 2, { what: () => `${answered}` })
  assert.equal(answered[1], 'abcdef')
})

test('a body that has not arrived at its deadline ends its connection; one line of the log counts them', async (t) => {
  const { url, lines, fire, unfinished, answered } = await openEcho(t)
  const sockets = await Promise.all(['', 'a', 'ab'].map((begun) => openSocket(t, { url }, head(100) + begun)))
  await until(() => unfinished() === 3)
  const closed = sockets.map((socket) => once(socket, 'close'))
  fire(3_000)
  await Promise.all(closed)
  fire(1_000)
  assert.deepEqual(lines, [{ event: 'unfinished_requests_dropped', count: 3 }])
  assert.deepEqual(answered, [])
})

test('of many bodies that have not arrived in one second most connections stay open and unread', async (t) => {
  const { url, lines, fire, unfinished } = await openEcho(t, { perAddress: 100 })
  const sockets: Socket[] = []
  for (let count = 1; count <= 25; count++) sockets.push(await openSocket(t, { url }, `${head(100)}half`))
  await until(() => unfinished() === 25)
  fire(3_000)
  await until(() => sockets.filter((socket) => socket.closed).length === 20)
  fire(1_000)
  assert.deepEqual(lines, [{ event: 'unfinished_requests_dropped', count: 25 }])
  assert.equal(unfinished(), 0)
  const [left] = sockets.filter((socket) => !socket.closed)
  left?.write('x'.repeat(96))
  assert.equal(await post(url, 'whole'), 'whole')
  assert.equal(left?.closed, false, 'what comes too late is no request')
  for (const socket of sockets) socket.destroy()
})

test('beyond the bound of an address its oldest unfinished request gives way, and whole requests go on', async (t) => {
  const { url, unfinished } = await openEcho(t, { perAddress: 3 })
  const held: Socket[] = []
  for (const count of [1, 2, 3]) {
    held.push(await openSocket(t, { url }, head(100)))
    await until(() => unfinished() === count)
  }
  const [oldest, ...others] = held.map((socket) => once(socket, 'close'))
  assert.equal(await post(url, 'whole'), 'whole')
  await oldest
  await openSocket(t, { url }, head(100))
  await until(() => unfinished() === 3)
  await openSocket(t, { url }, head(100))
  await others[0]
  assert.equal(unfinished(), 3)
})

test('behind a proxy the bound is that of the client which the proxy names', async (t) => {
  const { url, unfinished } = await openEcho(t, { perAddress: 1, proxyHops: 1 })
  const from = (address: string): string => head(100).replace('Host: x', `Host: x\r\nX-Forwarded-For: ${address}`)
  const first = await openSocket(t, { url }, from('192.0.2.1'))
  await until(() => unfinished() === 1)
  const closed = once(first, 'close')
  assert.equal(await post(url, 'other', { 'x-forwarded-for': '192.0.2.2' }), 'other')
  assert.equal(unfinished(), 1)
  await openSocket(t, { url }, from('192.0.2.1'))
  await closed
})

test('all unfinished bodies together have a bound of bytes', async (t) => {
  const { url, unfinished } = await openEcho(t, { bytesInAll: 1_500 })
  await openSocket(t, { url }, head(1_000) + 'x'.repeat(900))
  await until(() => unfinished() === 1)
  await once(await openSocket(t, { url }, head(1_000) + 'x'.repeat(900)), 'close')
  assert.equal(await post(url, 'y'.repeat(400)), 'y'.repeat(400))
})

test('a body without a length that grows too long reaches its route cut off, and its connection ends', async (t) => {
  const { url, answered } = await openEcho(t)
  const begin = `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`
  const socket = await openSocket(t, { url }, `${begin}3e9\r\n${'z'.repeat(1_001)}\r\n`)
  await once(socket, 'close')
  assert.deepEqual(
    answered.map(({ length }) => length),
    [1_001],
  )
})
