import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Makes this process the only gateway on a data folder, until the returned function is called or the process ends, however it
 * ends: the lock is the operating system's, so nothing stale is left behind. Throws when another process has it.
 */
export function lockFolder(folder: string): () => void {
  const lock = new DatabaseSync(join(folder, 'gateway.lock'))
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    lock.close()
    throw new Error(
      `${folder}: 다른 게이트웨이가 이 폴더를 사용하고 있습니다. Another gateway is running on this data folder: stop it, or set SSPAY_DATA to another folder.`,
      { cause },
    )
  }
  return () => lock.close()
}
