import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { errorCodeOf, publishNew } from '../durable-file.ts'
import { ArchiveBusyError } from './context.ts'
import type { ArchiveHead, ArchiveTail } from './model.ts'

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64')

/** An unfinished file stands beside its later place, under the name of its writer. */
const partialName = (file: string, writer: string): string => `${file}.${writer}.partial`

/** Removes unfinished files; a writer that is still at work fails when it publishes. */
export async function removePartials(file: string): Promise<void> {
  const folder = dirname(file)
  const isPartial = (name: string): boolean => name.startsWith(`${basename(file)}.`) && name.endsWith('.partial')
  for (const name of (await readdir(folder)).filter(isPartial)) await rm(join(folder, name), { force: true })
}

/**
 * Writes head, lines and tail; no file without any line. When it resolves, the file is durable: flushed, linked, and
 * the folder flushed too. `writer` names this process, so that two processes whose claims overlap never write into one
 * file.
 *
 * @throws ArchiveBusyError when another process has published the file, or removed this one's unfinished part
 */
export async function writeArchive(
  { file, writer }: { readonly file: string; readonly writer: string },
  head: ArchiveHead,
  lines: AsyncIterable<string>,
): Promise<ArchiveTail & { readonly bytes: number }> {
  const sum = createHash('sha256')
  let payments = 0
  const summed = (text: string): string => {
    sum.update(text)
    return text
  }
  const tail = (): ArchiveTail => ({ payments, sha256: sum.copy().digest('hex') })
  async function* text(): AsyncGenerator<string> {
    yield summed(`${JSON.stringify(head)}\n`)
    for await (const line of lines) {
      payments++
      yield summed(`${line}\n`)
    }
    yield `${JSON.stringify(tail())}\n`
  }
  const partial = partialName(file, writer)
  await pipeline(Readable.from(text()), createGzip(), createWriteStream(partial, { mode: 0o600, flush: true }))
  if (payments > 0) await publish(partial, file)
  else await rm(partial, { force: true })
  return { ...tail(), bytes: payments === 0 ? 0 : (await stat(file)).size }
}

/** Never replaces a file: deleted payments are in the one that was there first. */
async function publish(partial: string, file: string): Promise<void> {
  await publishNew(partial, file).catch((cause: unknown) => {
    if (!/^(EEXIST|ENOENT)$/.test(errorCodeOf(cause))) throw cause
    throw new ArchiveBusyError('Another process has taken this archive over.')
  })
}

/** The file is not an archive, is truncated, or was changed. */
export class ArchiveDamagedError extends Error {}

/**
 * The lines of the payments, after the head was read and before anybody knows whether the tail agrees: only the end
 * proves the lines.
 */
export async function* readArchive(file: string): AsyncGenerator<string, ArchiveTail> {
  const sum = createHash('sha256')
  let payments = -1
  let last: string | undefined
  try {
    for await (const line of linesOf(file)) {
      if (last !== undefined) {
        sum.update(`${last}\n`)
        if (payments++ === -1) requireHead(last)
        else yield last
      }
      last = line
    }
  } catch (cause) {
    if (cause instanceof ArchiveDamagedError || isMissing(cause)) throw cause
    throw new ArchiveDamagedError('It cannot be decompressed completely.', { cause })
  }
  const tail = readTail(last)
  if (tail.payments !== payments)
    throw new ArchiveDamagedError(`It has ${Math.max(0, payments)} payments, and says ${tail.payments}.`)
  if (tail.sha256 !== sum.digest('hex')) throw new ArchiveDamagedError('Its content is not what was written.')
  return tail
}

export const isMissing = (cause: unknown): boolean => errorCodeOf(cause) === 'ENOENT'

async function* linesOf(file: string): AsyncGenerator<string> {
  const unpacked = createGunzip()
  // An error of the pipeline destroys `unpacked`, which rejects the loop below.
  const copied = pipeline(createReadStream(file), unpacked)
  copied.catch(() => {})
  let rest = ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of unpacked) {
    const parts = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
  if (rest !== '') throw new ArchiveDamagedError('Its last line has no end.')
}

function requireHead(line: string): void {
  const { archive, format } = parse(line) as Partial<ArchiveHead>
  if (typeof archive !== 'string' || format !== 1)
    throw new ArchiveDamagedError('It does not begin as an archive of payments does.')
}

function readTail(line: string | undefined): ArchiveTail {
  const { payments, sha256 } = parse(line ?? '') as Partial<ArchiveTail>
  if (typeof payments !== 'number' || typeof sha256 !== 'string')
    throw new ArchiveDamagedError('It does not end as an archive of payments does.')
  return { payments, sha256 }
}

function parse(line: string): object {
  try {
    return Object(JSON.parse(line)) as object
  } catch (cause) {
    throw new ArchiveDamagedError('It has a line that is no JSON.', { cause })
  }
}
