import type { Context } from '../context.ts'
import { readByKey } from '../storage/batching.ts'
import { changesOne, type Reader, type Transaction } from '../storage/storage.ts'
import { endBillKeysOfCard } from './bill-keys/store.ts'
import {
  type Card,
  type CardExpiry,
  type ClearCard,
  isExpired,
  issuerNameOf,
  maskCardNumber,
  mostCards,
  type ShownCard,
} from './model.ts'

type CardRow = {
  readonly card_id: string
  readonly member_id: string
  readonly number_encrypted: string
  readonly masked_number: string
  readonly issuer_code: string
  readonly card_kind: Card['cardKind']
  readonly expiry_encrypted: string
  readonly name_encrypted: string | null
  readonly is_default: number
}

type KeyRing = Context['keyRing']
export type CardKey = { readonly cardId: string; readonly memberId: string }

/** The default card first, then in the order of registration. */
export async function cardsOf(
  { storage, keyRing, runtime }: Pick<Context, 'keyRing' | 'runtime'> & { readonly storage: Reader },
  memberId: string,
): Promise<readonly Card[]> {
  const sql = 'select * from cards where member_id = ?1 order by is_default desc, registered_at, card_id'
  const rows = await storage.read<CardRow>(sql, [memberId])
  const now = runtime.now()
  return rows.map((row) => cardOf(keyRing, row, now))
}

interface NewCard extends CardKey {
  readonly clearCard: ClearCard
  readonly issuerCode: string
  readonly cardKind: Card['cardKind']
}

export interface PutCard {
  readonly card: Card
  /** `renewed`: the member has the card with another expiry. `known`: nothing changed. */
  readonly outcome: 'added' | 'renewed' | 'known'
}

/** Undefined when the member has no room for another card. The first card becomes the default. */
export function putCard({ storage, keyRing, runtime }: Context, given: NewCard): Promise<PutCard | undefined> {
  const { memberId, clearCard } = given
  const now = runtime.now()
  const [fingerprint = '', ...former] = keyRing.fingerprints(clearCard.cardNumber, `card:${memberId}`)
  return storage.transact(async (transaction) => {
    // Serializes additions to one wallet. Concurrent first cards conflict on the unique index of the default card, and
    // the later one is retried.
    const locked = `select 1 from cards where member_id = ?1 order by card_id ${transaction.lock.wait}`
    await transaction.read(locked, [memberId])
    const formerly = await findByFingerprint(transaction, memberId, former)
    const row = { ...given, fingerprint, registeredAt: now.getTime() }
    const [added] = formerly === undefined ? await insertCard(transaction, keyRing, row) : []
    if (added !== undefined) return { card: cardOf(keyRing, added, now), outcome: 'added' }

    const known = formerly ?? (await findByFingerprint(transaction, memberId, [fingerprint]))
    if (known === undefined) return undefined
    const had = decryptExpiry(keyRing, known)
    if (had.expiryMonth === clearCard.expiryMonth && had.expiryYear === clearCard.expiryYear)
      return { card: cardOf(keyRing, known, now), outcome: 'known' }
    const cardId = known.card_id
    const expiry_encrypted = encryptExpiry(keyRing, { memberId, cardId }, clearCard)
    await transaction.write('update cards set expiry_encrypted = ?2 where card_id = ?1', [cardId, expiry_encrypted])
    return { card: cardOf(keyRing, { ...known, expiry_encrypted }, now), outcome: 'renewed' }
  })
}

async function findByFingerprint(
  transaction: Transaction,
  memberId: string,
  fingerprints: readonly string[],
): Promise<CardRow | undefined> {
  const sql = 'select * from cards where member_id = ?1 and number_fingerprint = ?2'
  for (const fingerprint of fingerprints) {
    const [known] = await transaction.read<CardRow>(sql, [memberId, fingerprint])
    if (known !== undefined) return known
  }
  return undefined
}

const insertCard = (
  transaction: Transaction,
  keyRing: KeyRing,
  card: NewCard & { readonly fingerprint: string; readonly registeredAt: number },
): Promise<readonly CardRow[]> =>
  transaction.read<CardRow>(
    `insert into cards (card_id, member_id, number_encrypted, number_fingerprint, masked_number, issuer_code, card_kind,
       expiry_encrypted, is_default, registered_at)
     select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
       case when exists (select 1 from cards where member_id = ?2) then 0 else 1 end, ?9
     where (select count(*) from cards where member_id = ?2) < ?10
     on conflict (member_id, number_fingerprint) do nothing
     returning *`,
    [
      card.cardId,
      card.memberId,
      keyRing.encrypt(card.clearCard.cardNumber, numberContext(card.memberId, card.cardId)),
      card.fingerprint,
      maskCardNumber(card.clearCard.cardNumber),
      card.issuerCode,
      card.cardKind,
      encryptExpiry(keyRing, card, card.clearCard),
      card.registeredAt,
      mostCards,
    ],
  )

const byCardId = { table: 'cards', column: 'card_id' }

/** The card was deleted, or is another member's. */
export class CardUnknownError extends Error {
  constructor() {
    super('the member has no such card')
    this.name = 'CardUnknownError'
  }
}

