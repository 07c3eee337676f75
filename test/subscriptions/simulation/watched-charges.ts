import { createTables } from '../../../examples/subscriptions/subscriptions.ts'
import { trigger, type WatchedShop } from '../../simulation/watched-disks.ts'

/** The shop of the subscription example: each cycle is an order, which one charge pays. */
export const watchedCharges: WatchedShop = {
  createTables,
  triggers: [
    trigger(
      'order',
      "update of state on charges when new.state = 'paid'",
      `new.transaction_id, new.subscription_id || ' cycle ' || new.cycle,
        (select amount from subscriptions where subscription_id = new.subscription_id), 1, old.state = 'declined', 0`,
    ),
  ],
}
