import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { until } from '../../../../test/support/until.ts'
import { createAdmission, type LimitedCall } from '../../src/admission/admit.ts'
import { createBodyReceiver } from '../../src/admission/receive-body.ts'
import { rejectionCounts } from '../../src/admission/rejections.ts'
import { type ListenOptions, listen } from '../../src/listen.ts'
import { realRuntime } from '../../src/runtime.ts'

const path = '/payment/approval/urlCallApproval.do'
const limits = { targetLatencyMs: 5, inFlight: 4, proxyHops: 0 }

interface Options {
  readonly shareOf?: (call: LimitedCall, body: string) => string | undefined
  /** Which of both stands wrap the other; a body is received first when absent. */
  readonly order?: (parts: Record<'receive' | 'admit', NonNullable<ListenOptions['wrap']>>) => ListenOptions['wrap']
}

/**
 * A listener whose answers wait until they are let go. Four calls may be in flight, of one share half of what is free.
 */
async function openLimited(t: TestContext, { shareOf = (_call, body) => body, order }: Options = {}) {
  const lines: object[] = []
  const log = {
    info() {},
    warn: (event: string, fields: object = {}) => void lines.push({ event, ...fields }),
    error() {},
  }
  const admission = createAdmission({ runtime: realRuntime, log, limits, shareOf })
  const bounds = { deadlineMs: 60_000, bytesInAll: 1e6, perAddress: 256 }
  const receive = createBodyReceiver({ runtime: realRuntime, log, bounds, bodyBytes: 1_000, proxyHops: 0 })
  const running: PromiseWithResolvers<void>[] = []
  const fetch = async (request: Request): Promise<Response> => {
    const held = Promise.withResolvers<void>()
    running.push(held)
    await held.promise
    return new Response(`answered ${await request.text()}`)
  }
  const wrap = order?.({ receive, admit: admission.wrap }) ?? ((answer) => receive(admission.wrap(answer)))
  const listener = await listen({ fetch, wrap, host: '127.0.0.1', port: 0 })
  const letGo = (): void => {
    for (const held of running.splice(0)) held.resolve()
  }
  t.after(async () => {
    letGo()
    await listener.close()
  })
  return { url: listener.url, lines, running, letGo }
}

const post = async (url: string, body: string): Promise<Response> => fetch(url, { method: 'POST', body })

const shedCount = (what: string): number =>
  rejectionCounts().find((one) => one.resource === what && one.limiter === 'overloaded')?.count ?? Number.NaN

test('a call without a place in time is shed: S901, counted, one line of the log, and the connection stays', async (t) => {
  const { url, lines, running, letGo } = await openLimited(t)
  const before = shedCount('approval')
  const first = [post(url + path, 'a'), post(url + path, 'a')]
  await until(() => running.length === 2)
  for (let call = 0; call < 3; call++) {
    const answer = await post(url + path, 'a')
    assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-store'])
    const { ResultCode, ResultMsg } = (await answer.json()) as Readonly<Record<string, string>>
    assert.equal(ResultCode, 'S901')
    assert.match(ResultMsg ?? '', /잠시 뒤 다시 시도해 주세요/)
  }
  assert.equal(shedCount('approval') - before, 3)
  assert.equal(running.length, 2, 'nothing of a shed call has begun')
  letGo()
  for (const answer of await Promise.all(first)) assert.equal(await answer.text(), 'answered a')
  await until(() => lines.length === 1)
  assert.deepEqual(lines, [{ event: 'requests_shed', call: 'approval', reason: 'overloaded', count: 3 }])
  const again = post(url + path, 'a')
  await until(() => running.length === 1)
  letGo()
  assert.equal(await (await again).text(), 'answered a')
})

test('whose share is full leaves room for others, for other calls and for probes', async (t) => {
  const { url, running } = await openLimited(t)
  const { signal } = aborting(t)
  const hold = (address: string, body: string) => void fetch(address, { method: 'POST', body, signal }).catch(() => {})
  hold(url + path, 'a')
  hold(url + path, 'a')
  await until(() => running.length === 2)
  assert.match(await (await post(url + path, 'a')).text(), /"S901"/)
  hold(url + path, 'b')
  hold(url.concat('/payment/approval/cancel.do'), 'a')
  hold(url.concat('/readyz'), 'a')
  await until(() => running.length === 5)
})

function aborting(t: TestContext): AbortController {
  const controller = new AbortController()
  t.after(() => controller.abort())
  return controller
}

