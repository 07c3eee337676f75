import type { SourceFile, Violation } from '../source/files.ts'
import type { Rule } from './rule.ts'

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

/** `Q01` and so on, wherever a file names one. */
export const questionsIn = ({ text }: Pick<SourceFile, 'text'>): readonly string[] => text.match(/\bQ\d\d\b/g) ?? []

const maxColumns = 120

export const shortCommentLines: Rule = ({ path, text, tokens }) => {
  const lines = text.split('\n')
  return tokens
    .filter(({ kind }) => kind === 'comment')
    .flatMap((comment) =>
      comment.text.split('\n').flatMap((content, offset): readonly Violation[] => {
        const line = comment.line + offset
        const columns = lines[line - 1]?.length ?? 0
        if (columns <= maxColumns || /https?:\S/.test(content)) return []
        return [{ path, line, message: `a comment line of ${columns} columns` }]
      }),
    )
}
