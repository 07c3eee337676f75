import { AddressRefusedError } from './address-guard.ts'

/** Why no answer came. */
export type OutgoingFailure = 'address_refused' | 'timed_out' | 'connection_failed'

/** What an outgoing request has thrown, by name. */
export function outgoingFailure(cause: unknown): OutgoingFailure {
  if (cause instanceof AddressRefusedError) return 'address_refused'
  return cause instanceof Error && cause.name === 'TimeoutError' ? 'timed_out' : 'connection_failed'
}
