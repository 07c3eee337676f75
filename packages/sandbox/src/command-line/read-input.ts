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

/** Undefined for a missing file. Throws a usage error for a folder. */
export const readFileIfThere = (file: string): Promise<Uint8Array | undefined> =>
  readFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENAMETOOLONG') return undefined
    if (cause.code !== 'EISDIR') throw cause
    throw new UsageError({
      ko: `${file}: 폴더입니다. 그 안의 파일 이름을 적으세요`,
      en: `${file} is a folder: name a file in it`,
    })
  })

/** Throws a usage error for a missing file. `named`: the option that names it, with a blank. */
export async function readRequired(file: string, named = ''): Promise<Uint8Array> {
  const bytes = await readFileIfThere(file)
  if (bytes !== undefined) return bytes
  throw new UsageError({
    ko: `${named}${file}: 없는 파일입니다. 이름과 지금 폴더(${process.cwd()})를 확인하세요`,
    en: `${named}${file}: there is no such file. Check its name and the current folder (${process.cwd()})`,
  })
}

/** The named file; stdin for `-` and without a name. */
export const readNamed = (file: string | undefined, terminal: Pick<Terminal, 'input'>): Promise<Uint8Array> =>
  file === undefined || file === '-' ? readPiped(terminal) : readRequired(file)
