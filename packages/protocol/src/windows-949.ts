/**
 * Windows-949 (UHC): KS X 1001 and, in the byte pairs it leaves free, every other Hangul syllable in Unicode order.
 * KS X 1001 comes from the runtime; its own decoder stops there in Node and calls the rest malformed.
 */
interface Tables {
  /** By byte pair: the UTF-16 unit, 0 for none. */
  readonly characters: Uint16Array
  /** By UTF-16 unit: the byte pair, 0 for none. */
  readonly pairs: Uint16Array
}

const firstSyllable = 0xac00
const lastSyllable = 0xd7a3
let tables: Tables | undefined

/** The character of a byte pair (lead × 256 + trail). */
export function characterOf(pair: number): string | undefined {
  tables ??= buildTables()
  const unit = tables.characters[pair]
  return unit ? String.fromCharCode(unit) : undefined
}

/** The byte pair (lead × 256 + trail) of a character; undefined for ASCII too, which has one byte. */
export function pairOf(character: string): number | undefined {
  if (character.length !== 1) return undefined
  tables ??= buildTables()
  return tables.pairs[character.charCodeAt(0)] || undefined
}

function buildTables(): Tables {
  const built: Tables = { characters: new Uint16Array(0x10000), pairs: new Uint16Array(0x10000) }
  const add = (pair: number, unit: number): void => {
    built.characters[pair] = unit
    built.pairs[unit] = pair
  }
  for (const [pair, unit] of standardPairs()) add(pair, unit)
  add(0xa2e6, 0x20ac) // €, added in 1998
  add(0xa2e7, 0x00ae) // ®, added in 1998

  const free = extensionPairs()
  for (let syllable = firstSyllable; syllable <= lastSyllable; syllable++) {
    if (built.pairs[syllable] === 0) add(free.next().value ?? 0, syllable)
  }
  return built
}

/**
 * KS X 1001: lead and trail bytes 0xA1 to 0xFE. Private-use characters, which some decoders put there, are left out.
 */
function* standardPairs(): Generator<readonly [pair: number, unit: number]> {
  const decoder = new TextDecoder('euc-kr')
  for (let lead = 0xa1; lead <= 0xfe; lead++) {
    for (let trail = 0xa1; trail <= 0xfe; trail++) {
      const decoded = decoder.decode(Uint8Array.of(lead, trail))
      if (decoded.length === 1 && !/[\uFFFD\p{Co}]/u.test(decoded)) yield [(lead << 8) | trail, decoded.charCodeAt(0)]
    }
  }
}

/** The pairs that KS X 1001 leaves free, in order. */
function* extensionPairs(): Generator<number, undefined> {
  for (let lead = 0x81; lead <= 0xc6; lead++) {
    const lastTrail = lead <= 0xa0 ? 0xfe : 0xa0
    for (let trail = 0x41; trail <= lastTrail; trail++) {
      const isLetterOrHigh = trail <= 0x5a || (trail >= 0x61 && trail <= 0x7a) || trail >= 0x81
      if (isLetterOrHigh) yield (lead << 8) | trail
    }
  }
}
