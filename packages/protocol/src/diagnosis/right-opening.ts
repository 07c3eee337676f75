import { pkcs7 } from './plaintext.ts'
import { modes } from './sealing-modes.ts'

const opened = (sealed: Uint8Array, merchantKey: string): Uint8Array =>
  modes[0]?.open(sealed, Buffer.from(merchantKey.slice(0, 32), 'utf8'))?.plaintext ?? new Uint8Array()

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** What the right key opens, whatever text it is; undefined when its padding does not fit. */
export function openedRightly(sealed: Uint8Array, merchantKey: string): string | undefined {
  const bytes = pkcs7(opened(sealed, merchantKey))
  return bytes && decode(bytes)
}

/** How many bytes, from the first on, the right key makes readable. */
export function readableLength(base64: string, merchantKey: string): number {
  const text = decode(opened(Buffer.from(base64, 'base64'), merchantKey))
  const noise = text.search(/[^\P{Cc}\r\n\t]|\uFFFD/u)
  return Buffer.byteLength(noise === -1 ? text : text.slice(0, noise))
}
