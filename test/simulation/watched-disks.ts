import { DatabaseSync } from 'node:sqlite'
import { migrate } from '@sspay/gateway'
import { openLedger } from '../../packages/sandbox/src/card-network/store.ts'
import { booksTables } from '../faults/world/books.ts'
import type { Disks } from '../faults/world/disks.ts'
import { type MemoryDisk, openMemoryDisk } from '../faults/world/memory-disk.ts'
import { createInvariants, type Invariants } from './invariants.ts'

type Facts = Pick<
  Invariants,
  'born' | 'moved' | 'event' | 'notification' | 'entry' | 'reversed' | 'cancelled' | 'order'
>

/** Which row tells which fact; the database itself calls, so that no path of the code can go around it. */
const gatewayTriggers = [
  trigger('born', 'insert on payments', 'new.transaction_id, new.state, new.amount'),
  trigger(
    'moved',
    'update on payments',
    'new.transaction_id, old.state, new.state, old.amount, new.amount, new.cancelled_amount',
  ),
  trigger(
    'event',
    'insert on payment_events',
    'new.transaction_id, new.sequence, new.event, new.from_state, new.to_state',
  ),
  trigger('notification', 'insert on notifications', 'new.transaction_id, new.sequence, new.payment_state'),
]
const networkTriggers = [
  trigger('entry', 'insert on network_entries', 'new.transaction_id, new.amount, new.outcome'),
  trigger('reversed', 'update of reversed_at on network_entries', 'new.transaction_id'),
  trigger('cancelled', 'insert on network_cancels', 'new.transaction_id, new.cancel_amount'),
]
const shopTriggers = [
  trigger(
    'order',
    'update on orders',
    'new.transaction_id, new.order_id, new.amount, new.times_paid, new.is_told_declined, new.refunded',
  ),
]

function trigger(
  fact: keyof Facts,
  when: string,
  values: string,
): { readonly fact: keyof Facts; readonly sql: string } {
  return { fact, sql: `create trigger saw_${fact} after ${when} begin select saw_${fact}(${values}); end` }
}

/** Tables in memory whose every changed row is held against the invariants once its transaction has committed. */
export async function openWatchedDisks(): Promise<Disks> {
  const invariants = createInvariants()
  const gateway = openMemoryDisk()
  const network = openMemoryDisk()
  await migrate(gateway.storage)
  await openLedger(network.storage)
  watchDisk(gateway, gatewayTriggers, invariants)
  watchDisk(network, networkTriggers, invariants)
  return {
    openGateway: async () => gateway.storage,
    openNetwork: async () => network.storage,
    openShop() {
      const connection = new DatabaseSync(':memory:')
      connection.exec(booksTables)
      // A shop's update of an order is the last statement before its commit.
      watch(connection, shopTriggers, invariants, (fact) => fact())
      return connection
    },
    async remove() {
      gateway.close()
      network.close()
    },
    watchAuthorizing: (isAuthorizing) => invariants.watchAuthorizing(isAuthorizing),
    problems: () => invariants.problems,
  }
}

function watchDisk(disk: MemoryDisk, triggers: typeof gatewayTriggers, invariants: Invariants): void {
  let pending: (() => void)[] = []
  disk.onEnd((end) => {
    const facts = pending
    pending = []
    if (end === 'rolledBack') return
    for (const fact of facts) fact()
    invariants.committed()
  })
  watch(disk.connection, triggers, invariants, (fact) => void pending.push(fact))
}

function watch(
  connection: DatabaseSync,
  triggers: typeof gatewayTriggers,
  invariants: Invariants,
  tell: (fact: () => void) => void,
): void {
  for (const { fact, sql } of triggers) {
    const hear = invariants[fact] as (...values: unknown[]) => void
    connection.function(`saw_${fact}`, { varargs: true }, (...values) => {
      tell(() => hear(...values))
      return null
    })
    connection.exec(sql)
  }
}
