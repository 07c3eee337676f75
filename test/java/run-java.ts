import { execFile, execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const program = resolve(import.meta.dirname, 'GuideClient.java')

/** Why the Java client cannot run here; undefined where a JDK of at least 11 runs a source file. */
export function whyNoJava(): string | undefined {
  try {
    const version = execFileSync('java', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    const major = Number(/^\S+ (\d+)/.exec(version)?.[1])
    if (major < 11) return `Java ${major} does not run source files; 11 does`
    const modules = execFileSync('java', ['--list-modules'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return modules.includes('jdk.compiler') ? undefined : 'this Java has no compiler (a JRE, not a JDK)'
  } catch {
    return 'there is no java on this machine; the Node twin of the client runs instead'
  }
}

/** Output of the client: the raw answer, or nothing where the sample loses it. */
export async function runJavaClient(...parameters: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('java', ['-XX:TieredStopAtLevel=1', program, ...parameters], {
    timeout: 240_000,
  })
  return stdout.trim()
}
