import type { Context } from '../context.ts'
import { formerKeyOf, type KeyRing, keyIdOf } from '../keyring.ts'
import type { RootKeys } from '../root-key.ts'
import type { Row } from '../storage/storage.ts'
import { type EncryptedTable, encryptedTables, formerKeyContext } from './model.ts'
import { createKeyRingOf, listMerchantsOf } from './open-key-ring.ts'
import {
  listRootKeys,
  type ReencryptedRow,
  readRowsAfter,
  recordFormer,
  recordRetired,
  replaceEncrypted,
} from './store.ts'

/** Key rotation, while the gateways serve. */
export interface RotationContext extends Pick<Context, 'runtime' | 'storage'> {
  /** Pauses, so that requests go first. */
  rest(durationMs: number): Promise<unknown>
  onStep(step: RotationStep): void
}

/** `rows`: read so far in this pass. */
export interface RotationStep {
  readonly pass: number
  readonly table: string
  readonly rows: number
  readonly rotated: number
}

export interface Rotation {
  readonly keyId: string
  readonly formerKeyIds: readonly string[]
  /** Re-encrypted rows, by table. */
  readonly rotated: Readonly<Record<string, number>>
  /** Rows that are not under the current key: 0 when it is done. */
  readonly left: number
  /** The rows in `left` that no key decrypts, as `table key`; the first hundred. */
  readonly damaged: readonly string[]
}

class RotationRejectedError extends Error {}

/** Small, since a running gateway on SQLite waits for the end of the transaction. */
const rowsAtOnce = 100

/** A later pass finds rows that were locked, and rows that a gateway has written since under another key. */
const mostPasses = 20
const pauseBetweenPassesMs = 500
const mostNamed = 100

/**
 * Re-encrypts every row that is under another root key, while gateways run. Resumable: each row is entirely under one
 * key, and the next call continues. Marks the other keys as retired once no row is left.
 */
export async function rotateRootKey(context: RotationContext, given: RootKeys): Promise<Rotation> {
  const { runtime, storage } = context
  const keyRing = await openForRotation(context, given)
  await keepFormerKeys(context, keyRing, given)
  const tally: Tally = { rotated: new Map(), damaged: [] }
  let left = 0
  for (let pass = 1; pass <= mostPasses; pass++) {
    tally.damaged.length = 0
    const found = await rotateAll(context, keyRing, { tally, pass })
    left = tally.damaged.length
    if (found === left) break
    left = found
    await context.rest(pauseBetweenPassesMs)
  }
  if (left === 0)
    await storage.transact(async (transaction) => {
      for (const key of given.others) await recordRetired(transaction, keyIdOf(key), runtime.now())
    })
  return rotationOf(given, tally, left)
}

/** Counts the rows that are not under the current key. */
export async function countLeft(context: RotationContext, given: RootKeys): Promise<Rotation> {
  const keyRing = await openForRotation(context, given)
  const tally: Tally = { rotated: new Map(), damaged: [] }
  let left = 0
  for (const table of encryptedTables)
    for await (const rows of pagesOf(context, table)) left += rows.filter((row) => isLeft(keyRing, table, row)).length
  return rotationOf(given, tally, left)
}

interface Tally {
  readonly rotated: Map<string, number>
  readonly damaged: string[]
}

const rotationOf = (given: RootKeys, { rotated, damaged }: Tally, left: number): Rotation => ({
  keyId: keyIdOf(given.current),
  formerKeyIds: given.others.map(keyIdOf),
  rotated: Object.fromEntries(rotated),
  left,
  damaged: damaged.slice(0, mostNamed),
})

