import type { Charset, ResultReason, WireText } from '@sspay/protocol'
import { decodeForm, guessFormCharset } from '@sspay/protocol/charset'
import { textValues } from '@sspay/protocol/sealed-body'

type BodyRefusal = Extract<ResultReason, 'body_unreadable' | 'body_too_large'>

export type BodyRead<Content> = ({ readonly ok: true } & Content) | { readonly ok: false; readonly reason: BodyRefusal }

export interface Form {
  readonly fields: WireText
  /** Names that the form holds twice with different values. */
  readonly repeated: readonly string[]
  readonly charset: Charset
}

/** The whole body, or the refusal as soon as it grows beyond `limit` bytes. */
export async function readBytes(request: Request, limit: number): Promise<BodyRead<{ readonly bytes: Uint8Array }>> {
  if (request.body === null) return { ok: true, bytes: new Uint8Array() }
  if (Number(request.headers.get('content-length') ?? 0) > limit) return { ok: false, reason: 'body_too_large' }
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body) {
      length += chunk.byteLength
      if (length > limit) return { ok: false, reason: 'body_too_large' }
      chunks.push(chunk)
    }
  } catch {
    return { ok: false, reason: 'body_unreadable' }
  }
  return { ok: true, bytes: Buffer.concat(chunks) }
}

/** A form in UTF-8 or EUC-KR, whatever the browser sent. */
export async function readForm(request: Request, limit: number): Promise<BodyRead<Form>> {
  const read = await readBytes(request, limit)
  return read.ok ? { ok: true, ...formOf(request, read.bytes) } : read
}

/** A JSON object with any content type; numbers and booleans are read as their text. */
export async function readJson(request: Request, limit: number): Promise<BodyRead<{ readonly fields: WireText }>> {
  const read = await readBytes(request, limit)
  if (!read.ok) return read
  const fields = jsonOf(read.bytes)
  return fields === undefined ? { ok: false, reason: 'body_unreadable' } : { ok: true, fields }
}

/** JSON, or a form where the body does not look like JSON: shops send both, under any content type. */
export async function readJsonOrForm(
  request: Request,
  limit: number,
): Promise<BodyRead<{ readonly fields: WireText }>> {
  const read = await readBytes(request, limit)
  if (!read.ok) return read
  const text = textOf(read.bytes).trim()
  if (text === '') return { ok: false, reason: 'body_unreadable' }
  const looksLikeJson = /^[{["]/.test(text)
  const fields = looksLikeJson ? jsonOf(read.bytes) : formOf(request, read.bytes).fields
  const isEmpty = fields === undefined || Object.keys(fields).length === 0
  return isEmpty ? { ok: false, reason: 'body_unreadable' } : { ok: true, fields }
}

function formOf(request: Request, bytes: Uint8Array): Form {
  const charset = guessFormCharset(bytes, request.headers.get('content-type') ?? undefined)
  return { ...decodeForm(bytes, charset), charset }
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

function jsonOf(bytes: Uint8Array): WireText | undefined {
  try {
    return textValues(JSON.parse(textOf(bytes)))
  } catch {
    return undefined
  }
}
