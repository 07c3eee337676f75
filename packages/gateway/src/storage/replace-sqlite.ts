import { constants, copyFile, link, rename, rm, stat } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { flushFile, publishOver } from '../durable-file.ts'

/**
 * Puts a whole database, which lies in the same folder, in place of the one of the data folder, whose lock this process
 * holds. The former one stays under the name `kept`, where there was one.
 */
export async function replaceSqlite(
  file: string,
  { by, kept }: { readonly by: string; readonly kept: string },
): Promise<void> {
  if (await exists(file)) {
    applyLog(file)
    await link(file, kept).catch(async () => {
      // A file system without hard links. An earlier one of the same name stays, and ends the restore.
      await copyFile(file, kept, constants.COPYFILE_EXCL)
      await flushFile(kept)
    })
    // Left only where it could not be applied, because the file is damaged.
    if (await exists(`${file}-wal`)) await rename(`${file}-wal`, `${kept}-wal`)
    await rm(`${file}-shm`, { force: true })
  }
  await publishOver(by, file)
}

/** Closing the last connection puts the write-ahead log into the file and removes it. */
function applyLog(file: string): void {
  try {
    const former = new DatabaseSync(file)
    try {
      former.exec('pragma wal_checkpoint(truncate)')
    } finally {
      former.close()
    }
  } catch {
    // A damaged file is kept with its log.
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  )
