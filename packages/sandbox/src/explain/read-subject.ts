import { isUtf8 } from 'node:buffer'
import { approvalResult, sealedEnvelope, type WireText } from '@sspay/protocol'
import { decodeForm, decodeText, guessFormCharset } from '@sspay/protocol/charset'
import { wireNameOf } from '@sspay/protocol/internal'
import { textValues } from '@sspay/protocol/sealed-body'
import { readForms } from '../buyer/html-forms.ts'

/** A message to explain. */
export interface Subject {
  readonly format: 'json' | 'html' | 'form' | 'lines' | 'encrypted'
  readonly fields: WireText
  /** Names given more than once with different values. */
  readonly repeated: readonly string[]
}

/**
 * Reads a form, a page with a form, JSON, lines of `name=value`, EncData or a result code alone, in UTF-8 or EUC-KR.
 * Undefined for anything else.
 */
export function readSubject(bytes: Uint8Array): Subject | undefined {
  const text = decodeText(bytes, isUtf8(bytes) ? 'utf-8' : 'euc-kr')
    .replace(/^\uFEFF/, '')
    .trim()
  if (text.startsWith('{')) return readJson(text)
  if (/<(form|input)\b/i.test(text)) return readHtml(text)
  if (isEncrypted(text)) return alone('encrypted', wireNameOf(sealedEnvelope, 'sealedBody'), text)
  if (/^[0-9A-Z]{4}$/.test(text)) return alone('lines', wireNameOf(approvalResult, 'resultCode'), text)
  if (/^[\w.[\]-]+=[^\s]*(&[\w.[\]%-]+=[^\s]*)+$/.test(text)) return readForm(Buffer.from(text))
  return readLines(text)
}

function readJson(text: string): Subject | undefined {
  try {
    const fields = textValues(JSON.parse(text))
    return fields && { format: 'json', fields, repeated: [] }
  } catch {
    return undefined
  }
}

/** Reads the form with the most fields; a page without a form is read as one form. */
function readHtml(text: string): Subject | undefined {
  const forms = readForms(/<form\b/i.test(text) ? text : `<form>${text}</form>`)
  const [largest] = forms.toSorted((one, other) => other.fields.length - one.fields.length)
  return largest && { format: 'html', ...collect(largest.fields.map(({ name, value }) => [name, value])) }
}

function readForm(body: Uint8Array): Subject {
  return { format: 'form', ...decodeForm(body, guessFormCharset(body, undefined)) }
}

const isEncrypted = (text: string): boolean => {
  const base64 = text.replace(/\s/g, '')
  return base64.length >= 24 && base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64)
}

const alone = (format: Subject['format'], name: string, text: string): Subject => ({
  format,
  fields: { [name]: text },
  repeated: [],
})

/** One pair per line, or all on one line with blanks between, as in logs. */
function readLines(text: string): Subject | undefined {
  const isOneLine = !text.includes('\n') && (text.match(/(^|\s)[\w-]+=/g) ?? []).length > 1
  const lines = text.split(isOneLine ? /\s+(?=[\w-]+=)/ : /\r?\n/).filter((line) => line.trim() !== '')
  const pairs = lines.flatMap((line): readonly (readonly [string, string])[] => {
    const parts = /^\s*"?([\w.[\]-]+)"?\s*[=:]\s?(.*)$/.exec(line)
    return parts === null ? [] : [[parts[1] ?? '', (parts[2] ?? '').trimEnd()]]
  })
  return pairs.length === 0 ? undefined : { format: 'lines', ...collect(pairs) }
}

function collect(pairs: readonly (readonly [string, string])[]): Pick<Subject, 'fields' | 'repeated'> {
  const fields: Record<string, string> = Object.create(null)
  const repeated = new Set<string>()
  for (const [name, value] of pairs) {
    if (Object.hasOwn(fields, name) && fields[name] !== value) repeated.add(name)
    fields[name] ??= value
  }
  return { fields, repeated: [...repeated] }
}
