import { openBody } from '../sealed-body.ts'
import { chainedCharacters, readableLength } from './right-opening.ts'

/** More lost characters than a body has. */
const mostLost = 24

/** By so many bytes more must be readable for a repair to be no chance. */
const leastGain = 8

/** So many characters behind the last place are opened to see what a repair gains. */
const charactersAhead = 96

/**
 * Whether a body opens as soon as the right characters + are put back. A lost one garbles everything after it, so that the
 * place where the text stops to be readable tells where to look. With each repair only what is near is opened.
 */
export function isRepairedByPluses(sealedBody: string, merchantKey: string): boolean {
  let text = sealedBody.replace(/\s/g, '').replace(/={1,2}$/, '')
  if (!/^[A-Za-z0-9+/]+$/.test(text)) return false
  for (let repaired = 0; repaired < mostLost; repaired++) {
    const place = bestPlace(text, merchantKey)
    if (place === undefined) return false
    text = withPlus(text, place)
    if (openBody(text, merchantKey) !== undefined) return true
  }
  return false
}

const withPlus = (text: string, place: number): string => `${text.slice(0, place)}+${text.slice(place)}`

/** Where one + more makes the most readable, wherever it may be missing. */
function bestPlace(text: string, merchantKey: string): number | undefined {
  const characterOf = (byte: number): number => Math.ceil((byte * 4) / 3)
  const whole = firstChain + text
  const readable = readableLength(whole, merchantKey)
  const from = Math.max(0, characterOf(readable - 17))
  const to = Math.min(text.length, characterOf(readable + 33))
  // Whole blocks before the first place, the first of them only to chain the next.
  const start = from - (from % chainedCharacters)
  const near = whole.slice(start, to + chainedCharacters + charactersAhead)
  const shift = chainedCharacters - start
  const now = readableLength(near, merchantKey)
  const best = Array.from({ length: to - from + 1 }, (_one, index) => from + index)
    .map((place) => ({ place, gained: readableLength(withPlus(near, place + shift), merchantKey) - now }))
    .reduce((one, other) => (other.gained > one.gained ? other : one))
  return best.gained < leastGain ? undefined : best.place
}

/** The IV of zero bytes as a piece before the first. */
const firstChain = 'A'.repeat(chainedCharacters)
