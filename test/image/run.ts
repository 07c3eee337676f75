import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'
import { withoutLicence } from './licences.ts'
import { type ImageConfig, unpackImage } from './unpack.ts'

/**
 * Runs the image of `npm run image` without a container engine: its root read-only in a mount namespace of its own, its
 * user, its entrypoint. Then the image's own command pays once. Every shared library must have its licence. Needs root.
 */
const repository = resolve(import.meta.dirname, '../..')
const image = join(repository, 'dist/image/sspay-sandbox.tar')

/** `$0` is the root; a read-only bind of it, with a volume of the user at /data. */
const enter = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" &&
mount -t tmpfs -o mode=700,uid=$1,gid=$1 tmpfs "$0/data" && shift && exec chroot "$@"`

type Variables = Readonly<Record<string, string>>

function start(root: string, config: ImageConfig, words: readonly string[], variables: Variables): ChildProcess {
  const { User, Env, Entrypoint } = config
  const [uid = ''] = User.split(':')
  const own = Object.fromEntries(Env.map((variable) => variable.split(/=(.*)/s).slice(0, 2)))
  const inside = [`--userspec=${User}`, root, ...Entrypoint, ...words]
  return spawn('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', enter, root, uid, ...inside], {
    env: { ...own, PATH: `${own.PATH}:/usr/sbin:/usr/bin:/sbin:/bin`, ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function outputOf(child: ChildProcess): Promise<string> {
  let printed = ''
  child.stdout?.setEncoding('utf8')
  for await (const text of child.stdout ?? []) printed += text
  if (child.exitCode === null) await once(child, 'exit')
  if (child.exitCode !== 0) throw new Error(`sspay ended with ${child.exitCode}: ${printed}`)
  return printed
}

interface Running {
  readonly gateway: string
  readonly console: string
  readonly milliseconds: number
  stop(): Promise<void>
}

async function startSandbox(root: string, config: ImageConfig): Promise<Running> {
  const names = ['SHOP', 'GATEWAY', 'GATEWAY_TLS', 'CONSOLE']
  const ports = await Promise.all(names.map(freePort))
  const variables = Object.fromEntries(names.map((name, at) => [`SSPAY_${name}_PORT`, String(ports[at])]))
  const [, gateway, , console] = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string, string, string]
  const startedAt = performance.now()
  const child = start(root, config, config.Cmd, variables)
  const ended = once(child, 'exit')
  child.stdout?.resume()
  try {
    await until(async () => (await fetch(`${gateway}/healthz`)).ok, { what: 'an answer of /healthz' })
    const milliseconds = Math.round(performance.now() - startedAt)
    requireUser(child, config.User)
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM')
      const [exitCode] = await ended
      if (exitCode !== 0) throw new Error(`the sandbox ended with ${exitCode}`)
    }
    return { gateway, console, milliseconds, stop }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

function requireUser({ pid }: ChildProcess, user: string): void {
  const [, uid] = /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  if (uid === '0' || uid !== user.split(':')[0]) throw new Error(`the sandbox runs as user ${uid}, not ${user}`)
}

const starts = 5
const millisecondsAtMost = 2_000

/** The fastest of a few starts counts: another program may keep the processor busy during one. */
async function startAndPay(root: string, config: ImageConfig): Promise<void> {
  const times: number[] = []
  for (let at = 0; at < starts; at += 1) {
    const { gateway, console: consoleUrl, milliseconds, stop } = await startSandbox(root, config)
    try {
      times.push(milliseconds)
      if (at > 0) continue
      const words = ['pay', '--json', '--gateway', gateway, '--console', consoleUrl]
      console.log(`paid: ${(await outputOf(start(root, config, words, {}))).trim()}`)
    } finally {
      await stop()
    }
  }
  console.log(`healthy after ${times.join(', ')} ms`)
  if (Math.min(...times) > millisecondsAtMost) throw new Error(`never healthy within ${millisecondsAtMost} ms`)
}

if (process.getuid?.() !== 0) throw new Error('npm run test:image makes a mount namespace: run it as root')
execFileSync(process.execPath, ['tools/image.ts'], { cwd: repository, stdio: 'inherit' })
const folder = mkdtempSync(join(tmpdir(), 'sspay-image-'))
try {
  // The image's own user reaches its root through this folder.
  chmodSync(folder, 0o755)
  const root = join(folder, 'root')
  const config = unpackImage(image, join(folder, 'layout'), root)
  const unlicensed = withoutLicence(root)
  if (unlicensed.length > 0) throw new Error(unlicensed.join('\n'))
  await startAndPay(root, config)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
