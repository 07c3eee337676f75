import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** After a rename or a link in it. */
const flushFolder = (folder: string): Promise<void> => flush(folder, 'r')

/** A file that another program, such as SQLite, has written. */
export const flushFile = (file: string): Promise<void> => flush(file, 'r+')

async function flush(path: string, flags: 'r' | 'r+'): Promise<void> {
  const opened = await open(path, flags)
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/**
 * Gives a flushed file its name, and never replaces another one.
 *
 * @throws with the code EEXIST for a name that is taken
 */
export async function publishNew(partial: string, file: string): Promise<void> {
  try {
    await link(partial, file)
  } catch (cause) {
    // A file system without hard links.
    if (!/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS)$/.test(errorCodeOf(cause))) throw cause
    await rename(partial, file)
  }
  await rm(partial, { force: true })
  await flushFolder(dirname(file))
}

/** The same in place of a file that may exist: after a power cut there is one of the two, whole. */
export async function publishOver(partial: string, file: string): Promise<void> {
  await rename(partial, file)
  await flushFolder(dirname(file))
}

/** `ENOENT` and the like; empty for other errors. */
export const errorCodeOf = (cause: unknown): string => String((cause as { readonly code?: unknown } | null)?.code ?? '')
