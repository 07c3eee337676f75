/**
 * What a reader of TypeScript needs to tell apart; `text` is the content of a string or a whole template, holes as
 * `\0`.
 */
export interface Token {
  readonly kind: 'word' | 'text' | 'comment' | 'pattern' | 'number' | 'sign'
  readonly text: string
  readonly line: number
}

const lexeme =
  /(?<blank>\s+)|(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|(?<word>[A-Za-z_$#\u0080-\uffff][\w$\u0080-\uffff]*)|(?<number>\d[\w.]*)|(?<sign>=>|[^\s])/y
const pattern = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y
const beforePattern = /^(=>|[([{,;:=!&|?+\-*%<>~^]|return|typeof|case|of|in|await|throw)$/

const isPatternStart = (previous: Token | undefined): boolean =>
  previous === undefined || (previous.kind !== 'text' && beforePattern.test(previous.text))

function matchAt(expression: RegExp, source: string, index: number): RegExpExecArray | undefined {
  expression.lastIndex = index
  return expression.exec(source) ?? undefined
}

interface Scan {
  readonly tokens: readonly Token[]
  readonly end: number
}

/** Reads up to the end, or up to the brace that closes the template hole it was opened for. */
function scan(source: string, start: number, lineAt: (index: number) => number, isHole: boolean): Scan {
  const tokens: Token[] = []
  let index = start
  let depth = 0
  while (index < source.length) {
    if (source[index] === '`') {
      const template = scanTemplate(source, index, lineAt)
      tokens.push(...template.tokens)
      index = template.end
      continue
    }
    const { kind, found } = lexemeAt(source, index, tokens)
    if (found === '{') depth++
    if (found === '}' && depth-- === 0 && isHole) return { tokens, end: index + 1 }
    const text = kind === 'text' ? found.slice(1, -1) : found
    if (kind !== 'blank') tokens.push({ kind, text, line: lineAt(index) })
    index += found.length
  }
  return { tokens, end: index }
}

interface Lexeme {
  readonly kind: Token['kind'] | 'blank'
  readonly found: string
}

/** Whether a slash begins a regular expression depends on the tokens before it. */
function lexemeAt(source: string, index: number, before: readonly Token[]): Lexeme {
  const isComment = source.startsWith('//', index) || source.startsWith('/*', index)
  const mayBePattern = source[index] === '/' && !isComment
  const previous = mayBePattern ? before.findLast(({ kind }) => kind !== 'comment') : undefined
  const regexp = mayBePattern && isPatternStart(previous) ? matchAt(pattern, source, index) : undefined
  if (regexp !== undefined) return { kind: 'pattern', found: regexp[0] }
  const match = matchAt(lexeme, source, index)
  if (match?.groups === undefined) throw new Error(`cannot read the source at ${source.slice(index, index + 20)}`)
  return { kind: kindOf(match.groups) as Lexeme['kind'], found: match[0] }
}

const kindOf = (groups: Record<string, string | undefined>): string =>
  Object.keys(groups).find((name) => groups[name] !== undefined) ?? 'sign'

/** One text token for the whole template, then the tokens of its holes. */
function scanTemplate(source: string, start: number, lineAt: (index: number) => number): Scan {
  const inner: Token[] = []
  let text = ''
  let index = start + 1
  while (index < source.length && source[index] !== '`') {
    if (source.startsWith('${', index)) {
      const hole = scan(source, index + 2, lineAt, true)
      inner.push(...hole.tokens)
      text += '\0'
      index = hole.end
    } else {
      const length = source[index] === '\\' ? 2 : 1
      text += source.slice(index, index + length)
      index += length
    }
  }
  return { tokens: [{ kind: 'text', text, line: lineAt(start) }, ...inner], end: index + 1 }
}

export function tokensOf(source: string): readonly Token[] {
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineAt = (index: number): number => {
    let low = 0
    let high = lineStarts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((lineStarts[middle] ?? 0) <= index) low = middle
      else high = middle
    }
    return low + 1
  }
  const shebang = /^#![^\n]*/.exec(source)?.[0].length ?? 0
  return scan(source, shebang, lineAt, false).tokens
}
