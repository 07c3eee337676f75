import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What the issuers, the gateway and the shop have written down, read while they run. */
export interface ShopLedger {
  /** How often the issuers took money for an order, and how much of it they hold now. */
  charged(orderId: string): { readonly times: number; readonly won: number }
  /** The shop's order, and how often it became paid. */
  order(orderId: string): { readonly state: string; readonly timesMarkedPaid: number }
  /** Payments of the order that the shop's journal does not know the end of. */
  openPayments(orderId: string): number
  /** States of the gateway's notifications about an order. */
  notificationStates(orderId: string): readonly string[]
  close(): void
}

export function openShopLedger(sandboxFolder: string, shopFile: string): ShopLedger {
  const options = { timeout: 60_000 }
  const gateway = new DatabaseSync(join(sandboxFolder, 'gateway.db'), { ...options, readOnly: true })
  gateway.exec(`attach database '${join(sandboxFolder, 'card-network.db')}' as network`)
  const shop = new DatabaseSync(shopFile, options)
  // The shop's own update happens once or not at all, so how often it happened is counted beside it.
  shop.exec(`create table credits_seen (order_id text not null);
    create trigger credit_seen after update of state on orders when new.state = 'paid'
      begin insert into credits_seen values (new.order_id); end`)
  return {
    charged(orderId) {
      const row = gateway
        .prepare(
          `select count(*) as times, coalesce(sum(entry.amount - coalesce((
              select sum(cancel_amount) from network.network_cancels as cancel
              where cancel.transaction_id = entry.transaction_id), 0)), 0) as won
            from payments join network.network_entries as entry using (transaction_id)
            where payments.order_id = ? and entry.outcome = 'approved' and entry.reversed_at is null`,
        )
        .get(orderId)
      return { times: Number(row?.times), won: Number(row?.won) }
    },
    order(orderId) {
      const row = shop
        .prepare(
          `select state, (select count(*) from credits_seen where order_id = ?1) as timesMarkedPaid
            from orders where order_id = ?1`,
        )
        .get(orderId)
      return { state: String(row?.state), timesMarkedPaid: Number(row?.timesMarkedPaid) }
    },
    openPayments(orderId) {
      const row = shop
        .prepare(
          `select count(*) as open from sspay_journal
            where order_id = ? and state in ('begun', 'approved', 'abandoned', 'approved_abandoned')`,
        )
        .get(orderId)
      return Number(row?.open)
    },
    notificationStates: (orderId) =>
      gateway
        .prepare(
          `select notifications.state as state from notifications join payments using (transaction_id)
            where payments.order_id = ? order by sequence`,
        )
        .all(orderId)
        .map(({ state }) => String(state)),
    close() {
      shop.close()
      gateway.close()
    },
  }
}
