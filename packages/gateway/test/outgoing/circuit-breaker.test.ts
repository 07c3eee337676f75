import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type CircuitBreaker,
  CircuitOpenError,
  createCircuitBreaker,
  failuresToOpen,
  failureWindowMs,
  openMs,
  withCircuitBreaker,
} from '../../src/outgoing/circuit-breaker.ts'
import { checkSteps, type Step } from './circuit-steps.ts'
import { steppedClock } from './stepped-clock.ts'

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('call' as const), isPermitted: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('acquire' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('end' as const),
      which: fc.nat(9),
      as: fc.constantFrom(
        'failure' as const,
        'failure' as const,
        'error' as const,
        'error' as const,
        'success' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('wait' as const), ms: fc.constantFrom(1, 2_500, openMs, 20_000) }),
  },
)

const property = (create: typeof createCircuitBreaker) =>
  fc.asyncProperty(fc.array(anyStep, { minLength: 30, maxLength: 60 }), (steps) => checkSteps(create, steps))

test('opens after several failures in a row, half-open one probe at a time, and no call is lost or doubled', () =>
  fc.assert(property(createCircuitBreaker), { numRuns: 150 }))

const injected: Readonly<Record<string, (inner: CircuitBreaker) => Partial<CircuitBreaker>>> = {
  'the circuit never opens': () => ({ run: (call) => call() }),
  'a rejected call is sent after all': (inner) => ({
    run: (call, options) =>
      inner.run(call, options).catch((cause) => (cause instanceof CircuitOpenError ? call() : Promise.reject(cause))),
  }),
  'a call is sent twice': (inner) => ({
    run: (call, options) =>
      inner.run(() => {
        call().catch(() => {})
        return call()
      }, options),
  }),
  'permits are given while the circuit is open': () => ({ tryAcquire: () => true }),
  'every call is permitted': (inner) => ({
    run: (call, options) => inner.run(call, { ...options, isPermitted: true }),
  }),
  'a 5xx is a success': (inner) => ({
    run: (call, options) => inner.run(call, { ...options, isFailure: () => false }),
  }),
}

for (const [fault, plant] of Object.entries(injected))
  test(`the steps find it when ${fault}`, async () => {
    const faulty: typeof createCircuitBreaker = (clock, onChange) => {
      const inner = createCircuitBreaker(clock, onChange)
      return { ...inner, ...plant(inner) }
    }
    const { failed } = await fc.check(property(faulty), { numRuns: 300, endOnFailure: true })
    assert.ok(failed)
  })

const options = { method: 'POST', timeoutMs: 60_000 } as const

function behindBreaker() {
  const clock = steppedClock()
  const changes: boolean[] = []
  const breaker = createCircuitBreaker(clock, (isOpen) => changes.push(isOpen))
  let status = 200
  const fetch = async () => ({ status, body: new Uint8Array() })
  const send = withCircuitBreaker(fetch, breaker)
  const ask = async (answer: number, times = 1): Promise<void> => {
    status = answer
    for (let time = 0; time < times; time++) await send('http://service.example/', options)
  }
  return { clock, changes, ask, send }
}

test('a status of 500 or above is a failure, any other answer is not', async () => {
  const { ask, changes } = behindBreaker()
  for (const status of [200, 302, 400, 401, 404, 429, 499]) await ask(status, failuresToOpen)
  assert.deepEqual(changes, [])
  await ask(503, failuresToOpen)
  assert.deepEqual(changes, [true])
})

test('failures that lie further apart do not open it', async () => {
  const { ask, changes, clock } = behindBreaker()
  for (let time = 0; time < 3 * failuresToOpen; time++) {
    await ask(500)
    clock.advance(failureWindowMs / (failuresToOpen - 1) + 1)
  }
  assert.deepEqual(changes, [])
})

test('while it is open a call is rejected by name, and a permitted one is sent', async () => {
  const { ask, send, changes, clock } = behindBreaker()
  await ask(500, failuresToOpen)
  await assert.rejects(ask(200), { name: 'CircuitOpenError' })
  assert.equal((await send('http://service.example/', { ...options, isPermitted: true })).status, 200)
  assert.deepEqual(changes, [true], 'what is sent while it is open says nothing')
  clock.advance(openMs)
  await ask(200)
  assert.deepEqual(changes, [true, false])
})
