import { readFile } from 'node:fs/promises'
import { UsageError } from '../addresses.ts'
import type { Terminal } from '../terminal.ts'

const mostBytes = 1024 * 1024

/** Everything that is piped in. Throws a usage error when nothing is, or more than a mebibyte. */
export async function readPiped({ input }: Pick<Terminal, 'input'>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of input ?? []) {
    chunks.push(chunk)
    length += chunk.byteLength
    if (length > mostBytes) throw new UsageError({ ko: '입력이 1 MiB를 넘습니다', en: 'the input is above 1 MiB' })
  }
  if (length > 0) return new Uint8Array(Buffer.concat(chunks))
  throw new UsageError({
    ko: '읽을 것이 없습니다. 파일 이름을 적거나 표준 입력으로 보내세요',
    en: 'there is nothing to read: name a file, or pipe it in',
  })
}

/** Undefined when there is no such file. */
export const readFileIfThere = (file: string): Promise<Uint8Array | undefined> =>
  readFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENAMETOOLONG' || cause.code === 'EISDIR') return undefined
    throw cause
  })

/** The file that was named, or what is piped in for `-` and for no name. */
export async function readNamed(file: string | undefined, terminal: Pick<Terminal, 'input'>): Promise<Uint8Array> {
  if (file === undefined || file === '-') return readPiped(terminal)
  const bytes = await readFileIfThere(file)
  if (bytes === undefined)
    throw new UsageError({ ko: `${file}: 없는 파일입니다`, en: `${file}: there is no such file` })
  return bytes
}
