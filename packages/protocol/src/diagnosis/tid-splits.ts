import { approvalResult } from '../messages/approval.ts'
import type { RecipeMistake } from './mistake.ts'
import { type Recipe, withPart } from './recipe.ts'

type Range = readonly [from: number, to: number | undefined]

const shown = ([from, to]: Range): string => `[${from}..${to ?? ''})`

/** Tid in three other pieces than 10, 5 and the rest. */
function splitAs(transactionId: string, ranges: readonly [Range, Range, Range]): RecipeMistake {
  const [start, middle, end] = ranges.map(([from, to]) => transactionId.slice(from, to))
  const pieces = ranges.map(shown).join(', ')
  return {
    kind: 'order',
    id: 'tid_split',
    isWide: true,
    ko: `Tid를 10자, 5자, 나머지가 아니라 ${pieces} 로 나눴습니다`,
    en: `splits Tid into ${pieces}, not into 10, 5 and the remaining characters`,
    changes: (right) => [
      withPart(withPart(withPart(right, 'tidStart', start ?? ''), 'tidMiddle', middle ?? ''), 'tidEnd', end ?? ''),
    ],
  }
}

/** Tid as one text, in each order with the other two. */
const whole = (transactionId: string): RecipeMistake => ({
  kind: 'order',
  id: 'tid_whole',
  ko: 'Tid를 나누지 않고 넣었습니다',
  en: 'puts in Tid as a whole',
  changes: (right) => {
    const others = right.parts.filter(({ name }) => name === 'resultCode' || name === 'key')
    const tid = { name: 'tid', wireName: 'Tid', role: 'code', value: transactionId } as const
    return [others, others.toReversed()].flatMap((pair) =>
      [0, 1, 2].map((index): Recipe => ({ ...right, parts: pair.toSpliced(index, 0, tid) })),
    )
  },
})

/** What substr, which takes a length, and substring, which takes an end, make of each other's numbers. */
const confused: readonly (readonly [Range, Range, Range])[] = [
  [
    [0, 10],
    [10, 25],
    [15, undefined],
  ],
  [
    [0, 10],
    [5, 10],
    [15, undefined],
  ],
  [
    [0, 10],
    [10, 15],
    [16, undefined],
  ],
  [
    [0, 10],
    [11, 15],
    [16, undefined],
  ],
  [
    [0, 10],
    [11, 16],
    [16, undefined],
  ],
  [
    [1, 11],
    [11, 16],
    [16, undefined],
  ],
  [
    [0, 9],
    [10, 14],
    [15, undefined],
  ],
]

/** Each pair of places costs a hash: a text that is longer than a Tid is split in its beginning only. */
const mostPlaces = approvalResult.Tid.format.maxLength

export function otherSplits(transactionId: string): readonly RecipeMistake[] {
  const length = Math.min(transactionId.length, mostPlaces)
  const contiguous = Array.from({ length }, (_a, first) =>
    Array.from({ length }, (_b, second): readonly [Range, Range, Range] => [
      [0, first],
      [first, second],
      [second, undefined],
    ]).filter(([, [from, to = 0]]) => from > 0 && to > from && !(from === 10 && to === 15)),
  ).flat()
  return [whole(transactionId), ...[...confused, ...contiguous].map((ranges) => splitAs(transactionId, ranges))]
}
