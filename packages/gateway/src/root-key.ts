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

/** The root key is missing, or is not that of the database. Restarting does not help. */
export class RootKeyError extends Error {}

/** None of the given keys decrypts the database. */
export class WrongRootKeyError extends RootKeyError {
  constructor(options?: ErrorOptions) {
    super(
      `루트 키가 이 데이터베이스의 것이 아닙니다. 이 데이터베이스와 함께 쓰던 키를 SSPAY_ROOT_KEY_FILE(처음 값: 데이터 폴더의 keys/root.key)이나 SSPAY_ROOT_KEY에 두세요.
The root key is not the one this database was encrypted with: put the key that was used with it into SSPAY_ROOT_KEY_FILE (by default keys/root.key in the data folder) or SSPAY_ROOT_KEY`,
      options,
    )
    this.name = 'WrongRootKeyError'
  }
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
  return readOrCreate(runtime, file, options).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof RootKeyError) throw cause
    const why = cause.code ?? cause.message
    throw new RootKeyError(
      `${file}: 루트 키 파일을 읽거나 만들 수 없습니다(${why}). 권한을 확인하거나 SSPAY_ROOT_KEY_FILE을 설정하세요.
${file}: the root key file can be neither read nor created (${why}): check its permissions, or set SSPAY_ROOT_KEY_FILE`,
      { cause },
    )
  })
}

async function readOrCreate(runtime: Runtime, file: string, options: FileOptions): Promise<RootKeys> {
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
  if (made === undefined) throw new RootKeyError(`${file} cannot be read`)
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
      throw new RootKeyError(
        `${file} holds no root key: expected 64 lower-case hexadecimal characters, and several one a line, none twice`,
      )
    const { mode } = await stat(file)
    // Windows has no mode bits.
    if (!isReadableAllowed && process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new RootKeyError(`${file} can be read by others: run chmod 600 ${file}`)
    }
    return keys
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return undefined
    throw cause
  }
}

const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code
