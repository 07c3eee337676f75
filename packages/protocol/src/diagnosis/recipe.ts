import { createHmac, hash } from 'node:crypto'

/** One way to make a signature: what is joined in which order and bytes, and what is made of it. */
export interface Recipe {
  readonly parts: readonly Part[]
  readonly separator: string
  readonly bytesOf: (text: string) => Uint8Array
  readonly algorithm: Algorithm
  /** For algorithms that take a key beside what is joined. */
  readonly key: Bytes
}

/** One value that goes into a signature. */
export interface Part {
  /** For programs, in the ids of mistakes: `merchantId`. */
  readonly name: string
  /** As the guide calls it: `Mid`. */
  readonly wireName: string
  readonly role: Role
  /** Not to be shown. */
  readonly isPersonal?: boolean
  readonly value: Bytes
}

/** What kind of value a part is, and so in which ways it comes out wrong. */
export type Role = 'key' | 'amount' | 'date' | 'id' | 'code'

export type Bytes = string | Uint8Array

/** From what is joined to the bytes of the digest. */
export interface Algorithm {
  /** In bytes. */
  readonly length: number
  digest(joined: Uint8Array, key: Bytes): Uint8Array
}

export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')

export const hashed = (
  name: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'sha3-256',
  length: number,
): Algorithm => ({
  length,
  digest: (joined) => hash(name, joined, 'buffer'),
})

export const keyed = (name: 'sha256' | 'sha512', length: number): Algorithm => ({
  length,
  digest: (joined, key) => createHmac(name, key).update(joined).digest(),
})

export const sha256 = hashed('sha256', 32)

/** The recipe of the guide for these parts: no separator, UTF-8, SHA-256. */
export const recipeOf = (parts: readonly Part[], key: Bytes = ''): Recipe => ({
  parts,
  separator: '',
  bytesOf: utf8,
  key,
  algorithm: sha256,
})

export function digestBy({ parts, separator, bytesOf, algorithm, key }: Recipe): Uint8Array {
  const values = parts.map(({ value }) => value)
  // Thousands of recipes are tried, and most hold nothing but text.
  if (values.every((value) => typeof value === 'string')) return algorithm.digest(bytesOf(values.join(separator)), key)
  const joined = values.flatMap((value, index) => {
    const bytes = typeof value === 'string' ? bytesOf(value) : value
    return index === 0 ? [bytes] : [bytesOf(separator), bytes]
  })
  return algorithm.digest(Buffer.concat(joined), key)
}

/** The recipe with another value for one part; the key is also that of keyed algorithms. */
export function withPart(recipe: Recipe, name: string, value: Bytes): Recipe {
  const parts = recipe.parts.map((part) => (part.name === name ? { ...part, value } : part))
  const isKey = recipe.parts.some((part) => part.name === name && part.role === 'key')
  return isKey ? { ...recipe, parts, key: value } : { ...recipe, parts }
}

/** `EdiDate+Mid+Amt+MerchantKey` */
export const formulaOf = ({ parts }: Pick<Recipe, 'parts'>): string => parts.map(({ wireName }) => wireName).join('+')
