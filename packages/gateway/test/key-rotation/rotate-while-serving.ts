import assert from 'node:assert/strict'
import { closing } from '../../../../test/support/closing.ts'
import { bySize } from '../../../../test/support/proof-size.ts'
import { paymentOfMember, type Ticket } from '../../../../test/support/quick-payment.ts'
import { until } from '../../../../test/support/until.ts'
import { findPayment } from '../../src/approval/store.ts'
import { keyIdOf } from '../../src/keyring.ts'
import type { OpenedGateway } from '../../src/open-gateway.ts'
import { testMerchant } from '../approval/support.ts'
import type { Run } from '../main-process.ts'
import { keysOfColumns, transactionsAhead } from './key-of-each-row.ts'
import { requireBothKeys } from './kill-points.ts'
import { type KillTest, pay, readTables, requireRotated, startRotation, wasKilled } from './kill-rotation.ts'
import type { InjectedBug } from './killed-rotation.ts'
import { newKey, oldKey, openWith } from './support.ts'

const atOnce = 64
const mostRounds = bySize({ short: 2, medium: 100, thorough: 100 })

/**
 * Rotates while a gateway with both keys approves 64 payments at once, again and again. The first run is killed. The
 * second is held once it has read a batch of payments, and goes on when they have been approved.
 */
export async function rotateWhileServing(test: KillTest, injectedBug?: InjectedBug): Promise<number> {
  const folder = await test.copy()
  const answers = new Map<string, string>()
  {
    await using gateway = closing(await openWith(test, folder, newKey, oldKey))
    const approveAll = async (tickets: readonly Ticket[]): Promise<void> => {
      await Promise.all(tickets.map(async (ticket) => answers.set(ticket.transactionId, await pay(gateway, ticket))))
    }
    const approveWhile = async (running: Run): Promise<void> => {
      await until(() => running.output().includes('begun') || !isRunning(running), { what: running.output })
      for (let round = 0; round < mostRounds && isRunning(running); round++)
        await approveAll(await newTickets(test, gateway))
    }
    const firstOfPayments = async (): Promise<number> =>
      1 + (await readTables(folder, transactionsAhead)).indexOf('payments')

    const kill = { side: 'before', commit: 1 + (await firstOfPayments()) } as const
    await using killed = startRotation(folder, { kill, injectedBug })
    await approveWhile(killed)
    assert.ok(await wasKilled(killed))
    requireBothKeys(await readTables(folder, keysOfColumns))

    await using held = startRotation(folder, { holdBefore: await firstOfPayments(), injectedBug })
    await until(() => held.output().includes('held'), { what: held.output })
    await approveAll(await oldTickets(test, folder))
    held.child.stdin?.write('go on')
    await approveWhile(held)
    assert.equal(await wasKilled(held), false)
  }
  await requireRotated(test, folder)
  await requireAnswersKept(test, folder, answers)
  return answers.size
}

const isRunning = ({ child }: Run): boolean => child.exitCode === null && child.signalCode === null

function newTickets({ payer }: KillTest, { context }: OpenedGateway): Promise<readonly Ticket[]> {
  const orders = Array.from({ length: atOnce }, (_, index) => ({ amount: 1004, orderId: `SERVED-${index}` }))
  return Promise.all(orders.map((order) => paymentOfMember(context, testMerchant, order, payer)))
}

/** The first ones that are left under the old key: those of the next batch. */
async function oldTickets({ tickets }: KillTest, folder: string): Promise<readonly Ticket[]> {
  const found = await readTables(folder, (reader) =>
    reader.read<{ transaction_id: string }>(
      'select transaction_id from payments where request_encrypted not like ?1 order by transaction_id limit ?2',
      [`${keyIdOf(newKey)}.%`, atOnce],
    ),
  )
  const ids = new Set(found.map(({ transaction_id }) => transaction_id))
  return tickets.filter(({ transactionId }) => ids.has(transactionId))
}

async function requireAnswersKept(test: KillTest, folder: string, answers: ReadonlyMap<string, string>): Promise<void> {
  await using gateway = closing(await openWith(test, folder, newKey))
  for (const [transactionId, code] of answers) {
    assert.equal(code, '3001')
    const stored = (await findPayment(gateway.context, transactionId))?.answer
    assert.match(stored ?? '', /"3001"/, 'an acknowledged approval has lost its answer')
  }
}
