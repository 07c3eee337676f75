import { algorithmRows, charsetRows, hmacRow } from './algorithm-rows.ts'
import { namedValues, ordersOf, separatorRows } from './joining-mistakes.ts'
import { keyRows, type NamedKey, otherKeyRows } from './keys.ts'
import { idOf, type RecipeMistake, type Row } from './mistake.ts'
import { partRows } from './part-rows.ts'
import { type Algorithm, type Bytes, type Part, type Recipe, withPart } from './recipe.ts'

const fromRows = <Change>(
  kind: string,
  rows: readonly Row<Change>[],
  apply: (right: Recipe, change: Change) => Recipe,
): readonly RecipeMistake[] =>
  rows.map(([id, ko, en, ...changes]) => ({
    kind,
    id,
    ko,
    en,
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
