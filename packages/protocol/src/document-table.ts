import type { Field, FieldTable, Sensitivity } from './field-table.ts'

const head = ['파라미터', '항목명', 'sspay', '길이', '필수', '민감도', '형식', '예'] as const

const sensitivityText: Readonly<Record<Sensitivity, string>> = { public: '', personal: 'personal', secret: 'secret' }

/**
 * The guide's parameter table in Markdown, with our name, sensitivity, format and one example beside each wire name.
 */
export function documentTable(table: FieldTable): string {
  return markdownTable(head, Object.entries(table).map(rowOf))
}

function rowOf([wireName, field]: [string, Field<string, unknown, boolean>]): readonly string[] {
  const { name, format, required, label, sensitivity } = field
  const { maxLength, toleratedLength = maxLength, hint, examples } = format
  const length = toleratedLength > maxLength ? `${maxLength} (≤ ${toleratedLength} read)` : String(maxLength)
  return [
    inCode(wireName),
    label,
    inCode(name),
    length,
    required ? '필수' : '선택',
    sensitivityText[sensitivity],
    hint.ko === hint.en ? hint.ko : `${hint.ko} · ${hint.en}`,
    inCode(format.write(examples[0])),
  ]
}

const inCode = (text: string): string => `\`${text}\``

/** Rows as a Markdown table; a `|` in a cell stays text. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
