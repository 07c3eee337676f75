import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Program } from '../../tools/image/programs.ts'
import { type ImageConfig, unpackImage } from './unpack.ts'

const repository = resolve(import.meta.dirname, '../..')

/** `$0` is the root; a read-only bind of it, with a volume of the user at /data. */
const enter = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" &&
mount -t tmpfs -o mode=700,uid=$1,gid=$1 tmpfs "$0/data" && shift && exec chroot "$@"`

export type Variables = Readonly<Record<string, string>>

/** An unpacked image, whose programs run without a container engine. Needs root. */
export interface Container {
  readonly root: string
  readonly config: ImageConfig
  /** In a mount namespace of its own, as the user of the image. */
  start(command: readonly string[], variables: Variables): ChildProcess
  /** What a program prints that ends with 0. */
  outputOf(command: readonly string[], variables: Variables): Promise<string>
  /** Throws when the process is not one of the image's user. */
  requireUser(child: ChildProcess): void
}

/** Builds the image of a program and unpacks it for `work`. */
export async function withContainer(program: Program, work: (container: Container) => Promise<void>): Promise<void> {
  execFileSync(process.execPath, ['tools/image.ts', program.name], { cwd: repository, stdio: 'inherit' })
  const folder = mkdtempSync(join(tmpdir(), 'sspay-image-'))
  try {
    // The image's own user reaches its root through this folder.
    chmodSync(folder, 0o755)
    const root = join(folder, 'root')
    const image = join(repository, `dist/image/sspay-${program.name}.tar`)
    await work(openContainer(root, unpackImage(image, join(folder, 'layout'), root)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function openContainer(root: string, config: ImageConfig): Container {
  const { User, Env } = config
  const [uid = ''] = User.split(':')
  const own = Object.fromEntries(Env.map((variable) => variable.split(/=(.*)/s).slice(0, 2)))
  const start: Container['start'] = (command, variables) =>
    spawn('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', enter, root, uid, `--userspec=${User}`, root, ...command], {
      env: { ...own, PATH: `${own.PATH}:/usr/sbin:/usr/bin:/sbin:/bin`, ...variables },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  return {
    root,
    config,
    start,
    async outputOf(command, variables) {
      const child = start(command, variables)
      let printed = ''
      child.stdout?.setEncoding('utf8')
      for await (const text of child.stdout ?? []) printed += text
      if (child.exitCode === null) await once(child, 'exit')
      if (child.exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${child.exitCode}: ${printed}`)
      return printed
    },
    requireUser({ pid }) {
      const [, found] = /^Uid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
      if (found === '0' || found !== uid) throw new Error(`it runs as user ${found}, not ${uid}`)
    },
  }
}
