import type { LocalizedText } from '@sspay/protocol'
import { groupThousands } from '@sspay/protocol/internal'

/** `1,004원`, `1,004 won`. */
export const wonText = (amount: number): LocalizedText => {
  const digits = groupThousands(amount)
  return { ko: `${digits}원`, en: `${digits} won` }
}

const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}]/u

/** In terminal cells: East Asian wide characters take two. */
export const displayWidth = (text: string): number => [...text].reduce((sum, one) => sum + (wide.test(one) ? 2 : 1), 0)

export const padTo = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)))

/** A table whose columns are as wide as their widest cell. */
export function columns(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = rows.reduce<readonly number[]>(
    (known, row) => row.map((cell, at) => Math.max(known[at] ?? 0, displayWidth(cell))),
    [],
  )
  return rows
    .map((row) => `${`${indent}${row.map((cell, at) => padTo(cell, widths[at] ?? 0)).join('  ')}`.trimEnd()}\n`)
    .join('')
}
