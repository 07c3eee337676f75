import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import {
  CircuitOpenError,
  type createCircuitBreaker,
  failuresToOpen,
  failureWindowMs,
  openMs,
} from '../../src/outgoing/circuit-breaker.ts'
import { steppedClock } from './stepped-clock.ts'

export type Step =
  | { readonly does: 'call'; readonly isPermitted: boolean }
  | { readonly does: 'acquire' }
  | { readonly does: 'end'; readonly which: number; readonly as: 'success' | 'failure' | 'error' }
  | { readonly does: 'wait'; readonly ms: number }

interface Call {
  readonly number: number
  /** Since when the circuit was as it was when this was sent. */
  readonly era: number
  isProbe: boolean
  timesSent: number
  readonly work: PromiseWithResolvers<string>
  result?: unknown
}

/**
 * Runs the steps against a breaker on a clock of its own. After each of them it checks what a caller and the called
 * service see: when the circuit opens and closes, that only one probe at a time passes while it is open, and that each
 * call is sent and answered once, or rejected.
 */
export async function checkSteps(create: typeof createCircuitBreaker, steps: readonly Step[]): Promise<void> {
  const clock = steppedClock()
  const nowMs = (): number => clock.now().getTime()
  const calls: Call[] = []
  let isOpen = false
  let era = 0
  let openedAt = 0
  let failedAt: number[] = []
  let permitUntil = 0
  const breaker = create(clock, (changed) => {
    assert.notEqual(changed, isOpen, 'a change that is none is reported')
    isOpen = changed
  })
  const running = (): readonly Call[] => calls.filter(({ timesSent, result }) => timesSent > 0 && result === undefined)

  const probes = (): readonly Call[] => running().filter(({ isProbe, era: sentIn }) => isProbe && sentIn === era)

  async function call(isPermitted: boolean): Promise<void> {
    const made: Call = { number: calls.length, era, isProbe: false, timesSent: 0, work: Promise.withResolvers() }
    calls.push(made)
    const send = (): Promise<string> => {
      made.timesSent++
      return made.work.promise
    }
    breaker.run(send, { isPermitted, isFailure: (answer) => answer.startsWith('failure') }).then(
      (answer) => {
        made.result = answer
      },
      (cause: unknown) => {
        made.result = cause
      },
    )
    await turn()
    if (made.timesSent === 0) {
      assert.ok(made.result instanceof CircuitOpenError, 'a call that was not sent was not rejected')
      assert.ok(isOpen && !isPermitted, 'a call was rejected that should have been sent')
      return
    }
    if (!isOpen || (isPermitted && (nowMs() < openedAt + openMs || probes().length > 0))) return
    made.isProbe = true
    permitUntil = 0
  }

  function acquire(): void {
    const isPermitted = breaker.tryAcquire()
    if (!isOpen) assert.ok(isPermitted, 'no permit while the circuit is closed')
    if (!isOpen || !isPermitted) return
    assert.ok(permitUntil <= nowMs(), 'a second permit')
    permitUntil = nowMs() + openMs
  }

  async function end(which: number, as: 'success' | 'failure' | 'error'): Promise<void> {
    const ended = running()[which % Math.max(1, running().length)]
    if (ended === undefined) return
    const expected = as === 'error' ? new Error(String(ended.number)) : `${as} ${ended.number}`
    const wasOpen = isOpen
    if (expected instanceof Error) ended.work.reject(expected)
    else ended.work.resolve(expected)
    await turn()
    assert.equal(ended.result, expected, 'a call got another result than its own')
    if (ended.era !== era || (wasOpen && !ended.isProbe)) {
      assert.equal(isOpen, wasOpen, 'a call of an earlier state counts')
      return
    }
    checkChange(as === 'success', wasOpen)
    if (!isOpen && !wasOpen) return
    era++
    failedAt = []
    permitUntil = 0
  }

  function checkChange(isSuccess: boolean, wasOpen: boolean): void {
    failedAt = isSuccess ? [] : [...failedAt, nowMs()].slice(-failuresToOpen)
    const hasSeveral = failedAt.length === failuresToOpen && nowMs() - (failedAt[0] ?? 0) <= failureWindowMs
    assert.equal(
      isOpen,
      !isSuccess && (wasOpen || hasSeveral),
      'opens after so many failures and closes after a success',
    )
    if (isOpen) openedAt = nowMs()
  }

  for (const step of steps) {
    if (step.does === 'wait') clock.advance(step.ms)
    if (step.does === 'call') await call(step.isPermitted)
    if (step.does === 'acquire') acquire()
    if (step.does === 'end') await end(step.which, step.as)
    const taken = probes().length + Number(permitUntil > nowMs())
    assert.ok(taken <= 1, 'more than one probe at a time')
    if (isOpen && nowMs() < openedAt + openMs) assert.equal(taken, 0, 'a probe too early')
    assert.ok(
      calls.every(({ timesSent }) => timesSent <= 1),
      'a call was sent twice',
    )
  }

  while (running().length > 0) await end(0, 'success')
  clock.advance(openMs)
  await call(false)
  await end(0, 'success')
  assert.equal(isOpen, false, 'stays open though the service answers')
  assert.ok(
    calls.every(({ result }) => result !== undefined),
    'a call was lost',
  )
}
