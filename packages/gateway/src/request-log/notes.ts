import type { CallExplanation, CallNotes } from './model.ts'

type OpenNotes = { -readonly [Name in keyof CallNotes]: CallNotes[Name] }

const notesOf = new WeakMap<Request, OpenNotes>()

/** From here on what is noted about this request is kept, for as long as the request is. */
export function openNotes(request: Request): CallNotes {
  const notes: OpenNotes = {}
  notesOf.set(request, notes)
  return notes
}

/** Adds what a route has found out about its request; without a request log it does nothing. Never throws. */
export function noteCall(request: Request, notes: CallNotes): void {
  const known = notesOf.get(request)
  if (known !== undefined) Object.assign(known, notes)
}

/** Tells the request log why this request was not taken. Undefined, it changes nothing. */
export function noteExplanation(request: Request, explanation: CallExplanation | undefined): void {
  if (explanation !== undefined) noteCall(request, { explanation })
}
