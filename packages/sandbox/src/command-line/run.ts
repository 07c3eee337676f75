import { parseArgs } from 'node:util'
import type { LocalizedText } from '@sspay/protocol'
import { UsageError } from '../addresses.ts'
import { explainSystemError, SandboxStartError } from '../system-error.ts'
import type { Terminal } from '../terminal.ts'
import { columns } from './columns.ts'
import { type Command, type Commands, exitCodes, loadCommands } from './command.ts'
import { type Language, readLanguage, t } from './language.ts'
import { readCommand, suggest } from './read-command.ts'
import { writeHelp } from './write-help.ts'

export interface CommandLine {
  readonly commands: Commands
  readonly version: string
}

/** Runs `sspay` with its arguments. Returns the exit code; rejects only for a bug. */
export async function runCommandLine(
  { commands, version }: CommandLine,
  given: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const [name = '--help', ...rest] = withLanguageLast(given)
  const find = (typed = '') => (Object.hasOwn(commands, typed) ? commands[typed] : undefined)
  const load = find(name)
  if (load !== undefined) return runCommand(await load(), rest, terminal)
  const loadHelped = name === 'help' ? find(rest[0]) : undefined
  if (loadHelped !== undefined) return runCommand(await loadHelped(), ['--help', ...rest.slice(1)], terminal)
  if (name === '--version' || name === '-v') {
    terminal.output.write(`${version}\n`)
    return exitCodes.done
  }

  const { lang } = parseArgs({ args: [...given], options: { lang: { type: 'string' } }, strict: false }).values
  const language = readLanguage(typeof lang === 'string' ? lang : undefined, terminal.environment)
  const unknown = name === 'help' ? (rest[0] ?? '--help') : name
  if (/^(--help|-h|--lang(=.*)?)$/.test(unknown)) {
    terminal.output.write(writeOverview(await loadCommands(commands), language))
    return exitCodes.done
  }
  const names = Object.keys(commands).map((one) => `sspay ${one}`)
  const { ko, en } = suggest(unknown, names)
  const text = { ko: `${unknown}: 없는 명령입니다${ko}`, en: `${unknown}: there is no such command${en}` }
  terminal.errors.write(`${t(language, text)}\nsspay --help\n`)
  return exitCodes.usage
}

/** `--lang` may stand before the command, too. */
function withLanguageLast(given: readonly string[]): readonly string[] {
  const length = given[0] === '--lang' ? 2 : Number(given[0]?.startsWith('--lang='))
  return [...given.slice(length), ...given.slice(0, length)]
}

async function runCommand(command: Command, given: readonly string[], terminal: Terminal): Promise<number> {
  const read = readCommand(command, given, terminal.environment)
  const { language } = read
  if (read.kind === 'help') {
    terminal.output.write(writeHelp(command, language))
    return exitCodes.done
  }
  const reportUsage = (text: LocalizedText): number => {
    terminal.errors.write(`${t(language, text)}\nsspay ${command.name} --help\n`)
    return exitCodes.usage
  }
  if (read.kind === 'problem') return reportUsage(read.text)
  try {
    return await command.run({ ...read, terminal, t: (text) => t(language, text) })
  } catch (cause) {
    if (cause instanceof UsageError) return reportUsage(cause.text)
    const text = cause instanceof SandboxStartError ? cause.text : explainSystemError(cause)
    if (text === undefined) throw cause
    terminal.errors.write(`${t(language, text)}\n`)
    return exitCodes.rejected
  }
}

function writeOverview(commands: readonly Command[], language: Language): string {
  const rows = commands.map(({ name, summary }) => [`sspay ${name}`, t(language, summary)])
  const more: LocalizedText = {
    ko: '자세히: sspay COMMAND --help · 언어: --lang ko|en 또는 SSPAY_LANG · 버전: sspay --version',
    en: 'more: sspay COMMAND --help · language: --lang ko|en or SSPAY_LANG · version: sspay --version',
  }
  const title = t(language, { ko: 'SS-Pay 개발 도구', en: 'tools for developing with SS-Pay' })
  return `sspay — ${title}\n\n${columns(rows)}\n${t(language, more)}\n`
}
