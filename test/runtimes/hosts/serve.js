import process from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { openRuntimeShop } from './shop.js'

/** On Bun and Deno: by the server that the runtime brings. */
const { GATEWAY: gateway, CHECKOUT_URL: url, PORT } = process.env
const { fetch } = openRuntimeShop(new DatabaseSync(':memory:'), { gateway, url, onError: console.warn })
const listening = { port: Number(PORT), hostname: '127.0.0.1' }

if ('Bun' in globalThis) Bun.serve({ ...listening, fetch })
else Deno.serve(listening, fetch)
