import { readFile } from 'node:fs/promises'
import { UsageError } from '../addresses.ts'
import type { Terminal } from '../terminal.ts'

const maxBytes = 1024 * 1024

/** Reads stdin. Throws a usage error when it is empty or longer than 1 MiB. */
export async function readPiped({ input }: Pick<Terminal, 'input'>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of input ?? []) {
    chunks.push(chunk)
    length += chunk.byteLength
    if (length > maxBytes) throw new UsageError({ ko: '입력이 1 MiB를 넘습니다', en: 'the input is longer than 1 MiB' })
  }
  if (length > 0) return new Uint8Array(Buffer.concat(chunks))
  throw new UsageError({
    ko: '읽을 것이 없습니다. 파일 이름을 적거나 표준 입력으로 보내세요',
    en: 'nothing to read: name a file, or pipe it in',
  })
}

/** Undefined for a missing file. */
export const readFileIfThere = (file: string): Promise<Uint8Array | undefined> =>
  readFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENAMETOOLONG' || cause.code === 'EISDIR') return undefined
    throw cause
  })

/** The named file; stdin for `-` and without a name. */
export async function readNamed(file: string | undefined, terminal: Pick<Terminal, 'input'>): Promise<Uint8Array> {
  if (file === undefined || file === '-') return readPiped(terminal)
  const bytes = await readFileIfThere(file)
  if (bytes === undefined)
    throw new UsageError({ ko: `${file}: 없는 파일입니다`, en: `${file}: there is no such file` })
  return bytes
}
