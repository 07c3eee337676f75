import type { WireText } from '@sspay/protocol'
import { decodeForm, guessFormCharset } from '@sspay/protocol/charset'
import { readJsonText } from './answer.ts'

/** What arrives at a shop's ReturnUrl or StopUrl is some hundred bytes; more is read as nothing. */
const maxBytes = 65_536

export interface ReadFields {
  readonly fields: WireText
  /** Names given twice with different values. */
  readonly repeated: readonly string[]
}

const nothing: ReadFields = { fields: {}, repeated: [] }

/** A form in UTF-8 or EUC-KR, or JSON. A body that is broken, missing or too large has no fields. */
export async function readFields(request: Request): Promise<ReadFields> {
  const body = await readBody(request)
  return body === undefined ? nothing : readBodyFields(body, request.headers.get('content-type') ?? undefined)
}

/** Undefined when the body is broken or too large. Throws when it was consumed before. */
export async function readBody(request: Request): Promise<Uint8Array | undefined> {
  if (request.bodyUsed)
    throw new TypeError('the body of this Request has been read already; hand over its fields instead')
  return readBytes(request)
}

export function readBodyFields(body: Uint8Array, contentType: string | undefined): ReadFields {
  if (contentType !== undefined && /^application\/json\b/i.test(contentType)) {
    return { fields: readJsonText(body) ?? {}, repeated: [] }
  }
  return decodeForm(body, guessFormCharset(body, contentType))
}

async function readBytes(request: Request): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for await (const part of request.body ?? []) {
      length += part.length
      if (length > maxBytes) return undefined
      parts.push(part)
    }
  } catch {
    return undefined
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
