/** A file, a folder or a symbolic link of an archive. Owned by root unless `owner` names another user ID. */
export interface Entry {
  /** Without a slash at its start. */
  readonly path: string
  readonly mode: number
  readonly owner?: number
  /** Absent for a folder. */
  readonly content?: Uint8Array
}

const block = 512

function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' }
  const at = path.indexOf('/', Buffer.byteLength(path) - 101)
  const split = { name: path.slice(at + 1), prefix: path.slice(0, at) }
  if (at < 0 || Buffer.byteLength(split.prefix) > 155) throw new Error(`${path} is too long for a ustar archive`)
  return split
}

function header({ path, mode, owner = 0, content }: Entry): Uint8Array {
  const bytes = Buffer.alloc(block)
  const write = (text: string, at: number): number => bytes.write(text, at)
  const writeNumber = (value: number, at: number, digits: number): number =>
    write(value.toString(8).padStart(digits, '0'), at)
  const { name, prefix } = splitPath(content === undefined ? `${path}/` : path)
  write(name, 0)
  writeNumber(mode, 100, 7)
  writeNumber(owner, 108, 7)
  writeNumber(owner, 116, 7)
  writeNumber(content?.length ?? 0, 124, 11)
  writeNumber(0, 136, 11)
  write(content === undefined ? '5' : '0', 156)
  write('ustar\x0000', 257)
  write(prefix, 345)
  // The checksum counts its own field as spaces.
  bytes.fill(' ', 148, 156)
  writeNumber(
    bytes.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  )
  bytes[154] = 0
  return bytes
}

/** With the folders above each entry. */
function withFolders(entries: readonly Entry[]): readonly Entry[] {
  const all = new Map<string, Entry>()
  for (const { path } of entries) {
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/')
      all.set(folder, { path: folder, mode: 0o755 })
    }
  }
  for (const entry of entries) all.set(entry.path, entry)
  return [...all.values()].sort((one, other) => (one.path < other.path ? -1 : 1))
}

/** A ustar archive whose bytes depend on the entries alone: sorted, and all times are 1970. */
export function tar(entries: readonly Entry[]): Buffer {
  const blocks: Uint8Array[] = []
  for (const entry of withFolders(entries)) {
    const { content = new Uint8Array() } = entry
    blocks.push(header(entry), content, new Uint8Array((block - (content.length % block)) % block))
  }
  return Buffer.concat([...blocks, new Uint8Array(2 * block)])
}
