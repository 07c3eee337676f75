import { createHmac } from 'node:crypto'
import type { Runtime } from '@sspay/gateway'
import { randomHex } from '@sspay/gateway/tools'

const maxMessages = 200

/** A one-time code, or an alert about a membership. */
export type MessageContent =
  | { readonly kind: 'code'; readonly code: string; readonly expiresAt: Date }
  | { readonly kind: 'password_reset' | 'phone_changed' }

/** A text message with the masked number, and its fingerprint to find the messages of one phone. */
export type PhoneMessage = MessageContent & {
  readonly messageId: string
  readonly maskedPhone: string
  readonly phoneFingerprint: string
  readonly sentAt: Date
}

/** The shared inbox of all phones. */
export interface Inbox {
  deliver(phone: string, content: MessageContent): void
  /** Newest first; with `phone` only those of that number. */
  messages(phone?: string): readonly PhoneMessage[]
}

/** In memory, until the sandbox stops. */
export function createInbox(runtime: Runtime): Inbox {
  const fingerprintKey = runtime.randomBytes(32)
  const delivered: PhoneMessage[] = []

  const fingerprintOf = (phone: string): string =>
    createHmac('sha256', fingerprintKey).update(digitsOf(phone)).digest('hex').slice(0, 16)

  return {
    deliver(phone, content) {
      delivered.unshift({
        ...content,
        messageId: randomHex(runtime, 8),
        maskedPhone: maskPhone(phone),
        phoneFingerprint: fingerprintOf(phone),
        sentAt: runtime.now(),
      })
      delivered.length = Math.min(delivered.length, maxMessages)
    },
    messages(phone) {
      if (phone === undefined) return [...delivered]
      const wanted = fingerprintOf(phone)
      return delivered.filter(({ phoneFingerprint }) => phoneFingerprint === wanted)
    },
  }
}

export const digitsOf = (phone: string): string => phone.replace(/[^0-9]/g, '').replace(/^82/, '0')

/** `010-****-1111`. */
export function maskPhone(phone: string): string {
  const digits = digitsOf(phone)
  return `${digits.slice(0, 3)}-****-${digits.slice(-4)}`
}
