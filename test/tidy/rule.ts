import type { SourceFile, Violation } from '../source/files.ts'
import type { Token } from '../source/tokens.ts'

export type Rule = (file: SourceFile) => readonly Violation[]

/** Path or path prefix → why the rule does not hold there. */
export type Exceptions = Readonly<Record<string, string>>

export const isExcepted = (path: string, exceptions: Exceptions): boolean =>
  Object.keys(exceptions).some((prefix) => path === prefix || (prefix.endsWith('/') && path.startsWith(prefix)))

/** A rule about single places in a file: `find` names what is wrong with the token at `index` of the code. */
export const codeRule =
  (find: (code: readonly Token[], index: number) => string | undefined): Rule =>
  ({ path, tokens }) => {
    const code = tokens.filter(({ kind }) => kind !== 'comment')
    return code.flatMap((token, index) => {
      const message = find(code, index)
      return message === undefined ? [] : [{ path, line: token.line, message }]
    })
  }

export const except =
  (exceptions: Exceptions, rule: Rule): Rule =>
  (file) =>
    isExcepted(file.path, exceptions) ? [] : rule(file)

export const within =
  (place: RegExp, rule: Rule): Rule =>
  (file) =>
    place.test(file.path) ? rule(file) : []