for (const target of [
  '/payment/./approval/urlCallApproval.do',
  `http://gateway.example${path}`,
  `${path}?again`,
  `/${path}`,
  `${path}/`,
  path.replaceAll('/', '//'),
]) {
  test(`${target} is an approval too`, async (t) => {
    const { url, running } = await openLimited(t)
    const { signal } = aborting(t)
    for (let call = 0; call < 2; call++) fetch(url + path, { method: 'POST', body: '{}', signal }).catch(() => {})
    await until(() => running.length === 2)
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    t.after(() => socket.destroy())
    socket.write(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`)
    const [answer] = await once(socket, 'data')
    assert.match(String(answer), /"S901"/)
  })
}

test('a page that is shed says so to a person, with a status and a time to come again', async (t) => {
  const { url, running } = await openLimited(t, { shareOf: () => undefined })
  const { signal } = aborting(t)
  for (let call = 0; call < 2; call++) fetch(`${url}/ssp/window/x`, { signal }).catch(() => {})
  await until(() => running.length === 2)
  const answer = await fetch(`${url}/ssp/window/x`)
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '2'])
  assert.match(await answer.text(), /lang="ko".*잠시 뒤/s)
})

test('a step that is shed leads back to its window, an opening to the shop', async (t) => {
  const { url, running } = await openLimited(t, { shareOf: () => undefined })
  const { signal } = aborting(t)
  const read = async (path: string): Promise<string> => {
    const before = running.length
    for (let call = 0; call < 2; call++) fetch(url + path, { method: 'POST', body: 'a', signal }).catch(() => {})
    await until(() => running.length === before + 2)
    return (await post(url + path, 'a')).text()
  }
  assert.match(
    await read('/ssp/window/x'),
    /진행하던 결제는 그대로 있으니.*<a class="button block" href="">다시 시도하기/s,
  )
  for (const path of ['/ssp/reqPay.do', '/ssb/interface.do']) {
    const page = await read(path)
    assert.match(page, /결제된 금액은 없으니 잠시 뒤 쇼핑몰에서 다시 시작해 주세요/)
    assert.doesNotMatch(page, /<a /, 'the form is not sent again by a link')
  }
})

test('who leaves while its call waits gives its turn to the next', async (t) => {
  const { url, running, letGo } = await openLimited(t)
  const { signal } = aborting(t)
  for (let call = 0; call < 2; call++) fetch(url + path, { method: 'POST', body: 'a', signal }).catch(() => {})
  await until(() => running.length === 2)
  const leaver = connect(Number(new URL(url).port), '127.0.0.1')
  await once(leaver, 'connect')
  leaver.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na`)
  leaver.resetAndDestroy()
  await once(leaver, 'close')
  // A whole request later the server has seen it.
  const other = post(url + path, 'b')
  await until(() => running.length === 3)
  letGo()
  assert.equal(await (await other).text(), 'answered b')
  const next = post(url + path, 'a')
  await until(() => running.length === 1)
  letGo()
  assert.equal(await (await next).text(), 'answered a')
})

test('an invalid host is answered without a place being lost', async (t) => {
  const { url, running, letGo } = await openLimited(t)
  for (let call = 0; call < 6; call++) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    t.after(() => socket.destroy())
    socket.write(`POST ${path} HTTP/1.1\r\nHost: a b\r\nContent-Length: 1\r\n\r\na`)
    assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 400/)
  }
  const good = post(url + path, 'a')
  await until(() => running.length === 1)
  letGo()
  assert.equal(await (await good).text(), 'answered a')
})

const silent = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n`

/** Whether an approval is answered while 20 connections have sent a head and nothing else. */
async function isAnsweredBesideSilence(t: TestContext, order?: Options['order']): Promise<boolean> {
  const { url, running, letGo } = await openLimited(t, {
    shareOf: (_call, body) => body || 'a',
    ...(order && { order }),
  })
  const sockets = Array.from({ length: 20 }, () => connect(Number(new URL(url).port), '127.0.0.1'))
  for (const socket of sockets) {
    await once(socket, 'connect')
    await new Promise<unknown>((resolve) => socket.on('error', () => {}).write(silent, resolve))
  }
  const answer = post(url + path, 'a')
  const begun = running.length
  await Promise.race([until(() => running.length > begun), answer])
  letGo()
  const text = await (await answer).text()
  for (const socket of sockets) socket.destroy()
  return text === 'answered a'
}

test('connections that send a head and no body hold no place', async (t) => {
  assert.equal(await isAnsweredBesideSilence(t), true)
})

test('a limiter that counts before the body is found', async (t) => {
  assert.equal(
    await isAnsweredBesideSilence(
      t,
      ({ receive, admit }) =>
        (answer) =>
          admit(receive(answer, undefined as never), undefined as never),
    ),
    false,
  )
})
