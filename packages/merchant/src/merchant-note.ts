/** 상점예비정보 travels as Base64 of UTF-8 (guide: plain Hangul would not arrive). */
export function writeMerchantNote(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
}

/** What does not decode is handed on as it came: another system of the shop may have written it. */
export function readMerchantNote(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return base64
  }
}
