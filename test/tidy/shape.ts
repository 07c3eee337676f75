import { stripTypeScriptTypes } from 'node:module'
import { type AnyNode, type Function as FunctionNode, parse } from 'acorn'
import type { SourceFile, Violation } from '../source/files.ts'
import { codeRule, type Rule } from './rule.ts'

const linesOf = (text: string): number => text.trimEnd().split('\n').length

export const shortFiles =
  (limit: number): Rule =>
  ({ path, text }) =>
    linesOf(text) > limit ? [{ path, line: limit + 1, message: `${linesOf(text)} lines, at most ${limit}` }] : []

const isNode = (value: unknown): value is AnyNode => typeof value === 'object' && value !== null && 'type' in value

const isFunction = ({ type }: AnyNode): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type)

/** A function called where it stands is the frame of a script for browsers, not a step of anything. */
const isFrame = (node: AnyNode, parent: AnyNode): boolean => parent.type === 'CallExpression' && parent.callee === node

function functionsIn(node: AnyNode, parent: AnyNode = node): readonly FunctionNode[] {
  const children = Object.values(node).flat().filter(isNode)
  const own = isFunction(node) && !isFrame(node, parent) ? [node as FunctionNode] : []
  return [...own, ...children.flatMap((child) => functionsIn(child, node))]
}

/** Stripping types keeps every line where it is. */
export const shortFunctions =
  (limit: number): Rule =>
  ({ path, text }) => {
    const source = stripTypeScriptTypes(text.replace(/^#!/, '//'))
    const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
    return functionsIn(program).flatMap(({ loc }) => {
      const { start, end } = loc as NonNullable<typeof loc>
      const length = end.line - start.line + 1
      return length > limit
        ? [{ path, line: start.line, message: `a function of ${length} lines, at most ${limit}` }]
        : []
    })
  }

const unfinished = /\b(TODO|FIXME|XXX|HACK)\b/
const codeLike =
  /^(?:(?:const|let|var) [\w{[].*=|return\b.*[;)]$|if \(.*[{;)]$|for \(.*[{)]$|import .*from|await \w+.*\)|\}|[\w.]+\(.*\);?$)/
const banner = /^[-=*#─═]{4,}|[-=*#─═]{4,}$/

/** What is wrong with a comment, or undefined. */
function commentFault(comment: string): string | undefined {
  if (unfinished.test(comment)) return 'an unfinished thought in a comment'
  const isDoc = comment.startsWith('/**')
  const lines = comment.split('\n').map((line) =>
    line
      .replace(/^\s*(\/\/|\/\*+|\*+\/|\*(?!\/))/, '')
      .replace(/\*\/\s*$/, '')
      .trim(),
  )
  if (lines.some((line) => banner.test(line))) return 'a section banner'
  return !isDoc && lines.some((line) => codeLike.test(line)) ? 'commented-out code' : undefined
}

export const usefulComments: Rule = ({ path, tokens }) =>
  tokens.flatMap(({ kind, text, line }): readonly Violation[] => {
    const message = kind === 'comment' ? commentFault(text) : undefined
    return message === undefined ? [] : [{ path, line, message }]
  })

const isDoor = /^packages\/[^/]+\/src\/index\.ts$/

export const plainExports: Rule = codeRule((code, index, path) => {
  if (code[index]?.text !== 'export' || code[index]?.kind !== 'word') return undefined
  if (code[index + 1]?.text === 'default') return 'a default export'
  return !isDoor.test(path) && reexports(code.slice(index + 1, index + 200).map(({ text }) => text))
    ? 'a barrel: import it where it lives'
    : undefined
})

function reexports(after: readonly string[]): boolean {
  const start = after[0] === 'type' ? 1 : 0
  if (after[start] === '*') return true
  return after[start] === '{' && after[after.indexOf('}') + 1] === 'from'
}

/** `Q01` and so on, wherever a file names one. */
export const questionsIn = ({ text }: Pick<SourceFile, 'text'>): readonly string[] => text.match(/\bQ\d\d\b/g) ?? []
