import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { localEndpoints } from '@sspay/protocol'
import { until } from '../../../../test/support/until.ts'
import { readFault, writeFault } from '../../src/faults/model.ts'
import { ask, type Seen } from './client.ts'
import { createTlsFiles, type FaultyListener, startFaultyListener } from './support.ts'

const path = localEndpoints({ origin: '' }).approval
const whole = (call: number): string =>
  JSON.stringify({ call: String(call).padStart(4, '0'), padding: '가나다라마바사' })
const bytes = (text: string): string => Buffer.from(text).toString('latin1')

const services: Partial<Record<'http' | 'https', FaultyListener>> = {}
before(async () => {
  const answer = (_body: string, call: number): Response =>
    new Response(whole(call), { headers: { 'content-type': 'application/json', 'x-kept': 'yes' } })
  services.http = await startFaultyListener({ answer })
  services.https = await startFaultyListener({ answer, tls: await createTlsFiles() })
})
after(async () => {
  for (const service of Object.values(services)) {
    service.stop()
    await service.close()
  }
})

interface Expected {
  readonly fault: string
  readonly worked: 0 | 1 | 2
  readonly seen: (seen: Seen, call: number) => void
}

const ends =
  (end: Seen['end'], status?: number) =>
  (seen: Seen): void => {
    assert.equal(seen.end, end)
    assert.equal(seen.status, status)
    assert.equal(seen.body, '')
  }

const cutAt =
  (length: number) =>
  (seen: Seen, call: number): void => {
    assert.equal(seen.end, 'reset')
    assert.equal(seen.status, 200)
    assert.equal(seen.body, bytes(whole(call)).slice(0, length))
    assert.equal(seen.contentLength, Buffer.byteLength(whole(call)))
  }

const answers = (seen: Seen, call: number): void => {
  assert.equal(seen.end, 'answered')
  assert.equal(seen.body, bytes(whole(call)))
}

/** So long nothing comes. */
const silenceMs = 150

const length = Buffer.byteLength(whole(1))

const table: readonly Expected[] = [
  { fault: 'reset-before', worked: 0, seen: ends('reset') },
  { fault: 'reset-after', worked: 1, seen: ends('reset') },
  { fault: 'hang', worked: 0, seen: ends('silent') },
  { fault: 'hang=before', worked: 0, seen: ends('silent') },
  { fault: 'hang=after', worked: 1, seen: ends('silent') },
  { fault: 'cut=0', worked: 1, seen: cutAt(0) },
  { fault: 'cut=1', worked: 1, seen: cutAt(1) },
  { fault: `cut=${length - 1}`, worked: 1, seen: cutAt(length - 1) },
  { fault: `cut=${length}`, worked: 1, seen: answers },
  { fault: 'duplicate', worked: 2, seen: answers },
  {
    fault: 'close',
    worked: 0,
    seen: ({ end, status }) => assert.ok((end === 'closed' || end === 'reset') && status === undefined, end),
  },
  {
    fault: 'delay=150',
    worked: 1,
    seen: (seen, call) => {
      answers(seen, call)
      assert.ok((seen.firstByteMs ?? 0) >= 145, `${seen.firstByteMs}`)
    },
  },
  {
    fault: 'drip=3',
    worked: 1,
    seen: (seen, call) => {
      answers(seen, call)
      assert.ok(seen.totalMs >= length * 2.5, `${seen.totalMs}`)
    },
  },
  {
    fault: 'garbage',
    worked: 1,
    seen({ end, status, body }) {
      assert.deepEqual([end, status], ['answered', 200])
      assert.throws(() => new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body, 'latin1')))
    },
  },
  { fault: 'http-500', worked: 1, seen: ({ end, status }) => assert.deepEqual([end, status], ['answered', 500]) },
  {
    fault: 'http-500=before',
    worked: 0,
    seen: ({ end, status }) => assert.deepEqual([end, status], ['answered', 500]),
  },
  { fault: 'cut=x', worked: 0, seen: ({ end, status }) => assert.deepEqual([end, status], ['answered', 400]) },
]

for (const scheme of ['http', 'https'] as const) {
  for (const way of ['header', 'rule'] as const) {
    for (const { fault, worked, seen } of table) {
      if (way === 'rule' && readFault(fault) === undefined) continue
      test(`${scheme}, by ${way}: ${fault}`, async () => {
        const service = services[scheme] as FaultyListener
        const before = service.workDone()
        const read = readFault(fault)
        if (way === 'rule' && read !== undefined) service.rules.add({ link: 'approval', fault: read, timesLeft: 1 })
        const givingUp = new AbortController()
        const asking = ask(service.url + path, { ...(way === 'header' ? { fault } : {}), givingUp: givingUp.signal })
        if (fault.startsWith('hang')) {
          // A rule that this request has not met would stop the next one.
          await until(() => service.workDone() - before === worked && !service.rules.concern('approval'))
          await pause(silenceMs)
          givingUp.abort()
        }
        const result = await asking
        assert.equal(service.workDone() - before, worked)
        seen(result, service.workDone())
        const unharmed = await ask(service.url + path)
        answers(unharmed, service.workDone())
      })
    }
  }
}

test('what is read is what is written', () => {
  for (const { fault } of table) {
    const read = readFault(fault)
    if (read !== undefined) assert.deepEqual(readFault(writeFault(read)), read)
  }
  for (const wrong of [
    '',
    'cut',
    'cut=',
    'cut=-1',
    'cut=1=2',
    'delay=1e3',
    'hang=sometimes',
    'refuse=1',
    'toString',
    'cut=99999999',
  ])
    assert.equal(readFault(wrong), undefined, wrong)
})
