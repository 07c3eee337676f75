import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { displayWidth, padTo } from '../packages/sandbox/src/command-line/columns.ts'
import { type Command, type Example, loadCommands, type Options } from '../packages/sandbox/src/command-line/command.ts'
import { everyVerbOptions, optionName, usageLine } from '../packages/sandbox/src/command-line/write-help.ts'
import { commands as table } from '../packages/sandbox/src/commands.ts'
import { type Language, languages } from './docs/language.ts'

const commands = await loadCommands(table)

interface Text {
  readonly title: string
  readonly intro: string
  readonly command: string
  readonly usage: string
  readonly option: string
  readonly meaning: string
  readonly byDefault: string
  readonly exitCode: string
  readonly shared: string
  readonly source: string
}

const texts: Readonly<Record<Language, Text>> = {
  ko: {
    title: '명령줄 sspay',
    intro: `결제하고, 서명을 견주고, 틀린 전문을 설명하고, 실행 중인 샌드박스를 다루는 명령입니다. 저장소 안에서는 \`npx sspay …\`로 실행합니다.

- 언어는 \`--lang ko|en\`, 없으면 \`SSPAY_LANG\`, \`LC_ALL\`, \`LANG\`을 따릅니다. 아무것도 없으면 한국어로 말합니다.
- \`--json\`은 표준 출력에 JSON만 씁니다. 사람에게 하는 말은 표준 오류로 갑니다.
- 샌드박스를 다루는 명령은 http://localhost:4620 을 찾습니다. 다른 곳이면 \`--console URL\`이나 \`SSPAY_CONSOLE_PORT\`로 알려 줍니다.
- \`sspay requests\`는 터미널에서 색을 씁니다. \`NO_COLOR\`를 지정하면 쓰지 않습니다.
- 상점키는 인자로 받지 않고, 어디에도 출력하지 않습니다. 새 상점을 추가할 때 한 번만 보여 줍니다.`,
    command: '명령',
    usage: '사용법',
    option: '옵션',
    meaning: '뜻',
    byDefault: '기본',
    exitCode: '끝 코드',
    shared: '모든 명령에 `--help`와 `--lang`이 있습니다.',
    source:
      '이 문서는 명령의 선언(`packages/sandbox/src/*/command.ts`)에서 만듭니다: `node tools/generate-cli-guide.ts`',
  },
  en: {
    title: 'The command line, sspay',
    intro: `Commands that make payments, show signatures, explain errors in messages, and control a running sandbox. Inside the
repository run them as \`npx sspay …\`.

- Language: \`--lang ko|en\`, then \`SSPAY_LANG\`, \`LC_ALL\`, \`LANG\`; Korean by default.
- With \`--json\`, stdout contains only JSON. Messages for people go to stderr.
- Commands that need a sandbox call http://localhost:4620; change it with \`--console URL\` or \`SSPAY_CONSOLE_PORT\`.
- \`sspay requests\` uses colours on a terminal, unless \`NO_COLOR\` is set.
- A MerchantKey is never accepted as an argument, and printed only once, when a merchant is added.`,
    command: 'Command',
    usage: 'Usage',
    option: 'option',
    meaning: 'meaning',
    byDefault: 'default',
    exitCode: 'Exit code',
    shared: 'Every command has `--help` and `--lang`.',
    source:
      'Generated from the declarations of the commands (`packages/sandbox/src/*/command.ts`) by `node tools/generate-cli-guide.ts`.',
  },
}

/** Escapes the cell separator. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function writeGuide(language: Language): string {
  const { title, intro, command, meaning, shared, source } = texts[language]
  const contents = commands.map(
    ({ name, summary }) => `| [\`sspay ${name}\`](#sspay-${name}) | ${cell(summary[language])} |\n`,
  )
  return [
    `# ${title}\n`,
    `${intro}\n`,
    `| ${command} | ${meaning} |\n|---|---|\n${contents.join('')}`,
    `${shared}\n`,
    ...commands.flatMap((command) => writeCommand(command, language)),
    `---\n\n${source}\n`,
  ].join('\n')
}

function writeCommand(command: Command, language: Language): readonly string[] {
  const { name, summary, sections = [], notes = [], exitCodes, examples } = command
  const text = texts[language]
  const codes = Object.entries(exitCodes).map(([code, text]) => `\`${code}\` ${text[language]}`)
  return [
    `## sspay ${name}\n`,
    `${summary[language]}.\n`,
    `\`\`\`sh\n${alignComments(examples, language)}\`\`\`\n`,
    ...writeVerbs(command, language),
    ...writeOptions(command, language),
    ...sections.map(
      ({ title, rows }) =>
        `| ${title[language]} | ${text.meaning} |\n|---|---|\n${rows.map(([row, words]) => `| \`${cell(row)}\` | ${cell(words[language])} |\n`).join('')}`,
    ),
    ...notes.map((note) => `${note[language].replaceAll('\n', '\n\n')}\n`),
    `${text.exitCode}: ${codes.join(' · ')}\n`,
  ]
}

const longestWithComment = 70

/** Each line's text as a comment behind it, or above a long line. */
function alignComments(examples: readonly Example[], language: Language): string {
  const widths = examples.map(({ line }) => displayWidth(line)).filter((width) => width < longestWithComment)
  const width = Math.max(0, ...widths) + 2
  return examples
    .map(({ line, ...words }) =>
      displayWidth(line) < longestWithComment
        ? `${padTo(line, width)}# ${words[language]}\n`
        : `# ${words[language]}\n${line}\n`,
    )
    .join('')
}

function writeVerbs(command: Command, language: Language): readonly string[] {
  const verbs = Object.keys(command.verbs)
  if (verbs.length < 2) return []
  const { usage, meaning } = texts[language]
  const rows = verbs.map(
    (verb) => `| \`${cell(usageLine(command, verb))}\` | ${cell(command.verbs[verb]?.[language] ?? '')} |\n`,
  )
  return [`| ${usage} | ${meaning} |\n|---|---|\n${rows.join('')}`]
}

function writeOptions(command: Command, language: Language): readonly string[] {
  const { lang, help, ...common } = everyVerbOptions(command)
  const own: Options = { ...withVerbs(command), ...common }
  if (Object.keys(own).length === 0) return []
  const { option, meaning, byDefault } = texts[language]
  const rows = Object.entries(own).map(([name, one]) => {
    const only = one.verbs === undefined ? '' : ` (${one.verbs.join(', ')})`
    const sentence = one[language]
    const fallback =
      one.fallback === undefined || sentence.includes(one.fallback) ? '' : `; ${byDefault} \`${one.fallback}\``
    return `| \`${cell(optionName(name, one))}\` | ${cell(sentence + fallback + only)} |\n`
  })
  return [`| ${option} | ${meaning} |\n|---|---|\n${rows.join('')}`]
}

const withVerbs = ({ options }: Command): Options =>
  Object.fromEntries(Object.entries(options).filter(([, option]) => option.verbs !== undefined))

const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
const drifted = languages
  .map((language) => ({
    file: resolve(import.meta.dirname, `../docs/guides/${language}/cli.md`),
    text: writeGuide(language),
  }))
  .filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text)

if (values.check) {
  if (drifted.length > 0)
    console.error(`Outdated (run node tools/generate-cli-guide.ts): ${drifted.map(({ file }) => file).join(', ')}`)
  process.exitCode = drifted.length > 0 ? 1 : 0
} else for (const { file, text } of drifted) writeFileSync(file, text)
