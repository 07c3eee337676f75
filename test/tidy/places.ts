import type { SourceFile, Violation } from '../source/files.ts'
import type { Token } from '../source/tokens.ts'
import { codeRule, type Rule } from './rule.ts'

const isText = (code: readonly Token[], index: number, ...expected: readonly string[]): boolean =>
  expected.every((text, offset) => code[index + offset]?.text === text && code[index + offset]?.kind !== 'text')

const isMember = (code: readonly Token[], index: number): boolean => code[index - 1]?.text === '.'

/** A method or function of that name is declared here: its parameters are followed by a type or a body. */
function isDeclaration(code: readonly Token[], index: number): boolean {
  const before = code[index - 1]?.text ?? ''
  if (before === 'function') return true
  if (/^(await|return|=|=>|\?|:|\(|,?\.\.\.)$/.test(before)) return false
  let depth = 0
  for (let at = index + 1; at < code.length; at++) {
    if (code[at]?.text === '(') depth++
    if (code[at]?.text === ')' && --depth === 0) return /^[:{]$/.test(code[at + 1]?.text ?? '')
  }
  return false
}

const chance = /^(randomBytes|randomUUID|randomInt|getRandomValues)$/
const timer = /^(setTimeout|setInterval)$/

/** The clock, chance, timers and outgoing HTTP come from the runtime that is handed in. */
export const noDirectRuntime: Rule = codeRule((code, index) => {
  if (code[index]?.kind !== 'word') return undefined
  const text = code[index]?.text ?? ''
  if (isText(code, index, 'Date', '.', 'now')) return 'Date.now'
  if (isText(code, index, 'new', 'Date', '(', ')')) return 'new Date()'
  if (isText(code, index, 'performance', '.', 'now')) return 'performance.now'
  if (isText(code, index, 'Math', '.', 'random')) return 'Math.random'
  if (chance.test(text) && !isMember(code, index)) return text
  if (timer.test(text) && !isMember(code, index) && code[index + 1]?.text === '(') return text
  const calls = text === 'fetch' && code[index + 1]?.text === '(' && !isMember(code, index)
  return calls && !isDeclaration(code, index) ? 'fetch' : undefined
})

export const noEnvironment: Rule = codeRule((code, index) =>
  isText(code, index, 'process', '.', 'env') ? 'process.env' : undefined,
)

const statement =
  /^\s*(with\s+\w+|select\s[\s\S]*\s(from|where)\s|select\s+\S+\s*$|insert\s+(or\s+\w+\s+)?into\s|update\s+\w+\s+set\s|delete\s+from\s|create\s+(unique\s+)?(table|index)\s|alter\s+table\s|pragma\s)/i

const isSql = ({ kind, text }: Token): boolean => kind === 'text' && statement.test(text)

export const noSql: Rule = codeRule((code, index) => (isSql(code[index] as Token) ? 'SQL outside a store' : undefined))

export const tablesCreatedIn = (sql: string): readonly string[] =>
  [...sql.matchAll(/create\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)/gi)].map(([, table = '']) => table)

/** Which stores name which table: exactly one each. */
export function tablesOutOfPlace(tables: readonly string[], stores: readonly SourceFile[]): readonly Violation[] {
  return tables.flatMap((table) => {
    const names = new RegExp(`\\b(from|into|update|join|table)\\s+${table}\\b`, 'i')
    const places = stores.flatMap(({ path, tokens }) => {
      const found = tokens.find(({ kind, text }) => kind === 'text' && names.test(text))
      return found === undefined
        ? []
        : [{ path, line: found.line, message: `table ${table} is named in several stores` }]
    })
    if (places.length === 0)
      return [{ path: 'storage/migrations', line: 1, message: `no store names the table ${table}` }]
    return places.length === 1 ? [] : places
  })
}

/** `expose()` of a secret, and what the shop's packages call `exposeMerchantKey()` and the like. */
export const noExpose: Rule = codeRule((code, index) =>
  code[index]?.text === '.' && /^expose([A-Z]|$)/.test(code[index + 1]?.text ?? '') && code[index + 2]?.text === '('
    ? 'a secret is used here'
    : undefined,
)
