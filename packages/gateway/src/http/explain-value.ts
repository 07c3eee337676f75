import type { FieldProblem, FieldTable, WireText } from '@sspay/protocol'
import type { Explanation } from '../diagnosis.ts'

/** As people write numbers and times: `1,004`, `1004원`, `1004.00`, `2026-12-31 23:59:59`. */
const amount = /^₩?\s*[0-9][0-9,\s]{0,20}(\.[0-9]{3})*(\.0+)?\s*원?$/
const time = /^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}[\sT][0-9]{2}:[0-9]{2}:[0-9]{2}$/

const digitsOf = (text: string): string => text.replace(/\.0{1,2}(?=\s*원?$)/, '').replace(/[^0-9]/g, '')

/** Of malformed numbers and times: what came, and the same in the right form. Never a personal or secret value. */
export function explainValues(
  table: FieldTable,
  fields: WireText,
  problems: readonly FieldProblem[],
): Explanation | undefined {
  const found = problems.flatMap(({ field, rule }) => {
    const row = Object.hasOwn(table, field) ? table[field] : undefined
    const came = (fields[field] ?? '').trim()
    const right = digitsOf(came)
    if (rule === 'missing' || row?.sensitivity !== 'public' || !(amount.test(came) || time.test(came))) return []
    const isNumber = row.format.read('a') === undefined
    return isNumber && right !== came && row.format.read(right) !== undefined ? [{ field, came, right }] : []
  })
  if (found.length === 0) return undefined
  return {
    mistakes: found.map(() => 'value_for_people'),
    words: {
      ko: found.map(({ field, came, right }) => `${field}=${came}: ${right}(으)로 보내세요.`).join(' '),
      en: found.map(({ field, came, right }) => `${field}=${came}: send ${right}.`).join(' '),
    },
  }
}
