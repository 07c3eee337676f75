import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createRateLimit, takeFromEach } from '../../src/admission/rate-limit.ts'
import { clientKey } from '../../src/http/client-address.ts'

function standingClock() {
  let nowMs = 1_000_000
  return {
    now: () => new Date(nowMs),
    advance: (durationMs: number) => {
      nowMs += durationMs
    },
  }
}

describe('a rate limit', () => {
  test('gives a burst, then one after each refill, and says when to come again', () => {
    const clock = standingClock()
    const limit = createRateLimit(clock, { burst: 3, refillEveryMs: 1000, mostKeys: 10 })
    for (let taken = 0; taken < 3; taken++) assert.deepEqual(limit.take('a'), { ok: true })
    assert.deepEqual(limit.take('a'), { ok: false, retryAfterMs: 1000 })
    clock.advance(999)
    assert.deepEqual(limit.take('a'), { ok: false, retryAfterMs: 1 })
    clock.advance(1)
    assert.deepEqual(limit.take('a'), { ok: true })
    assert.deepEqual(limit.take('a'), { ok: false, retryAfterMs: 1000 })
    clock.advance(3000)
    for (let taken = 0; taken < 3; taken++) assert.deepEqual(limit.take('a'), { ok: true })
    assert.equal(limit.take('a').ok, false)
  })

  test('counts each key by itself', () => {
    const limit = createRateLimit(standingClock(), { burst: 1, refillEveryMs: 1000, mostKeys: 10 })
    assert.equal(limit.take('a').ok, true)
    assert.equal(limit.take('a').ok, false)
    assert.equal(limit.take('b').ok, true)
  })

  test('never lets more through than burst and refills allow, and never rejects what they allow', () => {
    const calls = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 80 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), calls, (burst, pauses) => {
        const clock = standingClock()
        const limit = createRateLimit(clock, { burst, refillEveryMs: 1000, mostKeys: 10 })
        let tokens = burst * 1000
        for (const pause of pauses) {
          clock.advance(pause)
          tokens = Math.min(burst * 1000, tokens + pause)
          const isAllowed = tokens >= 1000
          assert.equal(limit.take('a').ok, isAllowed)
          if (isAllowed) tokens -= 1000
        }
      }),
    )
  })

  test('remembers a bounded number of keys, and none whose bucket is full', () => {
    const clock = standingClock()
    const limit = createRateLimit(clock, { burst: 2, refillEveryMs: 1000, mostKeys: 100 })
    for (let key = 0; key < 5000; key++) limit.take(`key ${key}`)
    assert.equal(limit.size(), 100)
    clock.advance(1000)
    limit.take('another')
    assert.equal(limit.size(), 1)
  })

  test('a key in use is not evicted for newer ones', () => {
    const limit = createRateLimit(standingClock(), { burst: 1, refillEveryMs: 1000, mostKeys: 10 })
    limit.take('eager')
    for (let key = 0; key < 100; key++) {
      limit.take(`key ${key}`)
      assert.equal(limit.take('eager').ok, false)
    }
  })

  test('a token that was put back can be taken again, and a full bucket stays full', () => {
    const limit = createRateLimit(standingClock(), { burst: 2, refillEveryMs: 1000, mostKeys: 10 })
    limit.putBack('a')
    for (const _ of [1, 2]) assert.equal(limit.take('a').ok, true)
    assert.equal(limit.take('a').ok, false)
    limit.putBack('a')
    assert.equal(limit.take('a').ok, true)
    assert.equal(limit.take('a').ok, false)
    for (const _ of [1, 2, 3]) limit.putBack('a')
    for (const _ of [1, 2]) assert.equal(limit.take('a').ok, true)
    assert.equal(limit.take('a').ok, false)
  })

  test('a clock that is set back rejects no longer than a bucket takes to fill', () => {
    const clock = standingClock()
    const limit = createRateLimit(clock, { burst: 2, refillEveryMs: 1000, mostKeys: 10 })
    limit.take('a')
    limit.take('a')
    clock.advance(-500_000)
    assert.equal(limit.take('a').ok, false)
    clock.advance(2000)
    assert.equal(limit.take('a').ok, true)
  })
})

