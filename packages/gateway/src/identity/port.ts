import type { Log } from '../logging/log.ts'
import { causeCode } from '../outgoing/failure.ts'
import type { Runtime } from '../runtime.ts'
import {
  fullBirthDate,
  genderOf,
  type IdentityDraft,
  isMobileNumber,
  nationalPhone,
  type VerifiedPerson,
} from './model.ts'

/** `rejected`: name, birth date or gender do not match the carrier's record of this phone. */
export type SendCodeResult =
  | {
      readonly ok: true
      readonly verificationId: string
      /** Of a simulated agency only: the window of a sandbox shows it, every other ignores it. */
      readonly testCode?: string | undefined
    }
  | { readonly ok: false; readonly reason: 'rejected' | 'unreachable' }

export type CheckCodeResult =
  | { readonly result: 'verified'; readonly person: VerifiedPerson }
  | { readonly result: 'wrong' | 'expired' | 'unreachable' }

/** Messages to the former phone of a member; the agency writes the text message. */
export type MessageKind = 'password_reset' | 'phone_changed'

export interface PhoneMessage {
  readonly phone: string
  readonly kind: MessageKind
}

/** The identity agency (본인인증): verifies the holder of a phone by a one-time code, and sends text messages. */
export interface IdentityVerifier {
  sendCode(draft: IdentityDraft): Promise<SendCodeResult>
  checkCode(given: { readonly verificationId: string; readonly code: string }): Promise<CheckCodeResult>
  /** False when it was not accepted. Best effort. */
  sendMessage(message: PhoneMessage): Promise<boolean>
}

type Answer = Readonly<Record<string, unknown>>

/** JSON over HTTP, without retries. Any answer that is not valid within `timeoutMs` counts as unreachable. */
export function createHttpIdentityVerifier(
  { runtime, log }: { readonly runtime: Pick<Runtime, 'fetch'>; readonly log: Log },
  url: string,
  timeoutMs: number,
): IdentityVerifier {
  const post = async (path: string, body: Readonly<Record<string, string>>): Promise<Answer> => {
    try {
      const headers = { 'content-type': 'application/json' }
      const request = { method: 'POST', headers, body: JSON.stringify(body), timeoutMs } as const
      const answer = await runtime.fetch(`${url}${path}`, request)
      const json: unknown = answer.status === 200 ? JSON.parse(new TextDecoder().decode(answer.body)) : {}
      return typeof json === 'object' && json !== null ? (json as Answer) : {}
    } catch (cause) {
      log.warn('identity_silent', { path, cause: causeCode(cause) })
      return {}
    }
  }

  return {
    async sendCode(draft) {
      const { name, carrier, phone } = draft
      const person = { name, birthDate: fullBirthDate(draft), gender: genderOf(draft), carrier, phone }
      const { verificationId, result, testCode } = await post('/codes', person)
      if (typeof verificationId === 'string' && verificationId !== '')
        return { ok: true, verificationId, ...(isCode(testCode) ? { testCode } : {}) }
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

const isCode = (given: unknown): given is string => typeof given === 'string' && /^[0-9]{6}$/.test(given)

const rules: Readonly<Record<keyof VerifiedPerson, (value: string) => boolean>> = {
  name: (value) => /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(value) && [...value].length <= 60,
  birthDate: (value) => /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(value),
  gender: (value) => value === 'male' || value === 'female',
  phone: (value) => isMobileNumber(nationalPhone(value)),
  // Opaque: usually 88 characters of Base64.
  ci: (value) => /^[\x21-\x7E]{1,200}$/.test(value),
}

type ReadPersonResult =
  | { readonly ok: true; readonly person: VerifiedPerson }
  /** Names of the invalid fields, never their values. */
  | { readonly ok: false; readonly broken: readonly string[] }

/** All five fields are required: only the CI identifies the person later. */
function readPerson(answer: Answer): ReadPersonResult {
  const texts = Object.fromEntries(
    Object.keys(rules).map((name) => [
      name,
      typeof answer[name] === 'string' ? answer[name].normalize('NFC').trim() : '',
    ]),
  ) as Record<keyof VerifiedPerson, string>
  const broken = (Object.keys(rules) as (keyof VerifiedPerson)[]).filter((name) => !rules[name](texts[name]))
  if (broken.length > 0) return { ok: false, broken }
  return { ok: true, person: { ...texts, phone: nationalPhone(texts.phone) } as VerifiedPerson }
}
