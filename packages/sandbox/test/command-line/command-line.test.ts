import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { columns, displayWidth } from '../../src/command-line/columns.ts'
import { type Command, defineCommand, loadCommands } from '../../src/command-line/command.ts'
import { readLanguage, withSystemLanguage } from '../../src/command-line/language.ts'
import { nearest, readCommand } from '../../src/command-line/read-command.ts'
import { writeHelp } from '../../src/command-line/write-help.ts'
import { commands as table } from '../../src/commands.ts'
import { run } from './support.ts'

const commands = await loadCommands(table)

const languages: readonly (readonly [string | undefined, Readonly<Record<string, string>>, string])[] = [
  [undefined, {}, 'ko'],
  [undefined, { LANG: 'C' }, 'ko'],
  [undefined, { LANG: 'C.UTF-8' }, 'ko'],
  [undefined, { LANG: 'POSIX' }, 'ko'],
  [undefined, { LANG: 'ko_KR.UTF-8' }, 'ko'],
  [undefined, { LANG: 'ko' }, 'ko'],
  [undefined, { LANG: 'en_US.UTF-8' }, 'en'],
  [undefined, { LANG: 'ja_JP.UTF-8' }, 'en'],
  [undefined, { LANG: 'ko_KR.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'en'],
  [undefined, { LANG: 'ko_KR.UTF-8', LC_ALL: '' }, 'ko'],
  [undefined, { LANG: 'en_US.UTF-8', SSPAY_LANG: 'ko' }, 'ko'],
  ['en', { SSPAY_LANG: 'ko' }, 'en'],
]
for (const [given, environment, expected] of languages)
  test(`the language of ${given ?? ''} ${JSON.stringify(environment)} is ${expected}`, () =>
    assert.equal(readLanguage(given, environment), expected))

test('on Windows and macOS the language of the system counts where no variable names one', () => {
  const languageOn = (platform: string, environment: Readonly<Record<string, string>>) =>
    readLanguage(undefined, withSystemLanguage(environment, platform, 'ko-KR'))
  assert.deepEqual([languageOn('win32', {}), languageOn('darwin', { LANG: '' })], ['ko', 'ko'])
  assert.deepEqual([languageOn('win32', { LANG: 'en_US' }), languageOn('win32', { SSPAY_LANG: 'en' })], ['en', 'en'])
  assert.equal(languageOn('linux', {}), 'ko')
})

const suggestions: readonly (readonly [string, string | undefined])[] = [
  ['Explain', 'explain'],
  ['notification', 'notifications'],
  ['notif', 'notifications'],
  ['fault', 'faults'],
  ['clocks', 'clock'],
  ['merchant', 'merchants'],
  ['refund', undefined],
  ['x', undefined],
  ['', undefined],
]
const names = Object.keys(table)
for (const [given, expected] of suggestions)
  test(`the suggestion for ${JSON.stringify(given)} is ${expected ?? 'none'}`, () =>
    assert.equal(nearest(given, names), expected))

test('each command is found under its own name', () =>
  assert.deepEqual(
    commands.map(({ name }) => name),
    names,
  ))

const sample = defineCommand({
  name: 'sample',
  summary: { ko: '보기', en: 'a sample' },
  verbs: {
    list: { ko: '목록', en: 'lists' },
    put: { operands: ['NAME', '[VALUE]'], ko: '넣기', en: 'puts' },
    join: { operands: ['[NAME…]'], ko: '잇기', en: 'joins' },
  },
  options: {
    amount: {
      value: 'WON',
      fallback: '10',
      isRight: (text: string) => /^[0-9]+$/.test(text),
      ko: '금액',
      en: 'amount',
    },
    tag: { value: 'TAG', isRepeatable: true, verbs: ['put'], ko: '꼬리표', en: 'tag' },
    loud: { ko: '크게', en: 'loud' },
  },
  rejected: { secret: { ko: '비밀은 안 됩니다', en: 'no secrets here' } },
  exitCodes: { 0: { ko: '완료', en: 'done' } },
  examples: [{ line: 'sspay sample list', ko: '목록', en: 'lists' }],
  run: async () => 0,
})

const read = (line: string) => readCommand(sample, line.split(' ').filter(Boolean), {})

test('values have the types that the options declare', () => {
  const found = read('put A B --tag x --tag=y --loud')
  assert.ok(found.kind === 'call')
  const amount: string = found.values.amount
  const tags: readonly string[] = found.values.tag
  const loud: boolean = found.values.loud
  assert.deepEqual({ amount, tags, loud }, { amount: '10', tags: ['x', 'y'], loud: true })
  assert.deepEqual([found.verb, found.operands], ['put', ['A', 'B']])
  assert.ok(read('join').kind === 'call' && read('join a b c').kind === 'call' && read('put A').kind === 'call')
})

const problems: readonly (readonly [string, RegExp])[] = [
  ['lists', /lists: 없는 명령입니다\. list 인가요\?/],
  ['--loud', /list \| put \| join/],
  ['list more', /more: 여기에 올 수 없습니다\. sspay sample list/],
  ['put', /NAME 값이 필요합니다\. sspay sample put NAME \[VALUE\]/],
  ['put A B C', /C: /],
  ['list --amoun 5', /--amoun: 없는 옵션입니다\. --amount 인가요\?/],
  ['list -x', /-x: 없는 옵션/],
  ['list --amount', /--amount: 값이 필요합니다 \(WON\)/],
  ['list --amount --loud', /--amount: 값이 필요합니다/],
  ['list --amount=', /--amount: 값이 필요합니다/],
  ['list --amount five', /--amount: 잘못된 값/],
  ['list --loud=yes', /--loud: 값을 받지 않습니다/],
  ['list --tag x', /--tag: put에만/],
  ['list --secret x', /--secret: 비밀은 안 됩니다/],
  ['list --lang fr', /--lang: ko \| en/],
]
for (const [line, expected] of problems)
  test(`a problem is named: sample ${line}`, () => {
    const found = read(line)
    assert.ok(found.kind === 'problem', found.kind)
    assert.match(found.text.ko, expected)
    assert.notEqual(found.text.en, '')
  })

test('reading never throws for any arguments', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('list', 'put', '--tag', '--amount=3', '--lang', 'ko', '--', '-h', '-'),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), fc.constantFrom<Command>(...commands, sample), (given, command) => {
      assert.match(readCommand(command, given, {}).kind, /^(help|problem|call)$/)
    }),
  )
})

