import type { WireText } from '@sspay/protocol'
import { firstUnwritable } from '@sspay/protocol/charset'

/** The form requests EUC-KR answers and has a character that EUC-KR (windows-949) cannot encode. */
export class UnwritableTextError extends Error {
  /** Wire name. */
  readonly field: string
  readonly character: string
  /** For example `U+1F600`. */
  readonly codePoint: string

  /** @internal */
  constructor(field: string, character: string) {
    const codePoint = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    super(`${field}: ${codePoint} cannot be written in euc-kr`)
    this.name = 'UnwritableTextError'
    this.field = field
    this.character = character
    this.codePoint = codePoint
  }
}

/** Throws if EUC-KR cannot encode a text. */
export function requireWritable(fields: WireText): void {
  for (const [field, text = ''] of Object.entries(fields)) {
    const unwritable = firstUnwritable(text, 'euc-kr')
    if (unwritable !== undefined) throw new UnwritableTextError(field, unwritable)
  }
}

/** Escaped hidden inputs, one per line. */
export const renderHiddenInputs = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes text for HTML content and attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