/** Throws before any change: one key only, keys of another database, or no gateway encrypts with the new key yet. */
async function openForRotation(context: RotationContext, given: RootKeys): Promise<KeyRing> {
  if (given.others.length === 0)
    throw new RotationRejectedError(
      '루트 키가 하나뿐입니다. 새 키를 첫째, 지금 키를 둘째로 두세요. There is one root key only: put the new one first and the one in use second.',
    )
  const known = await listRootKeys(context.storage)
  const keyRing = createKeyRingOf(context, given, known)
  await listMerchantsOf(context.storage, keyRing)
  if (known.some(({ keyId, retiredAt }) => keyId === keyRing.keyId && retiredAt === undefined)) return keyRing
  throw new RotationRejectedError(
    `게이트웨이가 아직 새 키 ${keyRing.keyId}(으)로 암호화하지 않습니다. 모든 게이트웨이를 새 키를 첫째로 두고 다시 시작한 뒤 실행하세요. ` +
      `No gateway encrypts with the new key ${keyRing.keyId} yet: restart every gateway with it first, then run this again.`,
  )
}

async function keepFormerKeys({ storage, runtime }: RotationContext, keyRing: KeyRing, given: RootKeys) {
  await storage.transact(async (transaction) => {
    for (const key of given.others) {
      const former = formerKeyOf(key)
      const encryptedFormer = keyRing.encrypt(JSON.stringify(former), formerKeyContext(former.keyId))
      await recordFormer(transaction, { keyId: former.keyId, encryptedFormer, now: runtime.now() })
    }
  })
}

/** Returns how many rows were not under the current key. */
async function rotateAll(
  context: RotationContext,
  keyRing: KeyRing,
  { tally, pass }: { readonly tally: Tally; readonly pass: number },
): Promise<number> {
  let found = 0
  for (const table of encryptedTables) {
    let [rows, rotated] = [0, 0]
    for await (const page of pagesOf(context, table)) {
      const startedAt = context.runtime.now().getTime()
      const left = page.filter((row) => isLeft(keyRing, table, row))
      found += left.length
      rows += page.length
      if (left.length === 0) continue
      const reencrypted = left.flatMap((row) => {
        try {
          return [reencrypt(keyRing, table, row)]
        } catch {
          const key = Object.keys(table.primaryKey).map((column) => row[column])
          tally.damaged.push([table.table, ...key].join(' '))
          return []
        }
      })
      if (reencrypted.length > 0)
        rotated += await context.storage.transact((transaction) => replaceEncrypted(transaction, table, reencrypted))
      context.onStep({ pass, table: table.table, rows, rotated })
      await context.rest(context.runtime.now().getTime() - startedAt)
    }
    tally.rotated.set(table.table, (tally.rotated.get(table.table) ?? 0) + rotated)
  }
  return found
}

async function* pagesOf({ storage }: RotationContext, table: EncryptedTable): AsyncGenerator<readonly Row[], void> {
  let after: Row | undefined
  for (;;) {
    const rows = await readRowsAfter(storage, table, { after, limit: rowsAtOnce })
    if (rows.length > 0) yield rows
    if (rows.length < rowsAtOnce) return
    after = rows.at(-1)
  }
}

const isLeft = (keyRing: KeyRing, { encrypted }: EncryptedTable, row: Row): boolean =>
  Object.keys(encrypted).some((column) => {
    const ciphertext = row[column]
    return typeof ciphertext === 'string' && !keyRing.isCurrent(ciphertext)
  })

function reencrypt(keyRing: KeyRing, { encrypted }: EncryptedTable, row: Row): ReencryptedRow {
  const after: Record<string, string | null> = {}
  for (const [column, { contextOf, fingerprint }] of Object.entries(encrypted)) {
    const ciphertext = row[column]
    const context = contextOf(row)
    const plaintext = typeof ciphertext === 'string' ? keyRing.decrypt(ciphertext, context) : undefined
    after[column] = plaintext === undefined ? null : keyRing.encrypt(plaintext, context)
    const parts = plaintext === undefined ? undefined : fingerprint?.partsOf(row, plaintext)
    if (fingerprint !== undefined)
      after[fingerprint.column] = parts === undefined ? null : keyRing.fingerprint(parts.value, parts.context)
  }
  return { before: row, after }
}
