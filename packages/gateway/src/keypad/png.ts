import { crc32, deflateSync } from 'node:zlib'

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function chunk(type: string, body: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const framed = Buffer.alloc(typed.length + 8)
  framed.writeUInt32BE(body.length, 0)
  typed.copy(framed, 4)
  framed.writeUInt32BE(crc32(typed), typed.length + 4)
  return framed
}

/**
 * Eight-bit grey, filter 0, no interlace. A private chunk fills the file up to a multiple of `lengthStep` bytes: how well the pixels
 * compress must not show in the length of the encrypted traffic.
 */
export function encodeGreyPng(pixels: Uint8Array, width: number, height: number, lengthStep: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8

  const lines = Buffer.alloc((width + 1) * height)
  for (let line = 0; line < height; line++)
    lines.set(pixels.subarray(line * width, (line + 1) * width), line * (width + 1) + 1)

  const parts = [signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]
  const length = parts.reduce((sum, part) => sum + part.length, 0) + chunk('paDd', Buffer.alloc(0)).length
  const padding = chunk('paDd', Buffer.alloc((lengthStep - (length % lengthStep)) % lengthStep))
  return Buffer.concat([...parts.slice(0, 2), padding, ...parts.slice(2)])
}
