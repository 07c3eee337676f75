import type { Charset, ResultReason, WireText } from '@sspay/protocol'
import { decodeForm, guessFormCharset } from '@sspay/protocol/charset'
import { textValues } from '@sspay/protocol/sealed-body'

type BodyRejection = Extract<ResultReason, 'body_unreadable' | 'body_too_large'>

export type BodyRead<Content> =
  | ({ readonly ok: true } & Content)
  | { readonly ok: false; readonly reason: BodyRejection }

export interface Form {
  readonly fields: WireText
  /** Names that occur more than once with different values. */
  readonly repeated: readonly string[]
  readonly charset: Charset
}

export interface ReadFields {
  readonly fields: WireText
  readonly charset: Charset
}

const fieldsRead = new WeakMap<Request, ReadFields>()

/** The fields that a route has read from this request; undefined before that, and for an unreadable body. */
export const fieldsReadFrom = (request: Request): ReadFields | undefined => fieldsRead.get(request)

function remember<Read extends ReadFields>(request: Request, read: Read): Read {
  fieldsRead.set(request, read)
  return read
}

/** The whole body, or a rejection as soon as it exceeds `limit` bytes. */
export async function readBytes(request: Request, limit: number): Promise<BodyRead<{ readonly bytes: Uint8Array }>> {
  const announced = request.headers.get('content-length')
  if (Number(announced ?? 0) > limit) return { ok: false, reason: 'body_too_large' }
  return announced === null ? readStream(request, limit) : readAnnounced(request, limit)
}

/** HTTP framing guarantees that no more than `Content-Length` arrives. */
async function readAnnounced(request: Request, limit: number): Promise<BodyRead<{ readonly bytes: Uint8Array }>> {
  try {
    const bytes = new Uint8Array(await request.arrayBuffer())
    return bytes.length > limit ? { ok: false, reason: 'body_too_large' } : { ok: true, bytes }
  } catch {
    return { ok: false, reason: 'body_unreadable' }
  }
}

async function readStream(request: Request, limit: number): Promise<BodyRead<{ readonly bytes: Uint8Array }>> {
  if (request.body === null) return { ok: true, bytes: new Uint8Array() }
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

/** A form in UTF-8 or EUC-KR. */
export async function readForm(request: Request, limit: number): Promise<BodyRead<Form>> {
  const read = await readBytes(request, limit)
  return read.ok ? { ok: true, ...remember(request, formOf(request, read.bytes)) } : read
}

/** A JSON object, under any content type; numbers and booleans become text. */
export async function readJson(request: Request, limit: number): Promise<BodyRead<{ readonly fields: WireText }>> {
  const read = await readBytes(request, limit)
  if (!read.ok) return read
  const fields = jsonOf(textOf(read.bytes))
  return fields === undefined ? { ok: false, reason: 'body_unreadable' } : { ok: true, fields }
}

/** JSON or a form, told apart by the first character: shops send both under any content type. */
export async function readJsonOrForm(
  request: Request,
  limit: number,
): Promise<BodyRead<{ readonly fields: WireText }>> {
  const read = await readBytes(request, limit)
  if (!read.ok) return read
  const text = textOf(read.bytes).trim()
  if (text === '') return { ok: false, reason: 'body_unreadable' }
  const looksLikeJson = /^[{["]/.test(text)
  const found = looksLikeJson ? jsonFieldsOf(text) : formOf(request, read.bytes)
  if (found === undefined || Object.keys(found.fields).length === 0) return { ok: false, reason: 'body_unreadable' }
  return { ok: true, fields: remember(request, found).fields }
}

function formOf(request: Request, bytes: Uint8Array): Form {
  const charset = guessFormCharset(bytes, request.headers.get('content-type') ?? undefined)
  return { ...decodeForm(bytes, charset), charset }
}

function jsonFieldsOf(text: string): ReadFields | undefined {
  const fields = jsonOf(text)
  return fields && { fields, charset: 'utf-8' }
}

const utf8 = new TextDecoder()

const textOf = (bytes: Uint8Array): string => utf8.decode(bytes)

function jsonOf(text: string): WireText | undefined {
  try {
    return textValues(JSON.parse(text))
  } catch {
    return undefined
  }
}
