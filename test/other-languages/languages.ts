import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, symlinkSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** Absent: the folder of the test. */
  readonly cwd?: string
}

/** How a shop of `examples/` is run: what its README says, as commands. */
export interface Language {
  readonly name: 'PHP' | 'Java' | 'JSP' | 'Python'
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
  build: (folder) => ({
    file: 'javac',
    args: ['-encoding', 'UTF-8', '-Xlint:all', '-Werror', '-d', folder, 'Shop.java'],
    cwd: join(examples, 'java'),
  }),
  serve: (folder) => ({
    file: 'java',
    args: ['-Dfile.encoding=UTF-8', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', folder, 'Shop'],
  }),
}

/** What Debian installs of Tomcat, without the version in its names, and the compiler of its JSPs. */
const tomcatJars = globSync('/usr/share/java/{tomcat10-*[a-z],eclipse-jdt-core}.jar')

/** The folder `lib` of a shop: what is copied there from a Tomcat, linked. */
export function linkTomcat(folder: string): void {
  const lib = join(folder, 'lib')
  mkdirSync(lib)
  for (const jar of tomcatJars) symlinkSync(jar, join(lib, basename(jar)))
}

export const jsp: Language = {
  name: 'JSP',
  whyMissing: () =>
    java.whyMissing() ?? (tomcatJars.length < 2 ? 'there is no libtomcat10-java of Debian on this machine' : undefined),
  build(folder) {
    cpSync(join(examples, 'jsp'), folder, { recursive: true })
    cpSync(join(examples, 'java/sspay'), join(folder, 'sspay'), { recursive: true })
    linkTomcat(folder)
    const strictly = ['-Xlint:all,-serial,-processing,-classfile', '-Werror']
    const sources = globSync('{sspay,web}/*.java', { cwd: folder })
    const args = ['-encoding', 'UTF-8', ...strictly, '--class-path=lib/*', '-d', 'webapp/WEB-INF/classes', ...sources]
    return { file: 'javac', args, cwd: folder }
  },
  serve: (folder) => ({
    file: 'java',
    args: ['-Dfile.encoding=UTF-8', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', 'lib/*', 'Start.java'],
    cwd: folder,
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
