import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { until } from '../../../../test/support/until.ts'
import { createFrontDoor } from '../../src/http/front-door.ts'
import type { Pace } from '../../src/http/pace.ts'
import { refusalCounts } from '../../src/http/refusals.ts'
import { listen } from '../../src/listen.ts'

const path = '/payment/approval/urlCallApproval.do'

const refusedInOneTurn = 128

function makeDoor() {
  const door = { hasRoom: true }
  const lines: object[] = []
  const timers: (() => void)[] = []
  const pace: Pace = {
    hasRoom: () => door.hasRoom,
    enter: () => () => {},
    elsewhere: (work) => work(),
    follow() {},
  }
  const schedule = (_delayMs: number, work: () => void) => {
    timers.push(work)
    return () => {}
  }
  const around = createFrontDoor({
    runtime: { schedule },
    log: { info() {}, warn: (event, fields) => void lines.push({ event, ...fields }), error() {} },
    ...{ pace, path },
  })
  return { door, lines, timers, around }
}

async function openDoor(t: TestContext) {
  const { around, ...made } = makeDoor()
  const answered: string[] = []
  const fetch = async (request: Request): Promise<Response> => {
    answered.push(`${new URL(request.url).pathname} ${await request.text()}`)
    return new Response('inside')
  }
  const listener = await listen({ fetch, around, host: '127.0.0.1', port: 0 })
  t.after(() => listener.close())
  return { ...made, answered, url: listener.url }
}

const refusedAtTheDoor = (): number =>
  refusalCounts().find(({ what, bound }) => what === 'approval' && bound === 'at_the_door')?.count ?? Number.NaN

test('without room an approval is refused with S901, nothing of it is read, and the refusal is counted', async (t) => {
  const { door, answered, lines, timers, url } = await openDoor(t)
  door.hasRoom = false
  const before = refusedAtTheDoor()
  for (let call = 0; call < 3; call++) {
    const answer = await fetch(url + path, { method: 'POST', body: '{}' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    const { ResultCode, ResultMsg } = (await answer.json()) as Readonly<Record<string, string>>
    assert.equal(ResultCode, 'S901')
    assert.match(ResultMsg ?? '', /잠시 뒤 다시 시도해 주세요/)
  }
  assert.deepEqual(answered, [])
  assert.equal(refusedAtTheDoor() - before, 3)
  assert.equal(timers.length, 1, 'one line for all of a second')
  timers[0]?.()
  assert.deepEqual(lines, [{ event: 'refused_at_the_door', path, reason: 'overloaded', count: 3 }])
})

for (const target of ['/payment/./approval/urlCallApproval.do', `http://gateway.example${path}`, `${path}?again`]) {
  test(`without room ${target} is an approval too`, async (t) => {
    const { door, answered, url } = await openDoor(t)
    door.hasRoom = false
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    t.after(() => socket.destroy())
    socket.write(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`)
    const [answer] = await once(socket, 'data')
    assert.match(String(answer), /"S901"/)
    assert.deepEqual(answered, [])
  })
}

test('other requests pass a door without room', async (t) => {
  const { door, answered, url } = await openDoor(t)
  door.hasRoom = false
  const inquiry = '/payment/approval/approvalInquiry.do'
  assert.equal(await (await fetch(url + inquiry, { method: 'POST', body: 'x' })).text(), 'inside')
  assert.deepEqual(answered, [`${inquiry} x`])
})

test('who was refused comes again on the same connection, and the body that nobody read is no request', async (t) => {
  const { door, answered, url } = await openDoor(t)
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  t.after(() => socket.destroy())
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text
  })
  const ask = async (body: string, sign: RegExp): Promise<void> => {
    received = ''
    socket.write(`POST ${path} HTTP/1.1\r\nhost: shop.example\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    await until(() => sign.test(received), { what: () => `${sign} in ${received}` })
    assert.match(received, /^HTTP\/1\.1 200 OK/)
  }
  door.hasRoom = false
  await ask('x'.repeat(20_000), /"S901"/)
  door.hasRoom = true
  await ask('ticket', /inside/)
  assert.deepEqual(answered, [`${path} ticket`])
})

test('more refusals than a turn has room for are given in the next ones, and nobody is let in before they are', async () => {
  const { door, around } = makeDoor()
  const inside: unknown[] = []
  const refused: unknown[] = []
  const listener = around((request) => void inside.push(request))
  const come = (name: number): void => {
    const request = { url: path, name } as unknown as IncomingMessage
    const response = { writeHead: () => ({ end: () => refused.push(name) }) }
    listener(request, response as unknown as ServerResponse)
  }
  for (let name = 0; name < 2 * refusedInOneTurn + 1; name++) come(name)
  assert.equal(inside.length, 2 * refusedInOneTurn + 1, 'there is room')
  door.hasRoom = false
  for (let name = 0; name < 2 * refusedInOneTurn + 1; name++) come(name)
  door.hasRoom = true
  inside.length = 0
  await nextTurn()
  assert.equal(refused.length, refusedInOneTurn)
  come(1_000)
  await nextTurn()
  come(1_001)
  assert.deepEqual([refused.length, inside.length], [2 * refusedInOneTurn, 0])
  await nextTurn()
  assert.deepEqual(refused.slice(-3), [2 * refusedInOneTurn, 1_000, 1_001])
  come(1_002)
  assert.equal(inside.length, 1)
})

test('who leaves while a refusal waits harms nobody', async (t) => {
  const { door, answered, url } = await openDoor(t)
  const { hostname, port } = new URL(url)
  door.hasRoom = false
  const many = `POST ${path} HTTP/1.1\r\nhost: shop.example\r\ncontent-length: 0\r\n\r\n`.repeat(3 * refusedInOneTurn)
  const before = refusedAtTheDoor()
  const leaver = connect(Number(port), hostname)
  t.after(() => leaver.destroy())
  leaver.write(many)
  await once(leaver, 'data')
  leaver.resetAndDestroy()
  const patient = connect(Number(port), hostname)
  t.after(() => patient.destroy())
  patient.write(many)
  let received = ''
  for await (const text of patient.setEncoding('utf8')) {
    received += text
    if (received.split('"S901"').length > 3 * refusedInOneTurn) break
  }
  assert.ok(refusedAtTheDoor() - before > 3 * refusedInOneTurn)
  door.hasRoom = true
  assert.equal(await (await fetch(url + path, { method: 'POST', body: 'x' })).text(), 'inside')
  assert.deepEqual(answered, [`${path} x`])
})
