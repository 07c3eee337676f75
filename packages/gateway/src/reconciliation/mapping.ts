import type { EntryKind } from './model.ts'

/** What a row of an acquirer's file may be. */
export type FileKind = Exclude<EntryKind, 'indeterminate'>

/** A column by the name in the file's first line, or by its position from 1 in a file without names. */
export type Column = string | number

/** How an acquirer's file is read. */
export interface Mapping {
  readonly delimiter: string
  readonly columns: {
    readonly transactionId: Column
    readonly amount: Column
    /** Without it a negative amount is a refund, every other one an approval. */
    readonly kind?: Column
    /** Without it days are not compared. */
    readonly time?: Column
  }
  /** What the column of the kind says for each. Rows of `ignored` are left out, such as those with sums. */
  readonly kinds: Readonly<Record<FileKind | 'ignored', readonly string[]>>
}

/** The files of `sspay-gateway report` and `sspay cards ledger`. */
export const usualMapping: Mapping = {
  delimiter: ',',
  columns: { transactionId: '거래번호', amount: '금액', kind: '구분', time: '시각' },
  kinds: { approval: ['승인'], refund: ['취소'], reversal: ['망취소'], ignored: ['미확정'] },
}

/** @throws with the wrong entry and the rule for it */
export function readMapping(json: unknown): Mapping {
  const { delimiter, columns, kinds } = entriesOf(json, '', ['delimiter', 'columns', 'kinds'])
  if (delimiter !== undefined && (typeof delimiter !== 'string' || !/^[^"\r\n]$/.test(delimiter)))
    throw problem('delimiter', '문자 하나입니다. It must be one character.')
  const names = Object.keys(usualMapping.columns)
  const columnsGiven = columns === undefined ? usualMapping.columns : entriesOf(columns, 'columns', names)
  for (const [name, column] of Object.entries(columnsGiven))
    if (!isColumn(column))
      throw problem(
        `columns.${name}`,
        '첫 줄의 이름이거나 1부터의 순서입니다. It must be a name in the first line, or a position from 1.',
      )
  const { transactionId, amount, kind, time } = columnsGiven as Partial<Mapping['columns']>
  if (transactionId === undefined) throw problem('columns.transactionId', '필요합니다. It is required.')
  if (amount === undefined) throw problem('columns.amount', '필요합니다. It is required.')
  const types = new Set(Object.values(columnsGiven).map((column) => typeof column))
  if (types.size > 1)
    throw problem('columns', '모두 이름이거나 모두 순서입니다. They must be all names or all positions.')
  const read = {
    transactionId,
    amount,
    ...(kind === undefined ? {} : { kind }),
    ...(time === undefined ? {} : { time }),
  }
  return { delimiter: delimiter ?? usualMapping.delimiter, columns: read, kinds: readKinds(kinds) }
}

function readKinds(kinds: unknown): Mapping['kinds'] {
  if (kinds === undefined) return usualMapping.kinds
  const names = Object.keys(usualMapping.kinds)
  const given = entriesOf(kinds, 'kinds', names)
  for (const [name, texts] of Object.entries(given))
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string'))
      throw problem(`kinds.${name}`, '문자열의 목록입니다. It must be a list of strings.')
  const none = Object.fromEntries(names.map((name) => [name, []])) as unknown as Mapping['kinds']
  return { ...none, ...(given as Partial<Mapping['kinds']>) }
}

const isColumn = (value: unknown): value is Column =>
  (typeof value === 'string' && value !== '') || (Number.isSafeInteger(value) && Number(value) >= 1)

function entriesOf(json: unknown, path: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw problem(path || '{}', 'JSON 객체입니다. It must be a JSON object.')
  const unknown = Object.keys(json).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw problem(
      path === '' ? unknown : `${path}.${unknown}`,
      `모르는 이름입니다. It is unknown; known are ${known.join(', ')}.`,
    )
  return json as Readonly<Record<string, unknown>>
}

const problem = (where: string, rule: string): Error => new Error(`${where}: ${rule}`)
