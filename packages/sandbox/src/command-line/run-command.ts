import { UsageError } from '../addresses.ts'
import type { Terminal } from '../terminal.ts'
import { type Command, exitCodes, type Options } from './command.ts'
import { t } from './language.ts'
import { readCommand } from './read-command.ts'
import { writeHelp } from './write-help.ts'

/** Reads, runs, and says what is wrong with what was typed. Returns the exit code. */
export async function runCommand<Known extends Options>(
  command: Command<Known>,
  given: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { environment, output, errors } = terminal
  const read = readCommand(command, given, environment)
  const { language } = read
  if (read.kind === 'help') {
    output.write(writeHelp(command, language))
    return exitCodes.done
  }
  const reject = (sentence: string): number => {
    errors.write(`${sentence}\nsspay ${command.name} --help\n`)
    return exitCodes.usage
  }
  if (read.kind === 'problem') return reject(t(language, read.words))
  try {
    return await command.run({ ...read, terminal, t: (words) => t(language, words) })
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause
    return reject(t(language, cause.words))
  }
}