for (const command of [...commands, sample])
  for (const language of ['ko', 'en'] as const)
    test(`the help of ${command.name} names every option, verb, example and exit code: ${language}`, () => {
      const help = writeHelp(command, language)
      const parts = [
        ...Object.keys(command.options).map((name) => `--${name}`),
        ...Object.keys(command.verbs),
        ...command.examples.map(({ line }) => line),
        ...Object.keys(command.exitCodes),
        ...(command.sections ?? []).flatMap(({ rows }) => rows.map(([name]) => name)),
      ]
      for (const part of parts) assert.ok(help.includes(part), part)
      assert.doesNotMatch(help, /undefined|\[object/)
      const hangul = help.replaceAll('테스트 상품', '').replaceAll("'내 상점'", '')
      if (language === 'en') assert.doesNotMatch(hangul, /[가-힣]/)
    })

test('columns are padded to the display width', () => {
  assert.equal(displayWidth('가나 a'), 6)
  assert.equal(
    columns(
      [
        ['가', 'x'],
        ['abc', 'y'],
      ],
      '',
    ),
    '가   x\nabc  y\n',
  )
})

test('the overview names every command in the requested language', async () => {
  for (const given of [[], ['--help'], ['help'], ['--lang', 'ko']]) {
    const { exitCode, output } = await run(given)
    assert.equal(exitCode, 0)
    for (const { name, summary } of commands) assert.ok(output.includes(`sspay ${name}`) && output.includes(summary.ko))
  }
  assert.doesNotMatch((await run(['--lang=en'])).output, /[가-힣]/)
  assert.doesNotMatch((await run([], { environment: { LANG: 'en_GB.UTF-8' } })).output, /[가-힣]/)
})

test('help, version and language may stand before the command', async () => {
  assert.equal((await run(['--version'])).output, '1.2.3\n')
  assert.equal((await run(['help', 'pay'])).output, (await run(['pay', '--help'])).output)
  assert.equal((await run(['--lang', 'ko', 'pay', '--help'])).output, (await run(['pay', '-h', '--lang', 'ko'])).output)
})

const unknown: readonly (readonly [readonly string[], RegExp])[] = [
  [['expl'], /there is no such command; did you mean sspay explain\?\nsspay --help\n$/],
  [['help', 'cloc'], /did you mean sspay clock\?/],
  [['refund'], /refund: there is no such command\n/],
  [['--colour'], /--colour/],
]
for (const [given, expected] of unknown)
  test(`no such command: ${given.join(' ')}`, async () => {
    const { exitCode, errors, output } = await run(given, { environment: { SSPAY_LANG: 'en' } })
    assert.deepEqual([exitCode, output], [2, ''])
    assert.match(errors, expected)
  })

test('without a sandbox every command that needs one reports it, with the cure', async () => {
  const commandLines = [
    ['faults', 'list'],
    ['notifications', 'list'],
    ['clock', 'show'],
    ['merchants', 'list'],
    ['requests', 'list'],
    ['requests', 'tail'],
    ['requests', 'show', '1'],
    ['cards', 'charges'],
  ]
  for (const given of commandLines) {
    const { exitCode, errors, output } = await run(given, {
      environment: { SSPAY_CONSOLE_PORT: '1', SSPAY_LANG: 'ko' },
    })
    assert.deepEqual([exitCode, output], [3, ''], given.join(' '))
    assert.match(errors, /^http:\/\/localhost:1 에서 샌드박스가 응답하지 않습니다\. .*npm start.*--console.*\n$/)
  }
  const wrongPort = await run(['clock', 'show'], { environment: { SSPAY_CONSOLE_PORT: 'x', SSPAY_LANG: 'en' } })
  assert.equal(wrongPort.exitCode, 2)
  assert.match(wrongPort.errors, /^SSPAY_CONSOLE_PORT: must be a port from 0 to 65535\nsspay clock --help\n$/)
})
