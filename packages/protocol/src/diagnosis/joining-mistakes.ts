import type { RecipeMistake, Row } from './mistake.ts'
import { formulaOf, type Recipe } from './recipe.ts'

const separators = {
  comma: ',',
  bar: '|',
  ampersand: '&',
  blank: ' ',
  colon: ':',
  hyphen: '-',
  semicolon: ';',
  slash: '/',
  line_end: '\n',
  plus: '+',
  underscore: '_',
  tab: '\t',
}

/** What stands between the values. */
export const separatorRows: readonly Row<string>[] = Object.entries(separators).map(([name, separator]) => {
  const shown = JSON.stringify(separator)
  return [
    `separator_${name}`,
    `값 사이에 구분자 ${shown} 가 있습니다`,
    `joins with ${shown} between the values`,
    separator,
  ]
})

/** `EdiDate=…&Mid=…`, as a query. */
export const namedValues: RecipeMistake = {
  kind: 'separator',
  id: 'separator_names',
  ko: '값 앞에 이름=을 붙였습니다',
  en: 'has name= before each value',
  changes: (right) =>
    ['&', '', ',', '|'].map((separator) => ({
      ...right,
      separator,
      parts: right.parts.map((part) =>
        typeof part.value === 'string' ? { ...part, value: `${part.wireName}=${part.value}` } : part,
      ),
    })),
}

const permutations = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))

/** Every order but the right one. */
export const ordersOf = ({ parts }: Recipe): readonly RecipeMistake[] =>
  permutations(parts)
    .slice(1)
    .map((order) => ({
      kind: 'order',
      isWide: parts.length > 4,
      id: `order_${order.map(({ name }) => name).join('_')}`,
      ko: `순서가 ${formulaOf({ parts: order })} 입니다`,
      en: `joins in the order ${formulaOf({ parts: order })}`,
      changes: (right) => [
        { ...right, parts: order.flatMap(({ name }) => right.parts.filter((part) => part.name === name)) },
      ],
    }))
