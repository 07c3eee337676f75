import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Runtime, randomHex } from './runtime.ts'
import { Secret } from './secret.ts'

/** Root keys of one gateway: several during a rotation. */
export interface RootKeys {
  /** Encrypts. */
  readonly current: Secret
  /** Decrypt only, with `current`. */
  readonly others: readonly Secret[]
}

export interface FileOptions {
  /** Allows a file that others than its owner can read. */
  readonly isReadableAllowed: boolean
}

/**
 * The key that encrypts the database: 64 hexadecimal characters in a file that only its owner can read (0600), created
 * on the first start. Without it every card and every member is lost. Throws when others can read the file, or when it
 * holds no key.
 */
export const openRootKey = async (runtime: Runtime, file: string): Promise<Secret> =>
  (await openRootKeys(runtime, file, { isReadableAllowed: false })).current

/** The same for a file with several keys, one per line: the first encrypts. */
export async function openRootKeys(runtime: Runtime, file: string, options: FileOptions): Promise<RootKeys> {
  const known = await readKeys(file, options)
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
  const made = await readKeys(file, options)
  if (made === undefined) throw new Error(`${file} cannot be read`)
  return made
}

/** Undefined unless each text is a key, and each key occurs once. */
export function parseRootKeys(texts: readonly string[]): RootKeys | undefined {
  const [current, ...others] = texts.map((text) => text.trim()).filter((text) => text !== '')
  const keys = [current, ...others]
  if (current === undefined || new Set(keys).size < keys.length) return undefined
  if (!keys.every((key) => key !== undefined && /^[0-9a-f]{64}$/.test(key))) return undefined
  return { current: new Secret(current), others: others.map((key) => new Secret(key)) }
}

async function readKeys(file: string, { isReadableAllowed }: FileOptions): Promise<RootKeys | undefined> {
  try {
    const keys = parseRootKeys((await readFile(file, 'utf8')).split('\n'))
    if (keys === undefined)
      throw new Error(
        `${file} holds no root key: expected 64 lower-case hexadecimal characters, and several one a line, none twice`,
      )
    const { mode } = await stat(file)
    // Windows has no mode bits.
    if (!isReadableAllowed && process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new Error(`${file} can be read by others: run chmod 600 ${file}`)
    }
    return keys
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined
    throw cause
  }
}

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code
