import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallNotes } from './model.ts'

/**
 * The call in that is being answered. Ports to the outside know nothing of requests; through this a call out finds the payment that it
 * is made for.
 */
export const currentCall = new AsyncLocalStorage<CallNotes>()
