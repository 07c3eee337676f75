import { type Context, defaultSettings, type Merchant, realRuntime, type Storage, saveMerchant } from '@sspay/gateway'
import { createKeyRing, findPayment, migrate, openSqlite } from '@sspay/gateway/internal'
import { openPostgres } from '../../packages/gateway/src/storage/postgres.ts'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { memberWithCard, paymentOfMember, quickRootKey, type Ticket } from '../support/quick-payment.ts'
import type { SimulatedNetwork } from '../support/simulated-network.ts'

/** Where a gateway in a process of its own keeps everything. */
export type Place = { readonly sqliteFile: string } | { readonly databaseUrl: string }

/** Amount of every payment of {@link makeTickets}, in won. */
export const price = 1004
export const approvedCode = '3001'
const atOnce = 64

/** The tables of a gateway that is stopped, or of one that shares its database; the merchant is there. */
export async function withTables<Result>(place: Place, work: (context: Context) => Promise<Result>): Promise<Result> {
  const storage = await openTables(place)
  try {
    const log = { info() {}, warn() {}, error() {} }
    const keyRing = createKeyRing(realRuntime, quickRootKey)
    const context = { runtime: realRuntime, storage, keyRing, log, settings: defaultSettings }
    await migrate(storage)
    await saveMerchant(context, testMerchant)
    return await work(context)
  } finally {
    await storage.close()
  }
}

async function openTables(place: Place): Promise<Storage> {
  if ('sqliteFile' in place) return openSqlite(place.sqliteFile)
  const retryBudget = { connections: 4, retryBudgetMs: 10_000, onError() {} }
  return openPostgres({ runtime: realRuntime, url: place.databaseUrl, ...retryBudget })
}

/** So many payments whose buyer has authenticated. */
export async function makeTickets(
  context: Context,
  count: number,
  merchant: Merchant = testMerchant,
): Promise<readonly Ticket[]> {
  const payer = await memberWithCard(context, merchant, 'quick0001', '9406000000000001')
  const tickets: Ticket[] = []
  let started = 0
  const work = async (): Promise<void> => {
    while (started < count)
      tickets.push(await paymentOfMember(context, merchant, { amount: price, orderId: `D${started++}` }, payer))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return tickets
}

/** Indeterminate payments. */
export async function countIndeterminate({ storage }: Context): Promise<number> {
  const [found] = await storage.read<{ count: number }>(
    "select count(*) as count from payments where state in ('approving', 'unresolved', 'reversing')",
  )
  return Number(found?.count ?? 0)
}

export interface Ledger {
  /** Acknowledged as approved, and no longer approved with that answer. */
  readonly lost: number
  /** Payments for which the card network charged another amount than the tables say. */
  readonly wrong: number
}

/** Compares acknowledged answers, by ticket, with the tables and the card network. */
export async function auditLedgers(
  context: Context,
  network: SimulatedNetwork,
  answers: ReadonlyMap<Ticket, string | undefined>,
): Promise<Ledger> {
  const totals = await network.totals()
  let [lost, wrong] = [0, 0]
  for (const [{ transactionId }, answer] of answers) {
    const payment = await findPayment(context, transactionId)
    const { charged = 0, reversed = 0 } = totals.get(transactionId) ?? {}
    const isApproved = payment?.state === 'approved'
    if (answer !== undefined && codeOf(answer) === approvedCode && !(isApproved && payment.answer === answer)) lost++
    if (charged - reversed !== (isApproved ? price : 0)) wrong++
  }
  return { lost, wrong }
}

/** The result code in the body of an answer. */
export const codeOf = (answer: string): string => (JSON.parse(answer) as { readonly ResultCode: string }).ResultCode
