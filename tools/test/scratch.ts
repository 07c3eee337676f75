import { chmodSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
const neededBytes = 4 * 1024 ** 3

/**
 * A folder for all files of a test run: in memory where Linux has room there, since thousands of commits would else
 * wait for a disk.
 */
export function makeScratch(): string {
  const folder = mkdtempSync(join(hasRoomInMemory() ? memory : tmpdir(), 'sspay-tests-'))
  // As root PostgreSQL runs as a user of its own.
  chmodSync(folder, 0o755)
  return folder
}

function hasRoomInMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize >= neededBytes
  } catch {
    return false
  }
}
