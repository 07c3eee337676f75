import { findCardCompany } from '@sspay/protocol'
import type { Context } from '../context.ts'
import type { Transaction } from '../storage/storage.ts'
import { type Card, type CardExpiry, type CardKind, type ClearCard, isExpired, maskCardNumber } from './model.ts'

type CardRow = {
  readonly card_id: string
  readonly member_id: string
  readonly number_sealed: string
  readonly masked_number: string
  readonly issuer_code: string
  readonly card_kind: string
  readonly expiry_sealed: string
  readonly is_default: number
}

type CardKey = { readonly cardId: string; readonly memberId: string }

/** The default card first, then in the order of registration. */
export async function cardsOf(
  context: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  memberId: string,
): Promise<readonly Card[]> {
  const rows = await context.storage.read<CardRow>(
    'select * from cards where member_id = ?1 order by is_default desc, registered_at, card_id',
    [memberId],
  )
  const now = context.runtime.now()
  return rows.map((row) => cardOf(row, openExpiry(context, row), now))
}

/** Undefined when the member has this card already. The first card becomes the default. */
export async function insertCard(
  { storage, keyRing, runtime }: Pick<Context, 'storage' | 'keyRing' | 'runtime'>,
  {
    cardId,
    memberId,
    clearCard,
    issuerCode,
    cardKind,
  }: CardKey & {
    readonly clearCard: ClearCard
    readonly issuerCode: string
    readonly cardKind: CardKind
  },
): Promise<Card | undefined> {
  const { cardNumber, expiryMonth, expiryYear } = clearCard
  const now = runtime.now()
  const rows = await storage.transact((transaction) =>
    transaction.read<CardRow>(
      `insert into cards (card_id, member_id, number_sealed, number_fingerprint, masked_number, issuer_code, card_kind,
         expiry_sealed, is_default, registered_at)
       select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
         case when exists (select 1 from cards where member_id = ?2) then 0 else 1 end, ?9
       where true
       on conflict (member_id, number_fingerprint) do nothing
       returning *`,
      [
        cardId,
        memberId,
        keyRing.seal(cardNumber, numberContext(memberId, cardId)),
        keyRing.fingerprint(cardNumber, `card:${memberId}`),
        maskCardNumber(cardNumber),
        issuerCode,
        cardKind,
        keyRing.seal(JSON.stringify({ expiryMonth, expiryYear }), expiryContext(memberId, cardId)),
        now.getTime(),
      ],
    ),
  )
  return rows[0] === undefined ? undefined : cardOf(rows[0], clearCard, now)
}

export async function findClearCard(
  { storage, keyRing }: Pick<Context, 'storage' | 'keyRing'>,
  { cardId, memberId }: CardKey,
): Promise<ClearCard | undefined> {
  const [row] = await storage.read<CardRow>('select * from cards where card_id = ?1 and member_id = ?2', [
    cardId,
    memberId,
  ])
  if (row === undefined) return undefined
  const cardNumber = keyRing.open(row.number_sealed, numberContext(memberId, cardId))
  return { cardNumber, ...openExpiry({ keyRing }, row) }
}

/** False, and nothing changed, when the card is not this member's. */
export async function chooseDefaultCard(
  { storage }: Pick<Context, 'storage'>,
  { cardId, memberId }: CardKey,
): Promise<boolean> {
  return storage.transact(async (transaction) => {
    const key = [cardId, memberId]
    const [card] = await transaction.read('select 1 from cards where card_id = ?1 and member_id = ?2', key)
    if (card === undefined) return false
    await transaction.write('update cards set is_default = 0 where member_id = ?1 and is_default = 1', [memberId])
    await transaction.write('update cards set is_default = 1 where card_id = ?1 and member_id = ?2', key)
    return true
  })
}

/** Returns how many cards there were. */
export const deleteCardsOf = (transaction: Transaction, memberId: string): Promise<number> =>
  transaction.write('delete from cards where member_id = ?1', [memberId])

const numberContext = (memberId: string, cardId: string): string => `card-number:${memberId}:${cardId}`
const expiryContext = (memberId: string, cardId: string): string => `card-expiry:${memberId}:${cardId}`

const openExpiry = ({ keyRing }: Pick<Context, 'keyRing'>, row: CardRow): CardExpiry =>
  JSON.parse(keyRing.open(row.expiry_sealed, expiryContext(row.member_id, row.card_id)))

const cardOf = (row: CardRow, expiry: CardExpiry, now: Date): Card => ({
  cardId: row.card_id,
  memberId: row.member_id,
  issuerCode: row.issuer_code,
  issuerName: findCardCompany(row.issuer_code)?.name ?? row.issuer_code,
  maskedCardNumber: row.masked_number,
  lastFour: row.masked_number.slice(-4),
  isDefault: row.is_default === 1,
  cardKind: row.card_kind as CardKind,
  expired: isExpired(expiry, now),
})
