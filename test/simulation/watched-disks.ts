import { DatabaseSync } from 'node:sqlite'
import { migrate } from '@sspay/gateway/internal'
import { openLedger } from '../../packages/sandbox/src/card-network/store.ts'
import type { Disks } from '../faults/fixture/disks.ts'
import { ledgerTables } from '../faults/fixture/ledger.ts'
import { type MemoryDisk, openMemoryDisk } from '../faults/fixture/memory-disk.ts'
import { copyToStandby } from '../faults/fixture/standby.ts'
import { createInvariants, type Invariants } from './invariants.ts'

type Facts = Pick<
  Invariants,
  'born' | 'moved' | 'event' | 'notification' | 'entry' | 'reversed' | 'cancelled' | 'order'
>

/** Which row tells which fact; the database itself calls, so that no path of the code can go around it. */
const gatewayTriggers = [
  trigger('born', 'insert on payments', 'new.transaction_id, new.state, new.amount, new.bill_key_id is not null'),
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

/** What a shop has in its database. */
export interface WatchedShop {
  createTables(connection: DatabaseSync): void
  /** Of its orders: the values are those of the fact `order`. */
  readonly triggers: readonly Trigger[]
}

const shopOfOrders: WatchedShop = {
  createTables: (connection) => connection.exec(ledgerTables),
  triggers: [
    trigger(
      'order',
      'update on orders',
      'new.transaction_id, new.order_id, new.amount, new.paid, new.is_told_declined, new.refunded',
    ),
  ],
}

interface Trigger {
  readonly fact: keyof Facts
  readonly sql: string
}

export function trigger(fact: keyof Facts, when: string, values: string): Trigger {
  return { fact, sql: `create trigger saw_${fact} after ${when} begin select saw_${fact}(${values}); end` }
}

/** Tables in memory whose every changed row is held against the invariants once its transaction has committed. */
export async function openWatchedDisks(shop = shopOfOrders): Promise<Disks> {
  const invariants = createInvariants()
  const gateway = openMemoryDisk()
  const network = openMemoryDisk()
  await migrate(gateway.storage)
  await openLedger(network.storage)
  const forgetFacts = watchDisk(gateway, gatewayTriggers, invariants)
  watchDisk(network, networkTriggers, invariants)
  return {
    openGateway: async () => gateway.storage,
    openNetwork: async () => network.storage,
    openShop() {
      const connection = new DatabaseSync(':memory:')
      shop.createTables(connection)
      // A shop's update of an order is the last statement before its commit.
      watch(connection, shop.triggers, invariants, (fact) => fact())
      return connection
    },
    copyToStandby() {
      const standby = copyToStandby(gateway.connection)
      const states = gateway.connection.prepare('select state from payments where transaction_id = ?')
      const events = gateway.connection.prepare(
        'select to_state from payment_events where transaction_id = ? order by sequence',
      )
      return {
        promote() {
          const lost = standby.promote()
          forgetFacts()
          for (const id of lost)
            invariants.wentBack(
              id,
              String(states.get(id)?.state ?? ''),
              events.all(id).map((row) => String(row.to_state)),
            )
          return lost
        },
      }
    },
    async remove() {
      gateway.close()
      network.close()
    },
    watchAuthorizing: (isAuthorizing) => invariants.watchAuthorizing(isAuthorizing),
    problems: () => invariants.problems,
  }
}

/** Returns what forgets the facts of a transaction that is none: of rows that were put back. */
function watchDisk(disk: MemoryDisk, triggers: readonly Trigger[], invariants: Invariants): () => void {
  let pending: (() => void)[] = []
  disk.onEnd((end) => {
    const facts = pending
    pending = []
    if (end === 'rolledBack') return
    for (const fact of facts) fact()
    invariants.committed()
  })
  watch(disk.connection, triggers, invariants, (fact) => void pending.push(fact))
  return () => {
    pending = []
  }
}

function watch(
  connection: DatabaseSync,
  triggers: readonly Trigger[],
  invariants: Invariants,
  tell: (fact: () => void) => void,
): void {
  for (const { fact, sql } of triggers) {
    const record = invariants[fact] as (...values: unknown[]) => void
    connection.function(`saw_${fact}`, { varargs: true }, (...values) => {
      tell(() => record(...values))
      return null
    })
    connection.exec(sql)
  }
}
