import { chmod, chown, open, readFile, realpath, rm, stat } from 'node:fs/promises'
import { errorCodeOf, publishOver } from './durable-file.ts'
import { isInstant } from './merchants/interest-free.ts'
import { type MerchantEntry, MerchantsFileError, readMerchants } from './merchants-file.ts'

/** An entry of the merchants file as it is written there, with its secrets. */
export type WrittenMerchant = Readonly<Record<string, unknown>>

/** What a command did to the file. */
export interface ChangedMerchants {
  readonly before: readonly MerchantEntry[]
  readonly after: readonly MerchantEntry[]
}

/**
 * Changes the merchants file: one process at a time, and after a power cut there is the former file or the new one,
 * whole. A new file is readable by its owner only; an existing one keeps owner and permissions. The result of `change`
 * is checked as a gateway would check it, and an error leaves the file as it is.
 *
 * @throws MerchantsFileError when the file, or what it would become, is wrong
 */
export async function changeMerchants(
  file: string,
  change: (entries: readonly WrittenMerchant[]) => readonly WrittenMerchant[],
): Promise<ChangedMerchants> {
  // A rename would replace a link, and not the file that it leads to.
  const target = await realpath(file).catch(() => file)
  const partial = `${target}.partial`
  const opened = await open(partial, 'wx', 0o600).catch((cause: unknown) => {
    throw notWritable(file, partial, cause)
  })
  try {
    const text = await readFile(target, 'utf8').catch((cause: unknown) => {
      if (errorCodeOf(cause) === 'ENOENT') return '[]'
      throw cause
    })
    const before = readMerchants(file, text)
    const changed = `${JSON.stringify(change(JSON.parse(text)), null, 2)}\n`
    const after = readMerchants(file, changed)
    await opened.writeFile(changed)
    await opened.sync()
    await keepOwner(target, partial)
    await publishOver(partial, target)
    return { before, after }
  } catch (cause) {
    await rm(partial, { force: true })
    throw cause
  } finally {
    await opened.close()
  }
}

async function keepOwner(from: string, to: string): Promise<void> {
  const known = await stat(from).catch(() => undefined)
  if (known === undefined) return
  await chmod(to, known.mode & 0o7777)
  const made = await stat(to)
  if (made.uid !== known.uid || made.gid !== known.gid) await chown(to, known.uid, known.gid)
}

function notWritable(file: string, partial: string, cause: unknown): MerchantsFileError {
  const why = errorCodeOf(cause)
  return new MerchantsFileError(
    why === 'EEXIST'
      ? `${partial}: 다른 명령이 상점 파일을 바꾸고 있습니다. 아니라면 이 파일을 지우세요. Another command is changing the merchants file; if none is, remove this file.`
      : `SSPAY_MERCHANTS: ${file}: 쓸 수 없습니다(${why}). It cannot be written (${why}).`,
    { cause },
  )
}

interface WrittenFormerKey {
  readonly key: string
  readonly until?: string
}

interface WrittenKeys {
  readonly current: string
  readonly former: readonly WrittenFormerKey[]
}

function keysOf({ merchantKey }: WrittenMerchant): WrittenKeys {
  const [current, ...former] = [merchantKey].flat()
  return {
    current: String(current),
    former: former.map((one) => (typeof one === 'string' ? { key: one } : (one as WrittenFormerKey))),
  }
}

/** The new key first, then the ones that it replaces; keys whose time is over go. */
export function withNewKey(
  entry: WrittenMerchant,
  { key, until, now }: { readonly key: string; readonly until: Date | undefined; readonly now: Date },
): WrittenMerchant {
  const { current, former } = keysOf(entry)
  const replaced = { key: current, ...(until === undefined ? {} : { until: until.toISOString() }) }
  const left = former.filter((one) => one.until === undefined || (isInstant(one.until) && new Date(one.until) > now))
  return { ...entry, merchantKey: [key, replaced, ...left] }
}

/** Only the newest key is accepted. */
export const withoutFormerKeys = (entry: WrittenMerchant): WrittenMerchant => ({
  ...entry,
  merchantKey: keysOf(entry).current,
})

/** The change of {@link merchantChangeFrom}; its notification is merged, null removes it. */
export function withChange(entry: WrittenMerchant, { notification, ...change }: WrittenMerchant): WrittenMerchant {
  const { notification: known, ...rest } = entry
  if (notification === null) return { ...rest, ...change }
  if (notification === undefined) return { ...entry, ...change }
  return { ...entry, ...change, notification: { ...(known as object | undefined), ...(notification as object) } }
}
