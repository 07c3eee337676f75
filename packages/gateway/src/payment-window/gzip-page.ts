import { constants, crc32, deflateRawSync, type ZlibOptions } from 'node:zlib'

/** RFC 1952: deflate, no name, no time, unknown system. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
/** The last block of a stream, empty. */
const lastBlock = Buffer.from([3, 0])

/** Whole bytes of DEFLATE that refer to nothing before them, so that they may stand anywhere in a stream. */
const deflatePart = (text: string, options: ZlibOptions): Uint8Array =>
  deflateRawSync(text, { ...options, finishFlush: constants.Z_SYNC_FLUSH })

/** Pages differ in a few thousand bytes: allocating the default buffers takes longer than compressing them. */
const changingPart = (text: string): Uint8Array => deflatePart(text, { windowBits: 13, memLevel: 5 })

/**
 * Gzip for pages that share long texts, in this order, such as style sheet and script. These are compressed once, since
 * compressing a whole page costs more than rendering it.
 */
export function createPageCompressor(fixedTexts: readonly string[]): (page: string) => Uint8Array<ArrayBuffer> {
  const fixed = fixedTexts.map((text) => ({ text, part: deflatePart(text, { level: constants.Z_BEST_COMPRESSION }) }))
  return (page) => {
    const parts: Uint8Array[] = []
    let from = 0
    for (const { text, part } of fixed) {
      const at = page.indexOf(text, from)
      if (at < 0) continue
      parts.push(changingPart(page.slice(from, at)), part)
      from = at + text.length
    }
    parts.push(changingPart(page.slice(from)))
    const bytes = Buffer.from(page)
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(crc32(bytes), 0)
    trailer.writeUInt32LE(bytes.length, 4)
    return Buffer.concat([header, ...parts, lastBlock, trailer])
  }
}
