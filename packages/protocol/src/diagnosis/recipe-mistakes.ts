import { encodeText, firstUnwritable } from '../charset.ts'
import { keyRows, type NamedKey, otherKeyRows } from './keys.ts'
import { idOf, type RecipeMistake, type Row } from './mistake.ts'
import { partRows } from './part-rows.ts'
import {
  type Algorithm,
  type Bytes,
  formulaOf,
  hashed,
  keyed,
  type Part,
  type Recipe,
  sha256,
  utf8,
  withPart,
} from './recipe.ts'

/** Digests are bytes, and yet some shops hash their text: each character one byte of it. */
const written = (bytes: Uint8Array, encoding: 'hex' | 'base64'): Uint8Array =>
  utf8(Buffer.from(bytes).toString(encoding))

const inHex = ({ length, digest }: Algorithm): Algorithm => ({
  length: 2 * length,
  digest: (joined, key) => written(digest(joined, key), 'hex'),
})

const twice = (between: (bytes: Uint8Array) => Uint8Array): Algorithm => ({
  length: sha256.length,
  digest: (joined, key) => sha256.digest(between(sha256.digest(joined, key)), key),
})

/** What is made of the joined bytes in place of SHA-256. */
const algorithmRows: readonly Row<Algorithm>[] = [
  ['md5_hex_base64', '옛 예제의 MD5 방식입니다', 'is the MD5 of old samples', inHex(hashed('md5', 16))],
  ['md5', 'MD5를 썼습니다', 'is MD5', hashed('md5', 16)],
  ['sha1', 'SHA-1을 썼습니다', 'is SHA-1', hashed('sha1', 20)],
  ['sha384', 'SHA-384를 썼습니다', 'is SHA-384', hashed('sha384', 48)],
  ['sha512', 'SHA-512를 썼습니다', 'is SHA-512', hashed('sha512', 64)],
  ['sha3', 'SHA3-256을 썼습니다', 'is SHA3-256', hashed('sha3-256', 32)],
  [
    'hash_twice',
    'SHA-256을 두 번 했습니다',
    'is hashed twice with SHA-256',
    twice((bytes) => bytes),
    twice((bytes) => written(bytes, 'hex')),
    twice((bytes) => written(bytes, 'base64')),
  ],
]

const hmacRow: Row<Algorithm> = [
  'hmac',
  '상점키를 키로 쓴 HMAC입니다',
  'is an HMAC keyed with the MerchantKey',
  keyed('sha256', 32),
  keyed('sha512', 64),
]

const eucKr = (text: string): Uint8Array =>
  firstUnwritable(text, 'euc-kr') === undefined ? encodeText(text, 'euc-kr') : utf8(text)

const charsetRows: readonly Row<Recipe['bytesOf']>[] = [
  ['euc_kr', '글자를 UTF-8이 아니라 EUC-KR 바이트로 해시했습니다', 'hashes EUC-KR bytes, not UTF-8', eucKr],
  [
    'utf16',
    'UTF-16 글자를 해시했습니다',
    'hashes UTF-16 text',
    (text) => Buffer.from(text, 'utf16le'),
    (text) => Buffer.from(text, 'utf16le').swap16(),
  ],
]

const separatorRows: readonly Row<string>[] = [
  ...['comma ,', 'bar |', 'ampersand &', 'blank  ', 'colon :', 'hyphen -', 'semicolon ;', 'slash /'],
  ...['line_end \n', 'plus +', 'underscore _', 'tab \t'],
].map((row): Row<string> => {
  const [name = '', separator] = [row.slice(0, row.indexOf(' ')), row.slice(row.indexOf(' ') + 1)]
  const shown = JSON.stringify(separator)
  return [
    `separator_${name}`,
    `값 사이에 구분자 ${shown} 가 있습니다`,
    `joins with ${shown} between the values`,
    separator,
  ]
})

/** `EdiDate=…&Mid=…`, as a query. */
const namedValues: RecipeMistake = {
  ...{ kind: 'separator', id: 'separator_names', ko: '값 앞에 이름=을 붙였습니다', en: 'has name= before each value' },
  changes: (right) =>
    ['&', '', ',', '|'].map((separator) => ({
      ...{ ...right, separator },
      parts: right.parts.map((part) =>
        typeof part.value === 'string' ? { ...part, value: `${part.wireName}=${part.value}` } : part,
      ),
    })),
}

const permutations = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))

const ordersOf = ({ parts }: Recipe): readonly RecipeMistake[] =>
  permutations(parts)
    .slice(1)
    .map((order) => ({
      ...{ kind: 'order', isWide: parts.length > 4 },
      id: `order_${order.map(({ name }) => name).join('_')}`,
      ko: `순서가 ${formulaOf({ parts: order })} 입니다`,
      en: `joins in the order ${formulaOf({ parts: order })}`,
      changes: (right) => [
        { ...right, parts: order.flatMap(({ name }) => right.parts.filter((part) => part.name === name)) },
      ],
    }))

const fromRows = <Change>(
  kind: string,
  rows: readonly Row<Change>[],
  apply: (right: Recipe, change: Change) => Recipe,
): readonly RecipeMistake[] =>
  rows.map(([id, ko, en, ...changes]) => ({
    ...{ kind, id, ko, en },
    changes: (right) => changes.map((change) => apply(right, change)),
  }))

const partMistakes = (part: Part): readonly RecipeMistake[] => {
  const { name, value } = part
  return typeof value === 'string'
    ? fromRows(name, partRows(part, idOf(name)), (right, change) => withPart(right, name, change(value)))
    : []
}

const withAlgorithm = (right: Recipe, algorithm: Algorithm): Recipe => ({ ...right, algorithm })

/** With an HMAC the key is often left out of what is joined. */
const hmacs: readonly RecipeMistake[] = fromRows('algorithm', [hmacRow], withAlgorithm).map((mistake) => ({
  ...mistake,
  changes: (right) =>
    mistake
      .changes(right)
      .flatMap((recipe) => [recipe, { ...recipe, parts: recipe.parts.filter(({ role }) => role !== 'key') }]),
}))

const keyMistakes = ({ name, value }: Part, otherKeys: readonly NamedKey[]): readonly RecipeMistake[] =>
  fromRows(name, [...keyRows, ...otherKeyRows(otherKeys)], (right, change: (key: string) => Bytes) =>
    withPart(right, name, change(String(value))),
  )

/** Many ways each, and hardly ever met beside another mistake. */
const wide = /^(key_pem|key_lines|hash_twice|separator_names|\w+_undefined)$/

/** Everything that is known to go wrong with this recipe, one by one. */
export const recipeMistakes = (right: Recipe, otherKeys: readonly NamedKey[] = []): readonly RecipeMistake[] =>
  everyMistake(right, otherKeys).map((mistake) => (wide.test(mistake.id) ? { ...mistake, isWide: true } : mistake))

const everyMistake = (right: Recipe, otherKeys: readonly NamedKey[]): readonly RecipeMistake[] => [
  ...fromRows('algorithm', algorithmRows, withAlgorithm),
  ...(right.key === '' ? [] : hmacs),
  ...fromRows('charset', charsetRows, (recipe, bytesOf) => ({ ...recipe, bytesOf })),
  ...right.parts.flatMap(partMistakes),
  ...right.parts.flatMap((part) => (part.role === 'key' ? keyMistakes(part, otherKeys) : [])),
  ...fromRows('separator', separatorRows, (recipe, separator) => ({ ...recipe, separator })),
  namedValues,
  ...ordersOf(right),
]
