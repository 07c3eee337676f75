import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Runtime, randomHex } from './runtime.ts'
import { Secret } from './secret.ts'

/**
 * The key everything sealed in the database depends on: 64 hexadecimal characters in a file that only its owner reads (0600), made
 * on the first start. Whoever loses it loses every card and every member; whoever copies the database without it has nothing.
 * Throws when others may read the file, or when it holds no key.
 */
export async function openRootKey(runtime: Runtime, file: string): Promise<Secret> {
  const known = await readKey(file)
  if (known !== undefined) return known
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  try {
    const created = await open(file, 'wx', 0o600)
    await created.writeFile(`${randomHex(runtime, 32)}\n`)
    await created.sync()
    await created.close()
  } catch (cause) {
    if (!isCode(cause, 'EEXIST')) throw cause
  }
  const made = await readKey(file)
  if (made === undefined) throw new Error(`${file} cannot be read`)
  return made
}

export const isRootKey = (text: string): boolean => /^[0-9a-f]{64}$/.test(text)

async function readKey(file: string): Promise<Secret | undefined> {
  try {
    const text = (await readFile(file, 'utf8')).trim()
    if (!isRootKey(text)) throw new Error(`${file} holds no root key: expected 64 lower-case hexadecimal characters`)
    const { mode } = await stat(file)
    // Windows has no such bits.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new Error(`${file} can be read by others: run chmod 600 ${file}`)
    }
    return new Secret(text)
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined
    throw cause
  }
}

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code
