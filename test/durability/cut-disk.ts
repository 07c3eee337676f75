import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own whose power can be cut. */
export interface CutDisk {
  /** Where it is mounted. */
  readonly folder: string
  /**
   * Cuts the disk off at once: what was written and not flushed is lost, and every further write and flush fails, like
   * `shutdown` of xfstests.
   */
  cutPower(): void
  /**
   * What a machine does when it starts again: mounts the disk, and the file system recovers its journal. No file may be
   * open.
   */
  mountAgain(): void
  remove(): void
}

const megabytes = 512

/** Undefined where a file system can be mounted; otherwise why not. */
export function whyNoDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux can cut an ext4 file system off'
  if (process.getuid?.() !== 0) return 'only root may mount'
  if (!existsSync('/dev/loop-control')) return 'there is no loop device'
  for (const program of ['mkfs.ext4', 'losetup', 'mount', 'perl'])
    if (spawnSync(program, ['--version']).error !== undefined && spawnSync(program, ['-V']).error !== undefined)
      return `${program} is not installed`
  try {
    const disk = makeCutDisk()
    try {
      disk.cutPower()
    } finally {
      disk.remove()
    }
    return undefined
  } catch (cause) {
    return `the disk cannot be mounted and cut: ${String(cause instanceof Error ? cause.message : cause).split('\n')[0]}`
  }
}

/** An ext4 in a file, over a loop device that keeps nothing to itself. */
export function makeCutDisk(): CutDisk {
  const place = mkdtempSync(join(tmpdir(), 'sspay-disk-'))
  const [image, folder] = [join(place, 'disk.img'), join(place, 'mounted')]
  // PostgreSQL runs as a user of its own.
  chmodSync(place, 0o755)
  mkdirSync(folder, { mode: 0o755 })
  writeFileSync(image, '')
  truncateSync(image, megabytes * 1024 * 1024)
  run('mkfs.ext4', ['-q', '-F', image])
  const device = run('losetup', ['--find', '--show', '--direct-io=on', image])
  let isMounted = false
  // The journal is committed when somebody flushes and not every five seconds: what nobody flushed is there to be lost.
  const mount = (): void => {
    run('mount', ['-t', 'ext4', '-o', 'noatime,commit=600', device, folder])
    isMounted = true
  }
  const unmount = (): void => {
    if (isMounted) run('umount', [folder])
    isMounted = false
  }
  const disk: CutDisk = {
    folder,
    cutPower: () => void run('perl', ['-e', shutDown, folder]),
    mountAgain() {
      unmount()
      mount()
    },
    remove() {
      unmount()
      run('losetup', ['--detach', device])
      rmSync(place, { recursive: true, force: true })
    },
  }
  try {
    mount()
  } catch (cause) {
    disk.remove()
    throw cause
  }
  return disk
}

/** EXT4_IOC_SHUTDOWN without flushing the journal. */
const shutDown =
  'my $how = pack("L", 2); open(my $folder, "<", $ARGV[0]) or die $!; ioctl($folder, 0x8004587d, $how) or die $!'

const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
