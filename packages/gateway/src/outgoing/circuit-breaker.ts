import type { Fetch, Timers } from './model.ts'

/** Consecutive failures that open the circuit, */
export const failuresToOpen = 5

/** if the first of them is at most this old; covers five timeouts of the card network in a row. */
export const failureWindowMs = 30_000

/** How long the circuit stays open before a probe, and how long an unused permit for a probe lasts. */
export const openMs = 5_000

/** The call was not sent. */
export class CircuitOpenError extends Error {
  constructor() {
    super('not sent: the service has not answered several calls in a row')
    this.name = 'CircuitOpenError'
  }
}

/**
 * Circuit breaker for one called service. Without it each call to a dead service waits for the whole timeout, and each
 * approval becomes an indeterminate payment that has to be inquired about and reversed.
 *
 * - closed: calls go through. {@link failuresToOpen} consecutive failures within {@link failureWindowMs} open it.
 * - open: calls reject with a {@link CircuitOpenError}, for {@link openMs}.
 * - half-open: one probe at a time goes through. Its success closes the circuit, its failure opens it again.
 *
 * Failures are calls without a complete answer and statuses of 500 or above: the called services send decisions with
 * 200, so a 5xx leaves a payment as indeterminate as silence does. A 4xx concerns one request, and a declined payment
 * is an answer: neither opens the circuit. Calls that were sent in an earlier state do not count.
 *
 * A caller that must not be rejected midway acquires a permit with `tryAcquire` before its work begins; its call is
 * then sent in any state.
 */
export type CircuitBreaker = ReturnType<typeof createCircuitBreaker>

interface CallOptions<Answer> {
  /** The caller has a permit of `tryAcquire`. */
  readonly isPermitted: boolean
  readonly isFailure: (answer: Answer) => boolean
}

type State =
  | { readonly name: 'closed'; readonly failedAt: number[] }
  | { readonly name: 'open' }
  | { readonly name: 'half_open'; probe: 'free' | 'permitted' | 'running' }

/** `onChange` is called when the circuit opens, and when it closes again. */
export function createCircuitBreaker({ now, schedule }: Timers, onChange: (isOpen: boolean) => void) {
  let state: State = { name: 'closed', failedAt: [] }

  const open = (): void => {
    const wasClosed = state.name === 'closed'
    state = { name: 'open' }
    schedule(openMs, () => {
      state = { name: 'half_open', probe: 'free' }
    })
    if (wasClosed) onChange(true)
  }

  const recordFailure = (of: State): void => {
    if (of.name === 'half_open') open()
    if (of.name !== 'closed') return
    const at = now().getTime()
    of.failedAt.push(at)
    const first = of.failedAt.at(-failuresToOpen)
    if (first === undefined) return
    if (at - first <= failureWindowMs) open()
    else of.failedAt.shift()
  }

  const recordSuccess = (of: State): void => {
    if (of.name === 'closed') of.failedAt.length = 0
    if (of.name !== 'half_open') return
    state = { name: 'closed', failedAt: [] }
    onChange(false)
  }

  /** The state that the call counts in; undefined for a call that does not count. */
  const begin = (isPermitted: boolean): State | undefined => {
    if (state.name === 'closed') return state
    if (state.name === 'half_open' && state.probe !== 'running' && (state.probe === 'free' || isPermitted)) {
      state.probe = 'running'
      return state
    }
    if (!isPermitted) throw new CircuitOpenError()
    return undefined
  }

  return {
    /** Whether a call may begin. When half-open, true is the permit for the only probe. */
    tryAcquire(): boolean {
      const asked = state
      if (asked.name !== 'half_open') return asked.name === 'closed'
      if (asked.probe !== 'free') return false
      asked.probe = 'permitted'
      schedule(openMs, () => {
        if (asked.probe === 'permitted') asked.probe = 'free'
      })
      return true
    },
    async run<Answer>(call: () => Promise<Answer>, { isPermitted, isFailure }: CallOptions<Answer>): Promise<Answer> {
      const counted = begin(isPermitted)
      let hasFailed = true
      try {
        const answer = await call()
        hasFailed = isFailure(answer)
        return answer
      } finally {
        if (counted === state) (hasFailed ? recordFailure : recordSuccess)(counted)
      }
    },
  }
}

export const withCircuitBreaker =
  (send: Fetch, breaker: CircuitBreaker): Fetch =>
  (url, request) =>
    breaker.run(() => send(url, request), {
      isPermitted: request.isPermitted === true,
      isFailure: ({ status }) => status >= 500,
    })
