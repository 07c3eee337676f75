import type { LocalizedText } from '@sspay/protocol'
import type { Terminal } from '../terminal.ts'
import { columns } from './columns.ts'
import { type Command, exitCodes } from './command.ts'
import { type Language, readLanguage, t } from './language.ts'
import { nearest } from './nearest.ts'
import { runCommand } from './run-command.ts'

export interface CommandLine {
  readonly commands: readonly Command[]
  readonly version: string
}

/** Runs `sspay` with what stands behind its name. Returns the exit code; a bug throws. */
export async function runCommandLine(
  { commands, version }: CommandLine,
  given: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { chosen, rest } = takeLanguage(given)
  const [name, ...behind] = rest
  const language = readLanguage(chosen, terminal.environment)
  const passedOn = chosen === undefined ? behind : [...behind, '--lang', chosen]
  const command = commands.find((one) => one.name === name)
  if (command !== undefined) return runCommand(command, passedOn, terminal)

  const helped = name === 'help' ? commands.find((one) => one.name === behind[0]) : undefined
  if (helped !== undefined) return runCommand(helped, ['--help', ...passedOn.slice(1)], terminal)
  if (name === '--version' || name === '-v') {
    terminal.output.write(`${version}\n`)
    return exitCodes.done
  }
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && behind.length === 0)) {
    terminal.output.write(writeOverview(commands, language))
    return exitCodes.done
  }
  const unknown = name === 'help' ? (behind[0] ?? '') : name
  terminal.errors.write(`${t(language, noSuchCommand(unknown, commands))}\nsspay --help\n`)
  return exitCodes.usage
}

/** `--lang` may stand before the command, too. */
function takeLanguage(given: readonly string[]) {
  const [first = '', second] = given
  if (first === '--lang' && second !== undefined) return { chosen: second, rest: given.slice(2) }
  if (first.startsWith('--lang=')) return { chosen: first.slice('--lang='.length), rest: given.slice(1) }
  return { chosen: undefined, rest: given }
}

function noSuchCommand(given: string, commands: readonly Command[]): LocalizedText {
  const meant = nearest(
    given,
    commands.map(({ name }) => name),
  )
  return {
    ko: `${given}: 없는 명령입니다${meant === undefined ? '' : `. sspay ${meant} 인가요?`}`,
    en: `${given}: there is no such command${meant === undefined ? '' : `; did you mean sspay ${meant}?`}`,
  }
}

function writeOverview(commands: readonly Command[], language: Language): string {
  const rows = commands.flatMap(({ name, summary }) =>
    language === 'both'
      ? [
          [`sspay ${name}`, summary.ko],
          ['', summary.en],
        ]
      : [[`sspay ${name}`, t(language, summary)]],
  )
  const how: LocalizedText = {
    ko: '자세히: sspay COMMAND --help · 언어: --lang ko|en 또는 SSPAY_LANG · 버전: sspay --version',
    en: 'more: sspay COMMAND --help · language: --lang ko|en or SSPAY_LANG · version: sspay --version',
  }
  const title = t(language, { ko: 'SS-Pay 개발 도구', en: 'tools for developing with SS-Pay' })
  return `sspay — ${title}\n\n${columns(rows)}\n${language === 'both' ? `${how.ko}\n${how.en}` : t(language, how)}\n`
}
