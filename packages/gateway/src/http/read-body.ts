import type { Charset, ResultReason, WireText } from '@sspay/protocol'
import { decodeForm, guessFormCharset } from '@sspay/protocol/charset'
import { textValues } from '@sspay/protocol/sealed-body'
import { type BodyExplanation, explainBody } from './explain-body.ts'

type BodyRejection = Extract<ResultReason, 'body_unreadable' | 'body_too_large'>

export type BodyRead<Content> =
  | ({ readonly ok: true } & Content)
  | { readonly ok: false; readonly reason: BodyRejection; readonly explanation?: BodyExplanation | undefined }

export interface Form extends ReadFields {
  /** Names that occur more than once with different values. */
  readonly repeated: readonly string[]
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

const rejected = (reason: BodyRejection) => ({ ok: false, reason }) as const

/** The whole body, or a rejection as soon as it exceeds `limit` bytes. */
export async function readBytes(request: Request, limit: number): Promise<BodyRead<{ readonly bytes: Uint8Array }>> {
  const announced = request.headers.get('content-length')
  if (Number(announced ?? 0) > limit) return rejected('body_too_large')
  try {
    // HTTP framing guarantees that no more than `Content-Length` arrives.
    const bytes = announced === null ? await readStream(request, limit) : new Uint8Array(await request.arrayBuffer())
    return bytes.length > limit ? rejected('body_too_large') : { ok: true, bytes }
  } catch {
    return rejected('body_unreadable')
  }
}

/** Stops reading when the body exceeds `limit` bytes; the result does too then. */
async function readStream({ body }: Request, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    length += chunk.byteLength
    if (length > limit) break
  }
  return Buffer.concat(chunks)
}

/** A form in UTF-8 or EUC-KR. */
export async function readForm(request: Request, limit: number): Promise<BodyRead<Form>> {
  const read = await readBytes(request, limit)
  return read.ok ? { ok: true, ...remember(request, formOf(request, read.bytes)) } : read
}

/** A form that a browser submits; anything else that arrives in its place is explained. */
export async function readSubmittedForm(request: Request, limit: number): Promise<BodyRead<Form>> {
  const read = await readForm(request, limit)
  if (!read.ok) return read
  const explanation = explainBody(request, Object.keys(read.fields)[0] ?? '', 'form')
  return explanation === undefined ? read : { ...rejected('body_unreadable'), explanation }
}

/** A JSON object, under any content type; numbers and booleans become text. */
export async function readJson(request: Request, limit: number): Promise<BodyRead<{ readonly fields: WireText }>> {
  const read = await readBytes(request, limit)
  if (!read.ok) return read
  const fields = jsonOf(textOf(read.bytes))
  return fields === undefined ? rejected('body_unreadable') : { ok: true, fields }
}

/** JSON or a form, distinguished by the first character: shops send both under any content type. */
export async function readJsonOrForm(
  request: Request,
  limit: number,
): Promise<BodyRead<{ readonly fields: WireText }>> {
  const read = await readBytes(request, limit)
  if (!read.ok) return read
  const text = textOf(read.bytes).trim()
  const unreadable = () => ({ ...rejected('body_unreadable'), explanation: explainBody(request, text, 'json') })
  // Two dashes begin multipart/form-data, and no name of a field.
  if (text === '' || text.startsWith('--')) return unreadable()
  const form = /^[{["]/.test(text)
    ? { fields: jsonOf(text) ?? {}, charset: 'utf-8' as const }
    : formOf(request, read.bytes)
  if (Object.keys(form.fields).length === 0) return unreadable()
  return { ok: true, fields: remember(request, form).fields }
}

function formOf(request: Request, bytes: Uint8Array): Form {
  const charset = guessFormCharset(bytes, request.headers.get('content-type') ?? undefined)
  return { ...decodeForm(bytes, charset), charset }
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

function jsonOf(text: string): WireText | undefined {
  try {
    return textValues(JSON.parse(text))
  } catch {
    return undefined
  }
}
