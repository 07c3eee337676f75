import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelWideTables, type TableToken } from '../../docs/site/.vitepress/wide-tables.mts'

/** The attributes of the tokens of one table, each as `type name=value`. */
function attributesOf(headings: readonly string[], cells: readonly string[]): readonly string[] {
  const set: string[] = []
  const token = (type: string, content = ''): TableToken => {
    const note = (name: string, value: string): void => void set.push(`${type} ${name}=${value}`)
    return { type, content, attrSet: note }
  }
  const cell = (kind: string) => (text: string) => [
    token(`${kind}_open`),
    token('inline', text),
    token(`${kind}_close`),
  ]
  labelWideTables([
    token('table_open'),
    ...headings.flatMap(cell('th')),
    ...cells.flatMap(cell('td')),
    token('table_close'),
    ...cell('td')('of another table'),
  ])
  return set
}

test('the cells of a wide table know their headings, row after row', () => {
  assert.deepEqual(attributesOf(['`A`', 'B', 'C', 'D', 'E'], ['1', '2', '3', '4', '5', '6']), [
    ...['A', 'B', 'C', 'D', 'E', 'A'].map((heading) => `td_open data-heading=${heading}`),
  ])
})

test('a table that fits on a phone stays as it is', () => {
  assert.deepEqual(attributesOf(['A', 'B', 'C', 'D'], ['1', '2', '3', '4']), [])
})
