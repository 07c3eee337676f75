import { modes } from './encryption-modes.ts'
import { pkcs7 } from './plaintext.ts'

const opened = (encrypted: Uint8Array, merchantKey: string): Uint8Array =>
  modes[0]?.open(encrypted, Buffer.from(merchantKey.slice(0, 32), 'utf8'))?.plaintext ?? new Uint8Array()

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** What the right key opens, whatever text it is; undefined when its padding does not fit. */
export function openedRightly(encrypted: Uint8Array, merchantKey: string): string | undefined {
  const bytes = pkcs7(opened(encrypted, merchantKey))
  return bytes && decode(bytes)
}

/** Base64 of three whole blocks: what begins at a multiple of them begins with a block. */
export const chainedCharacters = 64
const chainedBytes = (chainedCharacters * 3) / 4

const isContinuation = (byte: number): boolean => byte >> 6 === 0b10

/**
 * How many bytes the right key makes readable of a piece, behind the {@link chainedCharacters} that it begins with. A character that
 * began before is not counted.
 */
export function readableLength(piece: string, merchantKey: string): number {
  const bytes = opened(Buffer.from(piece, 'base64'), merchantKey).subarray(chainedBytes)
  const beginning = bytes.subarray(0, 4).findIndex((byte) => !isContinuation(byte))
  const text = decode(bytes.subarray(Math.max(0, beginning)))
  const noise = text.search(/[^\P{Cc}\r\n\t]|\uFFFD/u)
  return Buffer.byteLength(noise === -1 ? text : text.slice(0, noise))
}
