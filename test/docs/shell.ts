import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readCommandLine } from '../../packages/gateway/src/commands.ts'
import type { GatewayProcess } from '../../packages/gateway/src/operator-command.ts'
import { run } from '../../packages/sandbox/test/command-line/support.ts'
import { repository } from '../source/files.ts'

/** One command of a block, with everything around it taken away. */
export interface ShellCommand {
  readonly words: readonly string[]
  /** Followed a `cd`: it is not about this repository. */
  readonly isElsewhere: boolean
}

const scripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(resolve(repository, 'package.json'), 'utf8'),
).scripts

/** Commands of the system, which the documentation may take for granted. */
const ofTheSystem =
  /^(cd|cp|mkdir|cat|curl|export|kill|chmod|chown|install|tar|useradd|systemctl|journalctl|timedatectl|date|df|grep|tr|openssl|psql|java|javac|php|python3|keytool|docker|kubectl|test|runuser)$/

/** The commands of a `sh` or `powershell` block, or of the steps of a workflow. */
export function commandsOf(language: string, code: string): readonly ShellCommand[] {
  const text =
    language === 'yaml' ? [...code.matchAll(/^\s*-? ?run: (.*)$/gm)].map(([, run = '']) => run).join('\n') : code
  let isElsewhere = false
  return text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)# .*$/, '').split(/ && | \| |; /))
    .map((part) =>
      part
        .replace(/\s&$/, '')
        .replace(/\s\d?>.*$/, '')
        .trim(),
    )
    .filter((part) => part !== '')
    .map((part) => {
      const words = wordsOf(part).filter(
        (word, at, all) => !isAssignment(word) || all.slice(0, at).some((w) => !isAssignment(w)),
      )
      isElsewhere ||= words[0] === 'cd'
      return { words, isElsewhere }
    })
}

const isAssignment = (word: string): boolean => /^[A-Z_]+=/.test(word)

const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, plain]) => double ?? single ?? plain ?? '')

/** The problem with the command, or undefined. Runs `--help` once per command. */
export async function faultOf({ words, isElsewhere }: ShellCommand): Promise<string | undefined> {
  const [named = '', ...rest] = words
  const command = named.replace(/^.*\/node_modules\/\.bin\//, '')
  // An assignment of PowerShell.
  if (isElsewhere || /^\$env:[A-Z_]+$/.test(command)) return undefined
  if (command === 'npm') return faultOfNpm(rest)
  if (command === 'npx') return faultOfNpx(rest)
  if (/^sspay(-gateway)?$/.test(command)) return faultOfNpx([command, ...rest])
  if (command === 'node' || command === 'bash') return faultOfFile(rest)
  if (command === 'java' || command === 'php' || command === 'python3') return faultOfFile(rest)
  return ofTheSystem.test(command) ? undefined : `${command}: nobody knows this command`
}

async function faultOfNpm(words: readonly string[]): Promise<string | undefined> {
  const [verb = '', ...rest] = words.filter((word) => word !== '-s')
  if (/^(ci|install|pack)$/.test(verb)) return undefined
  const script = verb === 'run' ? (rest[0] ?? '') : verb
  if (scripts[script] === undefined) return `npm run ${script}: there is no such script`
  return script === 'pay' ? faultOfSspay(['pay', ...rest.slice(rest.indexOf('--') + 1)]) : undefined
}

async function faultOfNpx([command = '', ...rest]: readonly string[]): Promise<string | undefined> {
  if (/^(sspay|@sspay\/sandbox)$/.test(command)) return faultOfSspay(rest)
  if (/^(sspay-gateway|@sspay\/gateway)$/.test(command)) return faultOfGateway(rest)
  // Of the shop, which installs it.
  if (command === 'playwright') return undefined
  return command === 'node' ? faultOfFile(rest) : `npx ${command}: nobody knows this command`
}

/** A command of the gateway, and the options that its help names. */
async function faultOfGateway(words: readonly string[]): Promise<string | undefined> {
  const read = readCommandLine(words)
  if (read.kind === 'problem') return read.message
  if (read.kind !== 'command') return undefined
  const run = await read.load()
  let help = ''
  const write = (text: string): void => {
    help += text
  }
  await run(['--help'], { write } as GatewayProcess)
  const options = read.args.map((word) => word.replace(/=.*$/, '')).filter((word) => /^--/.test(word))
  const missing = options.filter((option) => option !== '--help' && !help.includes(option))
  return missing.length === 0 ? undefined : `sspay-gateway ${words[0]} has no ${missing.join(', ')}`
}

/** Files that a command names must be there. */
function faultOfFile(words: readonly string[]): string | undefined {
  const files = words.map((word) => word.replace(/^--[\w-]+=/, '')).filter((word) => /^[\w./-]+\/[\w./-]+$/.test(word))
  const missing = files.filter((file) => !existsSync(resolve(repository, file)))
  return missing.length === 0 ? undefined : `${missing}: there is no such file`
}

/** Every word that is an option or a verb must stand in the help of its command. */
async function faultOfSspay([command = '--help', ...rest]: readonly string[]): Promise<string | undefined> {
  if (command.startsWith('-')) return undefined
  const { code, output } = await runSspay([command, '--help'])
  if (code !== 0) return `sspay ${command}: there is no such command`
  const options = rest.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*$/, ''))
  const unknown = options.filter((option) => option !== '--help' && !output.includes(option))
  if (unknown.length > 0) return `sspay ${command} has no ${unknown.join(', ')}`
  const [verb] = rest
  const isVerb = verb !== undefined && /^[a-z]+$/.test(verb) && new RegExp(`sspay ${command} [a-z]+`).test(output)
  // A command without verbs, such as init, lists what its first operand can be.
  const isListed = output.includes(`sspay ${command} ${verb}`) || new RegExp(`^ +${verb} `, 'm').test(output)
  return isVerb && !isListed ? `sspay ${command} ${verb}: there is no such verb` : undefined
}

interface Ran {
  readonly code: number
  readonly output: string
}

/** Each is run once, in this process, however often the documentation shows it. */
export const ran = new Map<string, Promise<Ran>>()

export function runSspay(words: readonly string[]): Promise<Ran> {
  const key = words.join(' ')
  const running =
    ran.get(key) ?? run(words).then(({ exitCode, output, errors }) => ({ code: exitCode, output: output + errors }))
  ran.set(key, running)
  return running
}

/** Commands that need neither a sandbox nor a file of the reader and change nothing are run as they stand. */
export const isCheap = ({ words: [npx, ...words] }: ShellCommand): boolean =>
  npx === 'npx' &&
  words[0] === 'sspay' &&
  (/^(sign|explain)$/.test(words[1] ?? '') || words.includes('--help')) &&
  !words.some((word) => /\.(json|html|txt)$/.test(word))

/** A block that computes: with a function or a value taken from a command. It is run whole. */
export const isScript = (code: string): boolean => /^\w+\(\) \{|\$\(/m.test(code)

/** Runs it, and returns what its comments (`# name value`) promise and it does not print. */
export function brokenPromisesOf(code: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', code], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (status !== 0) return [stderr]
  const promised = [...code.matchAll(/^# \w+ (\S+)$/gm)].map(([, value = '']) => value)
  return promised.filter((value) => !stdout.includes(value))
}
