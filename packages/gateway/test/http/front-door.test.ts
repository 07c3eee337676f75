import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createFrontDoor } from '../../src/http/front-door.ts'
import type { Pace } from '../../src/http/pace.ts'
import { refusalCounts } from '../../src/http/refusals.ts'
import { listen } from '../../src/listen.ts'

const path = '/payment/approval/urlCallApproval.do'

async function openDoor(t: TestContext) {
  const door = { hasRoom: true }
  const lines: object[] = []
  const timers: (() => void)[] = []
  const answered: string[] = []
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
  const fetch = async (request: Request): Promise<Response> => {
    answered.push(`${new URL(request.url).pathname} ${await request.text()}`)
    return new Response('inside')
  }
  const listener = await listen({ fetch, around, host: '127.0.0.1', port: 0 })
  t.after(() => listener.close())
  return { door, lines, timers, answered, url: listener.url }
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
    while (!sign.test(received)) await once(socket, 'data')
    assert.match(received, /^HTTP\/1\.1 200 OK/)
  }
  door.hasRoom = false
  await ask('x'.repeat(20_000), /"S901"/)
  door.hasRoom = true
  await ask('ticket', /inside/)
  assert.deepEqual(answered, [`${path} ticket`])
})
