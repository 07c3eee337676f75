import { hash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { type Runtime, randomHex } from '../../runtime.ts'
import type { Reader, Row, Transaction } from '../../storage/storage.ts'
import { type BillKey, type BillKeyState, type BillKeysRange, mostKeysSearched } from './model.ts'

interface BillKeyRow extends Row {
  readonly bill_key_id: string
  readonly merchant_id: string
  readonly order_id: string
  readonly member_id: string
  readonly card_id: string
  readonly key_encrypted: string
  readonly state: BillKeyState
  readonly issued_at: number
  readonly ended_at: number | null
}

type Stored = { readonly storage: Reader }
type KeyRing = Context['keyRing']

/** 128 random bits, so that a plain hash cannot be reversed, in the capital letters and digits of the real service. */
const newKey = (runtime: Runtime): string =>
  `BTK${BigInt(`0x${randomHex(runtime, 16)}`)
    .toString(36)
    .padStart(25, '0')
    .toUpperCase()}`

const hashKey = (billKey: string): string => hash('sha256', billKey, 'hex')
const keyContext = (billKeyId: string): string => `bill-key:${billKeyId}`

export type NewBillKey = Pick<BillKey, 'merchantId' | 'orderId' | 'memberId' | 'cardId' | 'issuedAt'>

/** Issues a key. The caller has locked the member. */
export async function insertBillKey(
  transaction: Transaction,
  { runtime, keyRing }: Pick<Context, 'runtime' | 'keyRing'>,
  { merchantId, orderId, memberId, cardId, issuedAt }: NewBillKey,
): Promise<BillKey> {
  const billKeyId = randomHex(runtime, 16)
  const billKey = newKey(runtime)
  const encrypted = keyRing.encrypt(billKey, keyContext(billKeyId))
  const [row] = await transaction.read<BillKeyRow>(
    `insert into bill_keys (bill_key_id, merchant_id, order_id, member_id, card_id, key_hash, key_encrypted, state, issued_at)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'active', ?8) returning *`,
    [billKeyId, merchantId, orderId, memberId, cardId, hashKey(billKey), encrypted, issuedAt.getTime()],
  )
  if (row === undefined) throw new Error('a bill key that was just inserted is missing')
  return billKeyOf(row)
}

/** By the key that the shop sends; undefined for an unknown one. */
export async function findBillKey({ storage }: Stored, billKey: string): Promise<BillKey | undefined> {
  const [row] = await storage.read<BillKeyRow>('select * from bill_keys where key_hash = ?1', [hashKey(billKey)])
  return row && billKeyOf(row)
}

export async function findBillKeyById({ storage }: Stored, billKeyId: string): Promise<BillKey | undefined> {
  const [row] = await storage.read<BillKeyRow>('select * from bill_keys where bill_key_id = ?1', [billKeyId])
  return row && billKeyOf(row)
}

/** Newest first. With a filter it reads the newest {@link mostKeysSearched} keys. */
export async function listBillKeys(
  { storage }: Stored,
  { before, limit, merchantId = '', text = '', ...range }: BillKeysRange & { readonly limit: number },
): Promise<readonly BillKey[]> {
  const state = range.state ?? ''
  const rows = await storage.read<BillKeyRow>(
    `select * from (select * from bill_keys where (issued_at, bill_key_id) < (?1, ?2)
       order by issued_at desc, bill_key_id desc limit ?3) as newest
     where (?4 = '' or merchant_id = ?4) and (?5 = '' or state = ?5)
       and (?6 = '' or ?6 in (order_id, bill_key_id, member_id))
     order by issued_at desc, bill_key_id desc limit ?7`,
    [
      before?.issuedAt.getTime() ?? Number.MAX_SAFE_INTEGER,
      before?.billKeyId ?? '',
      merchantId + state + text === '' ? limit : mostKeysSearched,
      merchantId,
      state,
      text,
      limit,
    ],
  )
  return rows.map(billKeyOf)
}

/** Those that can be charged, the oldest first. */
export async function activeBillKeysOf(
  { storage }: Stored,
  { merchantId, memberId }: Pick<BillKey, 'merchantId' | 'memberId'>,
): Promise<readonly BillKey[]> {
  const rows = await storage.read<BillKeyRow>(
    `select * from bill_keys where member_id = ?1 and merchant_id = ?2 and state = 'active'
     order by issued_at, bill_key_id`,
    [memberId, merchantId],
  )
  return rows.map(billKeyOf)
}

/** Row lock: a charge and the end of its key wait for each other. The state that the key has then. */
export async function lockBillKey(transaction: Transaction, billKeyId: string): Promise<BillKeyState | undefined> {
  const [row] = await transaction.read<Pick<BillKeyRow, 'state'>>(
    `select state from bill_keys where bill_key_id = ?1 ${transaction.lock.wait}`,
    [billKeyId],
  )
  return row?.state
}

export interface StoredCharge {
  /** Whole won. */
  readonly amount: number
  readonly transactionId: string
}

type ChargeKey = { readonly billKeyId: string; readonly orderId: string }

/** The payment of this key for this order, if there is one. */
export async function findCharge(
  transaction: Transaction,
  { billKeyId, orderId }: ChargeKey,
): Promise<StoredCharge | undefined> {
  const [row] = await transaction.read<Row & { readonly amount: number; readonly transaction_id: string }>(
    'select amount, transaction_id from bill_key_charges where bill_key_id = ?1 and order_id = ?2',
    [billKeyId, orderId],
  )
  return row && { amount: row.amount, transactionId: row.transaction_id }
}

/** The caller has locked the key, and has found no charge of the order. */
export const recordCharge = (
  transaction: Transaction,
  { billKeyId, orderId, amount, transactionId }: ChargeKey & StoredCharge,
): Promise<number> =>
  transaction.write(
    'insert into bill_key_charges (bill_key_id, order_id, amount, transaction_id) values (?1, ?2, ?3, ?4)',
    [billKeyId, orderId, amount, transactionId],
  )

export type Ending = { readonly state: Exclude<BillKeyState, 'active'>; readonly at: Date }

/** False when it had ended before. */
export async function endBillKey(transaction: Transaction, billKeyId: string, { state, at }: Ending): Promise<boolean> {
  const sql = `update bill_keys set state = ?2, ended_at = ?3 where bill_key_id = ?1 and state = 'active'`
  return (await transaction.write(sql, [billKeyId, state, at.getTime()])) === 1
}

/** Ends every key of the member, at all merchants. */
export const endBillKeysOf = (transaction: Transaction, memberId: string, { state, at }: Ending): Promise<number> =>
  transaction.write(`update bill_keys set state = ?2, ended_at = ?3 where member_id = ?1 and state = 'active'`, [
    memberId,
    state,
    at.getTime(),
  ])

/** Ends every key of the card. */
export const endBillKeysOfCard = (
  transaction: Transaction,
  { memberId, cardId }: Pick<BillKey, 'memberId' | 'cardId'>,
  { state, at }: Ending,
): Promise<number> =>
  transaction.write(
    `update bill_keys set state = ?3, ended_at = ?4 where member_id = ?1 and card_id = ?2 and state = 'active'`,
    [memberId, cardId, state, at.getTime()],
  )

/** The key itself, for the shop that it is issued to. */
export async function revealBillKey(
  { storage, keyRing }: Stored & { readonly keyRing: KeyRing },
  { billKeyId }: Pick<BillKey, 'billKeyId'>,
): Promise<string> {
  const sql = 'select key_encrypted from bill_keys where bill_key_id = ?1'
  const [row] = await storage.read<Pick<BillKeyRow, 'key_encrypted'>>(sql, [billKeyId])
  if (row === undefined) throw new Error(`there is no bill key ${billKeyId}`)
  return keyRing.decrypt(row.key_encrypted, keyContext(billKeyId))
}

const billKeyOf = (row: BillKeyRow): BillKey => ({
  billKeyId: row.bill_key_id,
  merchantId: row.merchant_id,
  orderId: row.order_id,
  memberId: row.member_id,
  cardId: row.card_id,
  state: row.state,
  issuedAt: new Date(row.issued_at),
  endedAt: row.ended_at === null ? undefined : new Date(row.ended_at),
})
