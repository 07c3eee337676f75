import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
}

/** How a shop of `examples/` is run: what its README says, as commands. */
export interface Language {
  readonly name: 'PHP' | 'Java' | 'Python'
  /** Undefined where the shop can run. */
  whyMissing(): string | undefined
  /** Once, before the first start, into a folder of the test's own. */
  readonly build?: (folder: string) => Command
  /** Before every start, where the server does not recover by itself. */
  readonly recoverFirst?: Command
  serve(builtFolder: string, port: number): Command
}

const examples = resolve(import.meta.dirname, '../../examples')

function outputOf(file: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return undefined
  }
}

const phpShop = join(examples, 'php/index.php')

export const php: Language = {
  name: 'PHP',
  whyMissing() {
    const found = outputOf(
      'php',
      '-r',
      'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION, " ", implode(" ", get_loaded_extensions());',
    )
    if (found === undefined) return 'there is no php on this machine'
    const missing = ['curl', 'mbstring', 'openssl', 'pdo_sqlite'].filter((name) => !found.includes(name))
    const [version = ''] = found.split(' ')
    if (Number(version) < 8.1) return 'this PHP is older than 8.1'
    return missing.length === 0 ? undefined : `this PHP has no ${missing.join(', ')}`
  },
  recoverFirst: { file: 'php', args: [phpShop, 'recover'] },
  serve: (_folder, port) => ({ file: 'php', args: ['-S', `127.0.0.1:${port}`, phpShop] }),
}

export const java: Language = {
  name: 'Java',
  whyMissing() {
    const version = outputOf('javac', '--version')
    if (version === undefined) return 'there is no javac on this machine'
    return Number(/(\d+)/.exec(version)?.[1]) < 17 ? 'this JDK is older than 17' : undefined
  },
  // `java Shop.java` compiles at every start; compiled once, the suite restarts faster.
  build: (folder) => ({
    file: 'javac',
    args: ['-encoding', 'UTF-8', '-Xlint:all', '-Werror', '-d', folder, join(examples, 'java/Shop.java')],
  }),
  serve: (folder) => ({
    file: 'java',
    args: ['-Dfile.encoding=UTF-8', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', folder, 'Shop'],
  }),
}

export const python: Language = {
  name: 'Python',
  whyMissing() {
    const version = outputOf('python3', '--version')
    if (version === undefined) return 'there is no python3 on this machine'
    return Number(/3\.(\d+)/.exec(version)?.[1]) < 10 ? 'this Python is older than 3.10' : undefined
  },
  serve: () => ({ file: 'python3', args: [join(examples, 'python/shop.py')] }),
}
