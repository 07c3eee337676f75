import type { Log } from '../logging/log.ts'
import type { Runtime } from '../runtime.ts'
import { fullBirthDate, genderOf, type IdentityDraft, type VerifiedPerson } from './model.ts'
import { readPerson } from './read-person.ts'

/** `rejected`: the carrier knows this phone under another name, birth date or gender. */
export type SendCodeResult =
  | { readonly ok: true; readonly verificationId: string }
  | { readonly ok: false; readonly reason: 'rejected' | 'unreachable' }

export type CheckCodeResult =
  | { readonly result: 'verified'; readonly person: VerifiedPerson }
  | { readonly result: 'wrong' | 'expired' | 'unreachable' }

/** What the former phone of a member is told: the agency words the text message. */
export type MessageKind = 'password_reset' | 'phone_changed'

export interface PhoneMessage {
  readonly phone: string
  readonly kind: MessageKind
}

/** The identity agency: proves who holds a phone by a code that the buyer types, and sends text messages. */
export interface IdentityVerifier {
  sendCode(draft: IdentityDraft): Promise<SendCodeResult>
  checkCode(given: { readonly verificationId: string; readonly code: string }): Promise<CheckCodeResult>
  /** False: not accepted. Nothing waits for it. */
  sendMessage(message: PhoneMessage): Promise<boolean>
}

type Answer = Readonly<Record<string, unknown>>

/** Speaks JSON to `url`; whatever is no clear answer within `timeoutMs` counts as unreachable. Nothing is repeated. */
export function createHttpIdentityVerifier(
  { runtime, log }: { readonly runtime: Pick<Runtime, 'fetch'>; readonly log: Log },
  url: string,
  timeoutMs: number,
): IdentityVerifier {
  const post = async (path: string, body: Readonly<Record<string, string>>): Promise<Answer> => {
    try {
      const headers = { 'content-type': 'application/json' }
      const answer = await runtime.fetch(`${url}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        timeoutMs,
      })
      const json: unknown = answer.status === 200 ? JSON.parse(new TextDecoder().decode(answer.body)) : {}
      return typeof json === 'object' && json !== null ? (json as Answer) : {}
    } catch {
      return {}
    }
  }

  return {
    async sendCode(draft) {
      const { name, carrier, phone } = draft
      const person = { name, birthDate: fullBirthDate(draft), gender: genderOf(draft), carrier, phone }
      const { verificationId, result } = await post('/codes', person)
      if (typeof verificationId === 'string' && verificationId !== '') return { ok: true, verificationId }
      return { ok: false, reason: result === 'rejected' ? 'rejected' : 'unreachable' }
    },
    async checkCode({ verificationId, code }) {
      const answer = await post('/codes/check', { verificationId, code })
      const { result } = answer
      if (result === 'wrong' || result === 'expired') return { result }
      if (result !== 'verified') return { result: 'unreachable' }
      const read = readPerson(answer)
      if (read.ok) return { result, person: read.person }
      log.warn('identity_answer_invalid', { broken: read.broken.join(' ') })
      return { result: 'unreachable' }
    },
    async sendMessage({ phone, kind }) {
      const { result } = await post('/messages', { phone, kind })
      return result === 'accepted'
    },
  }
}
