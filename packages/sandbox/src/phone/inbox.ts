import { createHmac } from 'node:crypto'
import { type Runtime, randomBelow, randomHex } from '@sspay/gateway'

const codeLifeMs = 3 * 60 * 1000
const mostTries = 5
const mostMessages = 200

/** A text message as the inbox shows it: the number masked, and as a fingerprint that says which messages went to one phone. */
export interface PhoneMessage {
  readonly messageId: string
  readonly maskedPhone: string
  readonly phoneFingerprint: string
  readonly code: string
  readonly sentAt: Date
  readonly expiresAt: Date
}

export type CodeCheck = 'verified' | 'wrong' | 'expired'

/** A simulated phone company: it sends one-time codes, and every phone is this one inbox. */
export interface Inbox {
  /** Returns the verification id that the code must come back with. */
  sendCode(phone: string): string
  checkCode(verificationId: string, code: string): CodeCheck
  /** Newest first; `phone` leaves only the messages of that number. */
  messages(phone?: string): readonly PhoneMessage[]
}

interface Verification {
  readonly message: PhoneMessage
  triesLeft: number
}

/** In memory: a restart empties it. */
export function createInbox(runtime: Runtime): Inbox {
  const fingerprintKey = runtime.randomBytes(32)
  // In the order of sending, so that the first is the oldest.
  const verifications = new Map<string, Verification>()

  const fingerprintOf = (phone: string): string =>
    createHmac('sha256', fingerprintKey).update(digitsOf(phone)).digest('hex').slice(0, 16)

  return {
    sendCode(phone) {
      const verificationId = randomHex(runtime, 16)
      const sentAt = runtime.now()
      const message: PhoneMessage = {
        messageId: randomHex(runtime, 8),
        maskedPhone: maskPhone(phone),
        phoneFingerprint: fingerprintOf(phone),
        code: String(randomBelow(runtime, 1_000_000)).padStart(6, '0'),
        sentAt,
        expiresAt: new Date(sentAt.getTime() + codeLifeMs),
      }
      verifications.set(verificationId, { message, triesLeft: mostTries })
      const [oldest] = verifications.keys()
      if (verifications.size > mostMessages && oldest !== undefined) verifications.delete(oldest)
      return verificationId
    },

    checkCode(verificationId, code) {
      const verification = verifications.get(verificationId)
      if (verification === undefined || verification.triesLeft === 0) return 'expired'
      if (runtime.now() >= verification.message.expiresAt) return 'expired'
      verification.triesLeft -= 1
      if (verification.message.code !== code) return 'wrong'
      verification.triesLeft = 0
      return 'verified'
    },

    messages(phone) {
      const sent = [...verifications.values()].map(({ message }) => message).reverse()
      if (phone === undefined) return sent
      const wanted = fingerprintOf(phone)
      return sent.filter(({ phoneFingerprint }) => phoneFingerprint === wanted)
    },
  }
}

const digitsOf = (phone: string): string => phone.replace(/[^0-9]/g, '').replace(/^82/, '0')

/** `010-****-1111`. */
export function maskPhone(phone: string): string {
  const digits = digitsOf(phone)
  return `${digits.slice(0, 3)}-****-${digits.slice(-4)}`
}