/** A card that stays encrypted until it is used. */
export interface FoundCard {
  readonly shown: ShownCard
  /** The only access to a plaintext card number: it exists only while `work` runs. */
  use<Result>(work: (clearCard: ClearCard) => Promise<Result>): Promise<Result>
}

/** Throws {@link CardUnknownError}. */
export async function findCard(
  { storage, keyRing }: Pick<Context, 'storage' | 'keyRing'>,
  { cardId, memberId }: CardKey,
): Promise<FoundCard> {
  const row = await readByKey<CardRow>(storage, byCardId, cardId)
  if (row?.member_id !== memberId) throw new CardUnknownError()
  return {
    shown: shownCardOf(row),
    async use(work) {
      const cardNumber = keyRing.decrypt(row.number_encrypted, numberContext(memberId, cardId))
      return work({ cardNumber, ...decryptExpiry(keyRing, row) })
    },
  }
}

/** Undefined when the member has no such card. */
export async function findShownCard(
  { storage }: Pick<Context, 'storage'>,
  { cardId, memberId }: CardKey,
): Promise<ShownCard | undefined> {
  const row = await readByKey<CardRow>(storage, byCardId, cardId)
  return row?.member_id === memberId ? shownCardOf(row) : undefined
}

const shownCardOf = (row: CardRow): ShownCard => ({
  maskedCardNumber: row.masked_number,
  issuerCode: row.issuer_code,
  cardKind: row.card_kind,
})

/** False, and nothing changed, when the card is not this member's. */
export function chooseDefaultCard({ storage }: Context, { cardId, memberId }: CardKey): Promise<boolean> {
  return storage.transact(async (transaction) => {
    const key = [cardId, memberId]
    const [card] = await transaction.read('select 1 from cards where card_id = ?1 and member_id = ?2', key)
    if (card === undefined) return false
    await transaction.write('update cards set is_default = 0 where member_id = ?1 and is_default = 1', [memberId])
    await transaction.write('update cards set is_default = 1 where card_id = ?1 and member_id = ?2', key)
    return true
  })
}

/** `name` undefined removes the name. False when the card is not this member's. */
export function nameCard(
  { storage, keyRing }: Context,
  { cardId, memberId, name }: CardKey & { readonly name: string | undefined },
): Promise<boolean> {
  const encrypted = name === undefined ? null : keyRing.encrypt(name, nameContext(memberId, cardId))
  const sql = 'update cards set name_encrypted = ?3 where card_id = ?1 and member_id = ?2'
  return changesOne(storage, sql, [cardId, memberId, encrypted])
}

/**
 * Ends the card's bill keys too. When the default card is deleted, the oldest valid card becomes the default. False
 * when the card is not this member's.
 */
export function deleteCard(context: Context, { cardId, memberId }: CardKey): Promise<boolean> {
  return context.storage.transact(async (transaction) => {
    const sql = 'delete from cards where card_id = ?1 and member_id = ?2'
    const deleted = await transaction.write(sql, [cardId, memberId])
    const ending = { state: 'card_removed', at: context.runtime.now() } as const
    if (deleted === 1) await endBillKeysOfCard(transaction, { cardId, memberId }, ending)
    const left = await cardsOf({ ...context, storage: transaction }, memberId)
    const next = left.find(({ expired }) => !expired) ?? left[0]
    if (next !== undefined && left.every(({ isDefault }) => !isDefault))
      await transaction.write('update cards set is_default = 1 where card_id = ?1', [next.cardId])
    return deleted === 1
  })
}

/** Returns the number of deleted cards. */
export const deleteCardsOf = (transaction: Transaction, memberId: string): Promise<number> =>
  transaction.write('delete from cards where member_id = ?1', [memberId])

const numberContext = (memberId: string, cardId: string): string => `card-number:${memberId}:${cardId}`
const expiryContext = (memberId: string, cardId: string): string => `card-expiry:${memberId}:${cardId}`
const nameContext = (memberId: string, cardId: string): string => `card-name:${memberId}:${cardId}`

const encryptExpiry = (
  keyRing: KeyRing,
  { memberId, cardId }: CardKey,
  { expiryMonth, expiryYear }: CardExpiry,
): string => keyRing.encrypt(JSON.stringify({ expiryMonth, expiryYear }), expiryContext(memberId, cardId))

const decryptExpiry = (keyRing: KeyRing, row: CardRow): CardExpiry =>
  JSON.parse(keyRing.decrypt(row.expiry_encrypted, expiryContext(row.member_id, row.card_id)))

const cardOf = (keyRing: KeyRing, row: CardRow, now: Date): Card => ({
  cardId: row.card_id,
  memberId: row.member_id,
  issuerCode: row.issuer_code,
  issuerName: issuerNameOf(row.issuer_code),
  maskedCardNumber: row.masked_number,
  lastFour: row.masked_number.slice(-4),
  isDefault: row.is_default === 1,
  cardKind: row.card_kind,
  expired: isExpired(decryptExpiry(keyRing, row), now),
  ...(row.name_encrypted === null
    ? {}
    : { name: keyRing.decrypt(row.name_encrypted, nameContext(row.member_id, row.card_id)) }),
})
