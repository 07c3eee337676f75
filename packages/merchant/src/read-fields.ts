import type { WireText } from '@sspay/protocol'
import { decodeForm, guessFormCharset } from '@sspay/protocol/charset'
import { readJsonText } from './answer.ts'
import { readAtMost } from './transport.ts'

/** Requests to a ReturnUrl or StopUrl have some hundred bytes; a larger body is read as empty. */
const maxBytes = 65_536

export interface ReadFields {
  readonly fields: WireText
  /** Names that occur twice with different values. */
  readonly repeated: readonly string[]
}

const nothing: ReadFields = { fields: {}, repeated: [] }

/** Reads a form in UTF-8 or EUC-KR, or JSON. A body that is broken, missing or too large has no fields. */
export async function readFields(request: Request): Promise<ReadFields> {
  const body = await readBody(request)
  return body === undefined ? nothing : readBodyFields(body, request.headers.get('content-type') ?? undefined)
}

/** Undefined if the body is broken or too large. Throws if it was read before. */
export async function readBody(request: Request): Promise<Uint8Array | undefined> {
  if (request.bodyUsed)
    throw new TypeError(
      'The body of this Request has been read already: pass its fields instead. / 이 Request의 본문은 이미 읽었습니다. Request 대신 읽은 필드를 넘기세요.',
    )
  try {
    return await readAtMost(request.body, maxBytes)
  } catch {
    return undefined
  }
}

export function readBodyFields(body: Uint8Array, contentType: string | undefined): ReadFields {
  if (contentType !== undefined && /^application\/json\b/i.test(contentType)) {
    return { fields: readJsonText(body) ?? {}, repeated: [] }
  }
  return decodeForm(body, guessFormCharset(body, contentType))
}
