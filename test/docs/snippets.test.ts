import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeScratch } from './compile-snippets.ts'
import { type MarkdownPage, placeOf, readPages, type Snippet, snippetsOf } from './pages.ts'
import { brokenPromisesOf, commandsOf, faultOf, isCheap, isScript, ran, runSspay } from './shell.ts'
import { kindOf } from './snippets.ts'

const pages = readPages()
const snippets = pages.flatMap(snippetsOf)
const ofKind = (kind: string): readonly Snippet[] => snippets.filter((snippet) => kindOf(snippet) === kind)

test('somebody looks after every block of code', () => {
  const faults = snippets.flatMap((snippet) => {
    const kind = kindOf(snippet)
    return typeof kind === 'string' ? [] : [`${placeOf(snippet)} ${kind.fault}`]
  })
  assert.deepEqual(faults, [])
})

const injected = (language: string, code: string, comment = ''): Snippet => {
  const before = comment === '' ? '' : `<!-- ${comment} -->\n`
  const page: MarkdownPage = {
    path: 'docs/injected.md',
    text: `# Injected\n\n${before}\`\`\`${language}\n${code}\n\`\`\`\n`,
  }
  const [snippet] = snippetsOf(page)
  assert.ok(snippet)
  return snippet
}

test('every TypeScript block that stands in no example compiles, one injected does not, and programs run', (t) => {
  const alone = ofKind('types')
  const wrong = injected('ts', "import { approve } from '@sspay/merchant'\nawait approve('x')")
  assert.equal(kindOf(wrong), 'types')
  const scratch = writeScratch([...alone, wrong])
  t.after(() => scratch.remove())
  const complaints = scratch.compile()
  assert.match(
    complaints.join('\n'),
    /^docs\/injected\.md:3.*error TS2554/,
    'the one that is wrong on purpose is found',
  )
  assert.deepEqual(complaints.slice(1), [])
  // A program stands in the guide of each language.
  const programs = new Map(alone.filter(({ note }) => note === 'run').map((program) => [program.code, program]))
  assert.ok(programs.size > 0)
  for (const program of programs.values()) {
    const { code, output } = scratch.run(program)
    assert.equal(code, 0, `${placeOf(program)}\n${output}`)
  }
  t.diagnostic(`${alone.length} compiled on their own, ${programs.size} programs run`)
})

test('every command exists, with the options and verbs that are shown', async (t) => {
  const scripts = ofKind('shell').filter(({ code }) => isScript(code))
  for (const script of scripts) assert.deepEqual(brokenPromisesOf(script.code), [], placeOf(script))
  const shells = ofKind('shell').filter(({ code }) => !isScript(code))
  const shown = shells.flatMap((snippet) =>
    commandsOf(snippet.language, snippet.code).map((command) => ({ command, place: placeOf(snippet) })),
  )
  const faults: string[] = []
  for (const { command, place } of shown) {
    const fault = await faultOf(command)
    if (fault !== undefined) faults.push(`${place} ${fault}`)
  }
  assert.deepEqual(faults, [])
  for (const { command } of shown.filter((one) => isCheap(one.command)))
    assert.equal((await runSspay(command.words.slice(2))).code, 0, command.words.join(' '))
  t.diagnostic(`${shells.length} blocks of commands, ${scripts.length} scripts run whole; ${ran.size} commands run`)
})

test('none is untracked', (t) => {
  const kinds = ['region', 'types', 'shell', 'json', 'report', 'text'] as const
  const counts = kinds.map((kind) => [kind, ofKind(kind).length] as const)
  assert.equal(
    counts.reduce((sum, [, count]) => sum + count, 0),
    snippets.length,
  )
  t.diagnostic(`${snippets.length} blocks: ${counts.map(([kind, count]) => `${kind} ${count}`).join(', ')}`)
})

test('an injected snippet that throws is found', (t) => {
  const wrong = injected('ts run', "throw new Error('injected')")
  const scratch = writeScratch([wrong])
  t.after(() => scratch.remove())
  assert.equal(scratch.run(wrong).code, 1)
})

const faulty: readonly (readonly [snippet: Snippet, says: RegExp])[] = [
  [injected('java', 'class A {}'), /without the file/],
  [injected('json', '{ "a": 1, }'), /no JSON/],
  [injected('yaml', 'a: [1'), /no YAML/],
  [injected('ruby', 'puts 1'), /nobody looks after ruby/],
  [injected('', 'npm start'), /without a language/],
  [injected('ts', 'const a = 1', 'from examples/recovery.ts: "function markOrderPaid"'), /is not what/],
  [injected('ts', 'const a = 1', 'from examples/gone.ts'), /is not what/],
]

for (const [snippet, says] of faulty) {
  test(`an injected block is found: ${snippet.language || 'no language'}, ${says.source}`, () => {
    const kind = kindOf(snippet)
    assert.ok(typeof kind === 'object')
    assert.match(kind.fault, says)
  })
}

const wrongCommands: readonly (readonly [line: string, says: RegExp])[] = [
  ['npm run nonsense', /no such script/],
  ['npx sspay nonsense', /no such command/],
  ['npx sspay pay --nonsense', /has no --nonsense/],
  ['npx sspay faults nonsense approval', /no such verb/],
  ['npm run pay -- --nonsense 1', /has no --nonsense/],
  ['npx sspay-gateway archve --to /backup', /did you mean archive/],
  ['npx sspay-gateway archive --nonsense', /has no --nonsense/],
  ['npx node examples/gone.ts', /no such file/],
  ['make install', /nobody knows/],
]

for (const [line, says] of wrongCommands) {
  test(`an injected command is found: ${line}`, async () => {
    assert.match((await Promise.all(commandsOf('sh', line).map(faultOf))).join(), says)
  })
}

test('an injected script that prints another value is found', () => {
  assert.deepEqual(brokenPromisesOf('one() { echo 1; }\none\n# value 2'), ['2'])
})
