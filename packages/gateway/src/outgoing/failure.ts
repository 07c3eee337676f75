import { AddressRejectedError } from './address-guard.ts'
import { CircuitOpenError } from './circuit-breaker.ts'

export type OutgoingFailure = 'address_rejected' | 'timed_out' | 'connection_failed'

/** Names the error of an outgoing request. */
export function outgoingFailure(cause: unknown): OutgoingFailure {
  if (cause instanceof AddressRejectedError) return 'address_rejected'
  return cause instanceof Error && cause.name === 'TimeoutError' ? 'timed_out' : 'connection_failed'
}

/** For the log: the code of the innermost error that has one, such as `ENOTFOUND`, `EMFILE`, `CERT_HAS_EXPIRED`. */
export function causeCode(cause: unknown): string {
  let code = cause instanceof Error ? cause.name : 'unknown'
  for (let error = cause; error instanceof Error; error = error.cause)
    if ('code' in error && typeof error.code === 'string') code = error.code
  return code
}

/** {@link outgoingFailure}, for requests behind a circuit breaker. */
export const callFailure = (cause: unknown): OutgoingFailure | 'circuit_open' =>
  cause instanceof CircuitOpenError ? 'circuit_open' : outgoingFailure(cause)
