import { constants, crc32, deflateRawSync } from 'node:zlib'

/** RFC 1952: deflate, no name, no time, unknown system. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
/** The last block of a stream, empty. */
const lastBlock = Buffer.from([3, 0])

/** What differs between pages is a few thousand bytes: to make room for more takes longer than to compress them. */
const forLittle = { windowBits: 13, memLevel: 5 }

/** Whole bytes of DEFLATE that refer to nothing before them, so that they may stand anywhere in a stream. */
const deflatePart = (bytes: Uint8Array, options = {}): Uint8Array =>
  deflateRawSync(bytes, { ...options, finishFlush: constants.Z_SYNC_FLUSH })

interface Part {
  readonly bytes: Uint8Array
  readonly deflated: Uint8Array
}

function changingPart(text: string): Part {
  const bytes = Buffer.from(text)
  return { bytes, deflated: deflatePart(bytes, forLittle) }
}

/**
 * Compresses pages that all contain the same long texts, in this order, such as the style sheet and the script: these are compressed once.
 * Compressing a whole page would cost more than making it does.
 */
export function createPageCompressor(fixedTexts: readonly string[]): (page: string) => Uint8Array<ArrayBuffer> {
  const fixed = fixedTexts.map((text) => {
    const bytes = Buffer.from(text)
    return { text, part: { bytes, deflated: deflatePart(bytes, { level: constants.Z_BEST_COMPRESSION }) } }
  })
  return (page) => {
    const parts: Part[] = []
    let from = 0
    for (const { text, part } of fixed) {
      const at = page.indexOf(text, from)
      if (at < 0) continue
      parts.push(changingPart(page.slice(from, at)), part)
      from = at + text.length
    }
    parts.push(changingPart(page.slice(from)))
    return gzipOf(parts)
  }
}

function gzipOf(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(
    parts.reduce((checksum, { bytes }) => crc32(bytes, checksum), 0),
    0,
  )
  trailer.writeUInt32LE(
    parts.reduce((length, { bytes }) => length + bytes.length, 0),
    4,
  )
  return Buffer.concat([header, ...parts.map(({ deflated }) => deflated), lastBlock, trailer])
}
