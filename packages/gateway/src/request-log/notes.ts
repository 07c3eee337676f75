import { AsyncLocalStorage } from 'node:async_hooks'
import type { CallExplanation, CallNotes } from './model.ts'

/** The call in that is being answered: ports know no requests, so calls out find their payment through it. */
export const currentCall = new AsyncLocalStorage<CallNotes>()

type OpenNotes = { -readonly [Name in keyof CallNotes]: CallNotes[Name] }

const notesOf = new WeakMap<Request, OpenNotes>()

/** Starts to keep notes about a request, for as long as the request lives. */
export function openNotes(request: Request): CallNotes {
  const notes: OpenNotes = {}
  notesOf.set(request, notes)
  return notes
}

/** Adds facts about a request; does nothing without a request log. Never throws. */
export function noteCall(request: Request, notes: CallNotes): void {
  const known = notesOf.get(request)
  if (known !== undefined) Object.assign(known, notes)
}

/** {@link noteExplanation} of the call in that is being answered, for use cases, which know no requests. */
export function explainCurrentCall(explanation: CallExplanation): void {
  const known: OpenNotes | undefined = currentCall.getStore()
  if (known !== undefined) known.explanation = explanation
}

export function noteExplanation(request: Request, explanation: CallExplanation | undefined): void {
  if (explanation !== undefined) noteCall(request, { explanation })
}
