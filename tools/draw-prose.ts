import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readSources, repository, type SourceFile } from '../test/source/files.ts'

const help = `Draws prose at random, for a review: the same seed draws the same texts from the same commit.

  node tools/draw-prose.ts [--count 10] [--seed 1] [--kind comments|decisions|messages]
`

interface Drawn {
  readonly path: string
  readonly line: number
  readonly text: string
}

/** mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A partial Fisher-Yates shuffle. */
function draw<Item>(items: readonly Item[], count: number, random: () => number): readonly Item[] {
  const left = [...items]
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [drawn] = left.splice(Math.floor(random() * left.length), 1)
    return drawn as Item
  })
}

const commentsOf = ({ path, tokens }: SourceFile): readonly Drawn[] =>
  tokens
    .filter(({ kind, text }) => kind === 'comment' && text.length > 20)
    .map(({ line, text }) => ({ path, line, text }))

/** Texts of the source that read like an English sentence: errors, help, descriptions of metrics. */
const messagesOf = ({ path, tokens }: SourceFile): readonly Drawn[] =>
  tokens
    .filter(
      ({ kind, text }) => kind === 'text' && /^[\x20-\x7e\0\n]{25,}$/.test(text) && /[a-z]+ [a-z]+ [a-z]+/.test(text),
    )
    .filter(({ text }) => !/[<{]\/?[a-z]|^\s*(select|insert|update|delete|create) /i.test(text))
    .map(({ line, text }) => ({ path, line, text: text.replaceAll('\0', '…') }))

const decisions = (): readonly Drawn[] =>
  globSync('docs/decisions/[0-9]*.md', { cwd: repository })
    .sort()
    .map((path) => ({ path, line: 1, text: readFileSync(resolve(repository, path), 'utf8') }))

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  process.stdout.write(help)
} else {
  const sources = readSources('packages/*/src/**/*.ts', '{test,tools,bench,examples}/**/*.ts')
  const kinds = {
    comments: () => sources.flatMap(commentsOf),
    decisions,
    messages: () => sources.filter(({ path }) => path.startsWith('packages/')).flatMap(messagesOf),
  }
  const random = createRandom(Number(values.seed))
  for (const [kind, read] of Object.entries(kinds)) {
    const drawn = draw(read(), Number(values.count), random)
    if (values.kind !== undefined && values.kind !== kind) continue
    for (const { path, line, text } of drawn) process.stdout.write(`\n${path}:${line}\n${text.trim()}\n`)
  }
}
