import { createHash, createHmac } from 'node:crypto'

/** One way to make a signature: what is joined in which order, and what is made of it. */
export interface Recipe {
  readonly date: string
  readonly merchantId: string
  readonly amount: string
  readonly key: string | Uint8Array
  readonly order: readonly Part[]
  readonly separator: string
  readonly digest: Digest
}

export type Part = 'date' | 'merchantId' | 'amount' | 'key'

/** From the joined bytes to the text that travels. `key` is for digests that take one. */
export type Digest = (joined: Uint8Array, key: string | Uint8Array) => string

type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha512'
type Encoding = 'base64' | 'base64url' | 'hex'

export const hashed =
  (algorithm: Algorithm, encoding: Encoding): Digest =>
  (joined) =>
    createHash(algorithm).update(joined).digest(encoding)

export const keyed =
  (encoding: Encoding): Digest =>
  (joined, key) =>
    createHmac('sha256', key).update(joined).digest(encoding)

const bytesOf = (part: string | Uint8Array): Uint8Array => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part)

export function signatureBy(recipe: Recipe): string {
  const separator = Buffer.from(recipe.separator, 'utf8')
  const joined = recipe.order.flatMap((part, index) =>
    index === 0 ? [bytesOf(recipe[part])] : [separator, bytesOf(recipe[part])],
  )
  return recipe.digest(Buffer.concat(joined), recipe.key)
}
