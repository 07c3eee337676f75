import { DurableObject } from 'cloudflare:workers'
import { openRuntimeShop } from './shop.js'

/** Orders and journal lie in the storage of one object, which handles the requests of the checkout. */
export class Shop extends DurableObject {
  constructor(context, environment) {
    super(context, environment)
    const { GATEWAY: gateway, CHECKOUT_URL: url } = environment
    this.shop = openRuntimeShop(durableDatabase(context.storage), { gateway, url, onError: console.warn })
  }

  fetch(request) {
    return this.shop.fetch(request)
  }
}

const durableDatabase = (storage) => ({
  exec: (sql) => storage.sql.exec(sql),
  prepare: (sql) => ({ all: (...values) => storage.sql.exec(sql, ...values).toArray() }),
  transactionSync: (work) => storage.transactionSync(work),
})

export default {
  fetch: (request, { SHOP }) => SHOP.get(SHOP.idFromName('shop')).fetch(request),
}
