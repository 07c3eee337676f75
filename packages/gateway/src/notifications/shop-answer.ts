import { decodeText } from '@sspay/protocol/charset'
import { scrub } from '../logging/scrub.ts'
import type { OutgoingAnswer } from '../outgoing/model.ts'

const longestText = 300
const readBytes = 4 * longestText

/**
 * The text of a shop's answer, for the developer who looks for the fault: its first 300 characters without tags, line
 * breaks, card and phone numbers. Undefined for an empty body.
 */
export function shopAnswerOf({ body }: Pick<OutgoingAnswer, 'body'>): string | undefined {
  const read = decode(body.subarray(0, readBytes))
  // Half a card number would not be recognized as one.
  const whole = body.length > readBytes ? read.replace(/[0-9 -]+$/, '') : read
  const text = whole
    .replace(/<[^<>]{1,300}>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return text === '' ? undefined : [...scrub(text, [])].slice(0, longestText).join('')
}

/** Error pages often have another charset than the shop's own. */
function decode(bytes: Uint8Array): string {
  try {
    // A stream may end within a character.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return decodeText(bytes, 'euc-kr')
  }
}
