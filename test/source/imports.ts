import { posix } from 'node:path'
import type { SourceFile } from './files.ts'
import type { Token } from './tokens.ts'

/** Static, re-exported, dynamic and type-position imports, and paths looked up with `resolve(…)`. */
export interface Import {
  readonly specifier: string
  readonly line: number
  readonly isTypeOnly: boolean
}

export function importsOf({ tokens }: SourceFile): readonly Import[] {
  const code = tokens.filter(({ kind }) => kind !== 'comment')
  return code.flatMap((token, index) => {
    if (token.kind !== 'text' || !namesModule(code, index)) return []
    return [{ specifier: token.text, line: token.line, isTypeOnly: isTypeOnly(code, index) }]
  })
}

function namesModule(code: readonly Token[], index: number): boolean {
  const previous = code[index - 1]
  if (previous?.kind === 'word') return previous.text === 'from' || previous.text === 'import'
  const opener = code[index - 2]
  return previous?.text === '(' && opener?.kind === 'word' && ['import', 'resolve', 'require'].includes(opener.text)
}

function isTypeOnly(code: readonly Token[], index: number): boolean {
  const start = code.findLastIndex(
    ({ kind, text }, at) => at < index && kind === 'word' && /^(import|export)$/.test(text),
  )
  return code[start + 1]?.text === 'type'
}

/** Repository path a relative specifier points to. */
export const resolveRelative = (from: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(from), specifier))

/** The entry points and everything that they import, by relative imports, as far as `find` knows the files. */
export function reachableFrom(
  entryPoints: readonly string[],
  find: (path: string) => SourceFile | undefined,
  follows: (found: Import) => boolean = () => true,
): readonly SourceFile[] {
  const reached = new Set<SourceFile>()
  const waiting = [...entryPoints]
  for (const path of waiting) {
    const file = find(path)
    if (file === undefined || reached.has(file)) continue
    reached.add(file)
    const imports = importsOf(file).filter(follows)
    waiting.push(...imports.map(({ specifier }) => resolveRelative(path, specifier)))
  }
  return [...reached]
}
