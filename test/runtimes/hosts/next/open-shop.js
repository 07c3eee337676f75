import { DatabaseSync } from 'node:sqlite'
import { openRuntimeShop } from '../shop.js'

/** One for all routes, which Next.js bundles apart. */
export function openShop() {
  const { GATEWAY: gateway, CHECKOUT_URL: url } = process.env
  globalThis.shop ??= openRuntimeShop(new DatabaseSync(':memory:'), { gateway, url, onError: console.warn })
  return globalThis.shop
}
