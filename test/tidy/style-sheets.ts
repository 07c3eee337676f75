import type { SourceFile, Violation } from '../source/files.ts'

/** A whole template of rules, not a `{` in a text. */
const sheet = /`([^`]*\n[^`]*\{[^`{}]*:[^`{}]*\}[^`]*)`/g

const classesDefinedIn = (css: string): readonly string[] =>
  [...css.matchAll(/([^{}]+)\{/g)].flatMap(([, selectors = '']) =>
    selectors.split(',').flatMap((selector) => /^\s*\.([a-z][\w-]*)\s*$/.exec(selector)?.[1] ?? []),
  )

/** A rule for a class alone defines it. Two sheets that define one name meet on some page, where the later one wins. */
export function classesDefinedTwice(files: readonly SourceFile[]): readonly Violation[] {
  const places = new Map<string, Set<string>>()
  for (const { path, text } of files)
    for (const [, css = ''] of text.matchAll(sheet))
      for (const name of classesDefinedIn(css)) places.set(name, (places.get(name) ?? new Set()).add(path))
  return [...places].flatMap(([name, paths]) =>
    paths.size < 2
      ? []
      : [{ path: [...paths].toSorted().join(' '), line: 1, message: `.${name} in several style sheets` }],
  )
}
