import { createHmac } from 'node:crypto'
import type { Runtime } from '@sspay/gateway'
import { randomBelow, randomHex } from '@sspay/gateway/tools'
import { digitsOf, type Inbox, type MessageContent } from './inbox.ts'
import { behaviourOf, type PhoneBehaviour } from './test-phones.ts'

const codeTtlMs = 3 * 60 * 1000
const maxTries = 5
const maxVerifications = 200

/** The person whose phone is verified. */
export interface GivenPerson {
  readonly name: string
  /** yyyyMMdd. */
  readonly birthDate: string
  readonly gender: 'male' | 'female'
  readonly phone: string
}

/** The JSON response; `unreachable`: no response. */
export type AgencyAnswer = Readonly<Record<string, string>> | 'unreachable'

interface Verification {
  readonly person: GivenPerson
  readonly behaviour: PhoneBehaviour
  readonly code: string
  readonly expiresAt: Date
  triesLeft: number
}

export type Agency = ReturnType<typeof createAgency>

/**
 * A simulated identity agency (본인확인기관): sends one-time codes to the inbox and verifies them. In memory, until the
 * sandbox stops.
 */
export function createAgency(runtime: Runtime, inbox: Inbox) {
  // In insertion order: the first is the oldest.
  const verifications = new Map<string, Verification>()

  return {
    /** Answers with the verification id that `checkCode` needs, and with the code, for the window of the sandbox. */
    sendCode(person: GivenPerson): AgencyAnswer {
      const behaviour = behaviourOf(digitsOf(person.phone))
      if (behaviour === 'unreachable') return 'unreachable'
      if (behaviour === 'rejected') return { result: 'rejected' }
      const verificationId = randomHex(runtime, 16)
      const code = String(randomBelow(runtime, 1_000_000)).padStart(6, '0')
      const expiresAt = new Date(runtime.now().getTime() + codeTtlMs)
      verifications.set(verificationId, { person, behaviour, code, expiresAt, triesLeft: maxTries })
      const [oldest] = verifications.keys()
      if (verifications.size > maxVerifications && oldest !== undefined) verifications.delete(oldest)
      if (behaviour === 'no_code') return { verificationId }
      inbox.deliver(person.phone, { kind: 'code', code, expiresAt })
      return { verificationId, testCode: code }
    },

    checkCode(verificationId: string, code: string): AgencyAnswer {
      const verification = verifications.get(verificationId)
      if (verification === undefined || verification.triesLeft === 0) return { result: 'expired' }
      const { person, behaviour, expiresAt } = verification
      if (behaviour === 'check_unreachable') return 'unreachable'
      if (behaviour === 'expired' || runtime.now() >= expiresAt) return { result: 'expired' }
      verification.triesLeft -= 1
      if (verification.code !== code) return { result: 'wrong' }
      verification.triesLeft = 0
      return verify(person, behaviour)
    },

    sendMessage(phone: string, kind: Exclude<MessageContent['kind'], 'code'>): AgencyAnswer {
      if (behaviourOf(digitsOf(phone)) === 'message_lost') return 'unreachable'
      inbox.deliver(phone, { kind })
      return { result: 'accepted' }
    },
  }
}

function verify(given: GivenPerson, behaviour: PhoneBehaviour): AgencyAnswer {
  const person = behaviour === 'other_person' ? { ...given, name: '김다른', birthDate: '19800101' } : given
  const { name, birthDate, gender } = person
  const verified = { result: 'verified', name, birthDate, gender, phone: digitsOf(person.phone) }
  return behaviour === 'no_ci' ? verified : { ...verified, ci: connectingInformation(person) }
}

/**
 * Connecting information (CI): 88 characters of Base64. The same person has the same CI for every phone, also after a
 * restart. The key is not secret, since these people do not exist.
 */
export const connectingInformation = ({ name, birthDate, gender }: Omit<GivenPerson, 'phone'>): string =>
  createHmac('sha512', 'the simulated identity agency of the sandbox')
    .update(JSON.stringify([name.normalize('NFC').replace(/\s/gu, ''), birthDate, gender]))
    .digest('base64')
