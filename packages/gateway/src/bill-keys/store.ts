import type { Reader, Transaction } from '../storage/storage.ts'

/** The payment that charged a bill key for an order. */
export interface Charge {
  readonly billKeyId: string
  readonly orderId: string
  /** Won. */
  readonly amount: number
  readonly transactionId: string
}

type ChargeRow = { readonly amount: number; readonly transaction_id: string }

export async function findCharge(
  { storage }: { readonly storage: Reader },
  { billKeyId, orderId }: Pick<Charge, 'billKeyId' | 'orderId'>,
): Promise<Charge | undefined> {
  const sql = 'select amount, transaction_id from bill_key_charges where bill_key_id = ?1 and order_id = ?2'
  const [row] = await storage.read<ChargeRow>(sql, [billKeyId, orderId])
  return row && { billKeyId, orderId, amount: row.amount, transactionId: row.transaction_id }
}

/** The caller has locked the key and found no charge for this order. */
export const insertCharge = (
  transaction: Transaction,
  { billKeyId, orderId, amount, transactionId }: Charge,
): Promise<number> =>
  transaction.write(
    'insert into bill_key_charges (bill_key_id, order_id, amount, transaction_id) values (?1, ?2, ?3, ?4)',
    [billKeyId, orderId, amount, transactionId],
  )
