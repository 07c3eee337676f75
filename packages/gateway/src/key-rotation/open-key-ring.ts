import type { Context } from '../context.ts'
import { createKeyRing, type FormerKey, type KeyRing, keyIdOf } from '../keyring.ts'
import type { Merchant } from '../merchants/model.ts'
import { listMerchants } from '../merchants/store.ts'
import { RootKeyError, type RootKeys, WrongRootKeyError } from '../root-key.ts'
import type { Reader } from '../storage/storage.ts'
import { formerKeyContext } from './model.ts'
import { type KnownRootKey, listRootKeys, recordFirstUse } from './store.ts'

/**
 * The key ring of a gateway, with the kept parts of replaced keys. Records the first use of a new key, which
 * `rotate-root-key` waits for. Throws for keys that do not decrypt the database or are retired.
 */
export async function openKeyRing(
  { runtime, storage }: Pick<Context, 'runtime' | 'storage'>,
  given: RootKeys,
): Promise<KeyRing> {
  const known = await listRootKeys(storage)
  requireUsable(known, given)
  const keyRing = createKeyRingOf({ runtime }, given, known)
  if (given.others.length > 0)
    await storage.transact((transaction) => recordFirstUse(transaction, keyRing.keyId, runtime.now()))
  return keyRing
}

/** The same without the record, for a command beside the gateway. */
export function createKeyRingOf(
  { runtime }: Pick<Context, 'runtime'>,
  { current, others }: RootKeys,
  known: readonly KnownRootKey[],
): KeyRing {
  const given = createKeyRing(runtime, current, { others })
  const ids = [current, ...others].map(keyIdOf)
  const former = known.flatMap(({ keyId, encryptedFormer }) =>
    encryptedFormer === undefined || ids.includes(keyId) ? [] : [openFormer(given, keyId, encryptedFormer)],
  )
  return createKeyRing(runtime, current, { others, former })
}

/** Decrypting the merchants proves that the keys are those of the database. */
export const listMerchantsOf = (reader: Reader, keyRing: KeyRing): Promise<readonly Merchant[]> =>
  listMerchants({ storage: reader, keyRing }).catch((cause: unknown) => {
    throw new WrongRootKeyError({ cause })
  })

function openFormer(keyRing: KeyRing, keyId: string, encrypted: string): FormerKey {
  try {
    return JSON.parse(keyRing.decrypt(encrypted, formerKeyContext(keyId)))
  } catch (cause) {
    throw new WrongRootKeyError({ cause })
  }
}

function requireUsable(known: readonly KnownRootKey[], { current, others }: RootKeys): void {
  const ids = [current, ...others].map(keyIdOf)
  const retired = known.find(({ keyId, retiredAt }) => keyId === ids[0] && retiredAt !== undefined)
  if (retired?.retiredAt !== undefined)
    throw new RootKeyError(
      `루트 키 ${retired.keyId}은(는) 이미 교체되었습니다. 새 키를 첫째로 두세요.\nThe root key ${retired.keyId} was replaced on ${retired.retiredAt.toISOString().slice(0, 10)}: put the key that replaced it first.`,
    )
  const unfinished = known.find(
    ({ keyId, encryptedFormer, retiredAt }) =>
      encryptedFormer !== undefined && retiredAt === undefined && !ids.includes(keyId),
  )
  if (unfinished !== undefined)
    throw new RootKeyError(
      `루트 키 ${unfinished.keyId}의 교체가 끝나지 않았습니다. 그 키를 되돌려 놓고 rotate-root-key를 실행하세요.\nReplacing the root key ${unfinished.keyId} is not finished: put that key back after the new one, and run rotate-root-key.`,
    )
}
