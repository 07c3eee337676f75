import type { LocalizedText } from '@sspay/protocol'
import type { Column } from './columns.ts'
import { UnreadableFileError } from './read-csv.ts'

/** How a file of another party is read: its columns, and the texts that stand for each kind of row. */
export interface FileMapping<Name extends string, Required extends Name, Kind extends string> {
  readonly delimiter: string
  readonly columns: { readonly [Key in Required]: Column } & { readonly [Key in Name]?: Column }
  readonly kinds: Readonly<Record<Kind, readonly string[]>>
}

/**
 * Reads a mapping. What it leaves out is that of the usual one, except single columns.
 *
 * @throws {@link UnreadableFileError} with the wrong entry and the rule for it
 */
export function readFileMapping<Name extends string, Required extends Name, Kind extends string>(
  json: unknown,
  usual: FileMapping<Name, Required, Kind>,
  required: readonly Required[],
): FileMapping<Name, Required, Kind> {
  const { delimiter = usual.delimiter, columns, kinds } = entriesOf(json, '', ['delimiter', 'columns', 'kinds'])
  if (typeof delimiter !== 'string' || !/^[^"\r\n]$/.test(delimiter))
    throw problem('delimiter', { ko: '문자 하나입니다.', en: 'It must be one character.' })
  return {
    delimiter,
    columns: columns === undefined ? usual.columns : readColumnsGiven(columns, Object.keys(usual.columns), required),
    kinds: kinds === undefined ? usual.kinds : (readKinds(kinds, Object.keys(usual.kinds)) as typeof usual.kinds),
  }
}

function readColumnsGiven<Name extends string, Required extends Name>(
  json: unknown,
  known: readonly string[],
  required: readonly Required[],
): FileMapping<Name, Required, never>['columns'] {
  const columns = entriesOf(json, 'columns', known)
  for (const [name, column] of Object.entries(columns))
    if (!isColumn(column))
      throw problem(`columns.${name}`, {
        ko: '첫 줄의 이름이거나 1부터의 순서입니다.',
        en: 'It must be a name in the first line, or a position from 1.',
      })
  for (const name of required)
    if (columns[name] === undefined) throw problem(`columns.${name}`, { ko: '필요합니다.', en: 'It is required.' })
  if (new Set(Object.values(columns).map((column) => typeof column)).size > 1)
    throw problem('columns', { ko: '모두 이름이거나 모두 순서입니다.', en: 'They must be all names or all positions.' })
  return columns as FileMapping<Name, Required, never>['columns']
}

function readKinds(json: unknown, known: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const given = entriesOf(json, 'kinds', known)
  for (const [name, texts] of Object.entries(given))
    if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string'))
      throw problem(`kinds.${name}`, { ko: '문자열 목록이어야 합니다.', en: 'It must be a list of strings.' })
  const none = Object.fromEntries(known.map((name) => [name, []]))
  return { ...none, ...(given as Readonly<Record<string, readonly string[]>>) }
}

const isColumn = (value: unknown): value is Column =>
  (typeof value === 'string' && value !== '') || (Number.isSafeInteger(value) && Number(value) >= 1)

function entriesOf(json: unknown, path: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw problem(path || '{}', { ko: 'JSON 객체입니다.', en: 'It must be a JSON object.' })
  const unknown = Object.keys(json).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw problem(path === '' ? unknown : `${path}.${unknown}`, {
      ko: `모르는 이름입니다. ${known.join(', ')} 중 하나입니다.`,
      en: `It is unknown; known are ${known.join(', ')}.`,
    })
  return json as Readonly<Record<string, unknown>>
}

const problem = (where: string, { ko, en }: LocalizedText): UnreadableFileError =>
  new UnreadableFileError({ ko: `${where}: ${ko}`, en: `${where}: ${en}` })
