import { type Reading, readingsOf } from './encodings.ts'
import type { Mistake } from './mistake.ts'

/** What an opener of sealed bodies puts up with is no mistake (Q21). */
const tolerated: ReadonlySet<string> = new Set(['base64_unpadded', 'plus_lost'])

const colon: Mistake = {
  id: 'parts_joined',
  ko: 'IV와 암호문을 구분자(:, .)로 이었습니다',
  en: 'joins IV and sealed text with a colon or a dot',
}

/** Also with an end that does not fit: the text may be cut off. */
const readLoosely = (text: string): readonly Reading[] =>
  /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? [{ bytes: Buffer.from(text, 'base64'), mistake: undefined }] : []

/** Everything that EncData may stand for: encoded in another way first, because that is told by its looks. */
export function sealedReadings(sealedBody: string): readonly Reading[] {
  const text = sealedBody.replace(/[\r\n]/g, '').replace(/ /g, '+')
  const encoded = readingsOf(text).filter(({ mistake }) => mistake !== undefined && !tolerated.has(mistake.id))
  const parts = /^([A-Za-z0-9+/]+={0,2})[:.]([A-Za-z0-9+/]+={0,2})$/.exec(text)?.slice(1) ?? []
  const joined = (['hex', 'base64'] as const)
    .filter((encoding) => parts.length > 0 && parts.every((part) => isIn(encoding, part)))
    .map((encoding) => ({ bytes: Buffer.concat(parts.map((part) => Buffer.from(part, encoding))), mistake: colon }))
  return [...encoded, ...joined, ...readLoosely(text)]
}

const isIn = (encoding: 'hex' | 'base64', part: string): boolean =>
  Buffer.from(part, encoding).toString(encoding) === (encoding === 'hex' ? part.toLowerCase() : part)
