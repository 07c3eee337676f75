import type { Runtime } from '../runtime.ts'

/** So many consecutive failures open the circuit, */
export const failuresToOpen = 5

/** when the first of them is at most this old: enough for five time-outs of the card network one after another. */
export const failureWindowMs = 30_000

/** How long calls are rejected before a probe goes through, and how long a permit for a probe lasts unused. */
export const openMs = 5_000

/** The call was not sent: the called service is known to be away. */
export class CircuitOpenError extends Error {
  constructor() {
    super('not sent: the service has not answered several calls in a row')
    this.name = 'CircuitOpenError'
  }
}

/**
 * Circuit breaker for one called service. Without it each call to a dead service waits for the whole time-out, and
 * each approval becomes an indeterminate payment that has to be inquired about and reversed.
 *
 * - closed: calls go through. {@link failuresToOpen} consecutive failures within {@link failureWindowMs} open it.
 * - open: calls reject with a {@link CircuitOpenError}, for {@link openMs}.
 * - half-open: one probe at a time goes through. Its success closes the circuit, its failure opens it again.
 *
 * A failure is a call without a whole answer, and a status of 500 or above: the called services answer what they
 * decide with 200, so a 5xx leaves a payment as indeterminate as silence does, whether the service sent it or a proxy
 * before it. A 4xx is about one request, and a declined payment is an answer: neither opens the circuit. Calls that
 * were sent in an earlier state do not count.
 *
 * A call whose rejection would leave work half done asks with `tryAcquire` before that work begins, and is then sent
 * in any state.
 */
export interface CircuitBreaker {
  /** Whether a call may begin. Half-open, a true is the permit for the probe, and there is no other until it ends. */
  tryAcquire(): boolean
  run<Answer>(call: () => Promise<Answer>, options: CallOptions<Answer>): Promise<Answer>
}

interface CallOptions<Answer> {
  /** `tryAcquire` was asked before. */
  readonly isPermitted: boolean
  readonly isFailure: (answer: Answer) => boolean
}

type State =
  | { readonly name: 'closed'; readonly failedAt: number[] }
  | { readonly name: 'open' }
  | { readonly name: 'half_open'; probe: 'free' | 'permitted' | 'running' }

/** `onChange` is called when the circuit leaves the closed state, and when it is closed again. */
export function createCircuitBreaker(
  { now, schedule }: Pick<Runtime, 'now' | 'schedule'>,
  onChange: (isOpen: boolean) => void,
): CircuitBreaker {
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

  /** The state in which the call counts; undefined for one that is sent and does not count. */
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
    tryAcquire() {
      const asked = state
      if (asked.name !== 'half_open') return asked.name === 'closed'
      if (asked.probe !== 'free') return false
      asked.probe = 'permitted'
      schedule(openMs, () => {
        if (asked.probe === 'permitted') asked.probe = 'free'
      })
      return true
    },
    async run(call, { isPermitted, isFailure }) {
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

/** The same runtime, whose outgoing requests meet the breaker. */
export const withCircuitBreaker = (runtime: Runtime, breaker: CircuitBreaker): Runtime => ({
  ...runtime,
  fetch: (url, request) =>
    breaker.run(() => runtime.fetch(url, request), {
      isPermitted: request.isPermitted === true,
      isFailure: ({ status }) => status >= 500,
    }),
})
