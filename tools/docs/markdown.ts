/** A fenced block of code. */
export interface CodeBlock {
  /** First word after the fence, for example `ts`; may be empty. */
  readonly language: string
  /** The rest of the info string. */
  readonly note: string
  readonly code: string
  /** Line of the fence, from 1. */
  readonly line: number
  /** The HTML comment on the line before the fence, without its marks. */
  readonly comment: string
}

const fence = /^( *)(`{3,})([^\n`]*)\n([\s\S]*?)^\1\2 *$/gm

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

export const blocksOf = (text: string): readonly CodeBlock[] =>
  [...text.matchAll(fence)].map((found) => {
    const [, indent = '', , words = '', code = ''] = found
    const [language = '', ...note] = words.trim().split(/\s+/)
    const before = text.slice(0, found.index).trimEnd().split('\n').at(-1) ?? ''
    return {
      language,
      note: note.join(' '),
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '').replace(/\n$/, ''),
      line: lineOf(text, found.index),
      comment: /^\s*<!-- (.*) -->$/.exec(before)?.[1] ?? '',
    }
  })

/** The text with its code replaced by spaces, so that positions stay the same. */
export const withoutCode = (text: string): string =>
  text
    .replaceAll(fence, (block) => block.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g, (code) => ' '.repeat(code.length))

export interface Link {
  readonly text: string
  readonly target: string
  readonly line: number
  readonly isPicture: boolean
}

const link = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g

/** Links and pictures outside code. A link's text may contain code. */
export function linksOf(text: string): readonly Link[] {
  const bare = withoutCode(text)
  return [...text.matchAll(link)].flatMap((found) => {
    const at = found.index + found[0].lastIndexOf('](')
    if (bare.slice(at, at + 2) !== '](') return []
    const [, mark = '', words = '', target = ''] = found
    return [{ text: words, target, line: lineOf(text, found.index), isPicture: mark === '!' }]
  })
}

/** Replaces every link with the result of the callback, which gets the parsed and the whole link. */
export function replaceLinks(text: string, replace: (found: Link, whole: string) => string): string {
  const bare = withoutCode(text)
  return text.replaceAll(link, (whole, mark: string, words: string, target: string, index: number) => {
    const at = index + whole.lastIndexOf('](')
    if (bare.slice(at, at + 2) !== '](') return whole
    return replace({ text: words, target, line: lineOf(text, index), isPicture: mark === '!' }, whole)
  })
}

/** Slugs like those of GitHub, so that anchors are the same there and in the built pages. */
const slugOf = (heading: string): string =>
  heading
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')

export interface Heading {
  readonly level: number
  readonly text: string
  readonly slug: string
}

export function headingsOf(text: string): readonly Heading[] {
  const bare = withoutCode(text).split('\n')
  const used = new Map<string, number>()
  return text.split('\n').flatMap((line, index) => {
    const found = /^(#{1,6}) +(.*?) *#*$/.exec(line)
    if (found === null || !/^#{1,6} /.test(bare[index] ?? '')) return []
    const [, marks = '', words = ''] = found
    const slug = slugOf(words.replaceAll('`', ''))
    const times = used.get(slug) ?? 0
    used.set(slug, times + 1)
    return [{ level: marks.length, text: words, slug: times === 0 ? slug : `${slug}-${times}` }]
  })
}

/** A block of commands. */
export const shell = (...lines: readonly string[]): string => `\`\`\`sh\n${lines.join('\n')}\n\`\`\``

export const titleOf = (text: string): string => headingsOf(text).find(({ level }) => level === 1)?.text ?? ''

/** The first paragraph of prose, on one line. */
export function firstSentences(text: string): string {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
  const found =
    paragraphs.find((paragraph) => /^(?!```|Status: )[^#>|<!\-*\d]/.test(paragraph) || /^\*\*/.test(paragraph)) ?? ''
  return found.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('**', '')
}
