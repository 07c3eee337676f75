import { openBody } from '../sealed-body.ts'
import { readableLength } from './right-opening.ts'

/** More lost characters than a body has. */
const mostLost = 24

/** By so many bytes more must be readable for a repair to be no chance. */
const leastGain = 8

/**
 * Whether a body opens as soon as the right characters + are put back. A lost one garbles everything after it, so that the place where the
 * text stops to be readable tells where to look.
 */
export function isRepairedByPluses(sealedBody: string, merchantKey: string): boolean {
  let text = sealedBody.replace(/\s/g, '').replace(/=+$/, '')
  if (!/^[A-Za-z0-9+/]+$/.test(text)) return false
  for (let repaired = 0; repaired < mostLost; repaired++) {
    const readable = readableLength(text, merchantKey)
    const best = candidates(text, readable)
      .map((candidate) => ({ candidate, gained: readableLength(candidate, merchantKey) - readable }))
      .reduce((one, other) => (other.gained > one.gained ? other : one), { candidate: text, gained: 0 })
    if (best.gained < leastGain) return false
    text = best.candidate
    if (openBody(text, merchantKey) !== undefined) return true
  }
  return false
}

/** With one + more, wherever it may be missing. */
function candidates(text: string, readable: number): readonly string[] {
  const characterOf = (byte: number): number => Math.ceil((byte * 4) / 3)
  const from = Math.max(0, characterOf(readable - 17))
  const to = Math.min(text.length, characterOf(readable + 33))
  return Array.from(
    { length: to - from + 1 },
    (_one, index) => `${text.slice(0, from + index)}+${text.slice(from + index)}`,
  )
}