describe('a look at a bucket', () => {
  test('has the result of take, takes nothing and counts no rejection', () => {
    let rejected = 0
    const onRejected = (): void => void rejected++
    const limit = createRateLimit(standingClock(), { burst: 2, refillEveryMs: 1000, mostKeys: 10, onRejected })
    for (let looked = 0; looked < 5; looked++) assert.deepEqual(limit.peek('a'), { ok: true })
    limit.take('a')
    limit.take('a')
    assert.deepEqual(limit.peek('a'), { ok: false, retryAfterMs: 1000 })
    assert.equal(rejected, 0)
  })

  test('its level falls with each taken one and rises with time', () => {
    const clock = standingClock()
    const limit = createRateLimit(clock, { burst: 4, refillEveryMs: 1000, mostKeys: 10 })
    const levels = [limit.level('a')]
    for (let taken = 0; taken < 5; taken++) {
      limit.take('a')
      levels.push(limit.level('a'))
    }
    clock.advance(1000)
    assert.deepEqual([...levels, limit.level('a')], [1, 0.75, 0.5, 0.25, 0, 0, 0.25])
  })
})

describe('several buckets together', () => {
  test('a token of each bucket is taken, or none, and only the empty bucket rejects', () => {
    const rejections: string[] = []
    const limitOf = (name: string, burst: number) =>
      createRateLimit(standingClock(), {
        burst,
        refillEveryMs: 1000,
        mostKeys: 10,
        onRejected: () => void rejections.push(name),
      })
    const [wide, narrow] = [limitOf('wide', 3), limitOf('narrow', 1)]
    const take = (key: string) =>
      takeFromEach([
        [wide, 'all'],
        [narrow, key],
      ])
    assert.deepEqual(take('a'), { ok: true })
    for (let tried = 0; tried < 5; tried++) assert.deepEqual(take('a'), { ok: false, retryAfterMs: 1000 })
    assert.deepEqual([take('b').ok, take('c').ok, take('d').ok], [true, true, false])
    assert.deepEqual(rejections, [...Array(5).fill('narrow'), 'wide'])
  })
})

describe('the address a caller is counted by', () => {
  const forwarded = (value?: string): Request =>
    new Request('http://gateway.example/', value === undefined ? {} : { headers: { 'x-forwarded-for': value } })

  const cases: readonly (readonly [
    what: string,
    given: { address?: string; forwardedFor?: string; hops?: number },
    key: string | undefined,
  ])[] = [
    ['the connection’s', { address: '203.0.113.7' }, '203.0.113.7'],
    ['none without a connection', {}, undefined],
    [
      'never what a client writes where no proxy stands',
      { address: '203.0.113.7', forwardedFor: '1.2.3.4' },
      '203.0.113.7',
    ],
    ['what one proxy saw', { address: '10.0.0.1', forwardedFor: '203.0.113.9', hops: 1 }, '203.0.113.9'],
    [
      'not what the client wrote before it',
      { address: '10.0.0.1', forwardedFor: '6.6.6.6, 203.0.113.9', hops: 1 },
      '203.0.113.9',
    ],
    [
      'what the outer of two proxies saw',
      { address: '10.0.0.1', forwardedFor: '203.0.113.9, 10.0.0.2', hops: 2 },
      '203.0.113.9',
    ],
    ['the connection’s when the header is missing', { address: '10.0.0.1', hops: 1 }, '10.0.0.1'],
    [
      'the connection’s when the header is no address',
      { address: '10.0.0.1', forwardedFor: 'me', hops: 1 },
      '10.0.0.1',
    ],
    ['IPv4 written as IPv6', { address: '::ffff:203.0.113.7' }, '203.0.113.7'],
    ['the /64 of IPv6', { address: '2001:db8:1:2:3:4:5:6' }, '2001:db8:1:2::/64'],
    ['the same /64 in its short form', { address: '2001:db8:1:2::9' }, '2001:db8:1:2::/64'],
    ['loopback', { address: '::1' }, '0:0:0:0::/64'],
    ['a link-local address with its zone', { address: 'fe80::1%eth0' }, 'fe80:0:0:0::/64'],
  ]
  for (const [what, { address, forwardedFor, hops = 0 }, key] of cases) {
    test(what, () => assert.equal(clientKey(forwarded(forwardedFor), { address }, hops), key))
  }
})
