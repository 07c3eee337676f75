import fc from 'fast-check'

const surrogates = { first: 0xd800, count: 0x800 }

/**
 * Any Unicode character except surrogates, as the unit of `fc.string`. fast-check's own unit `binary` is the same, but
 * builds a table of all characters in each process, which takes two seconds.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10ffff - surrogates.count })
  .map((rank) => String.fromCodePoint(rank < surrogates.first ? rank : rank + surrogates.count))
