import { once } from 'node:events'
import process from 'node:process'
import { expressCheckout } from '@sspay/merchant/express'
import express from 'express'
import initSqlJs from 'sql.js'
import { openRuntimeShop } from './shop.js'

/** On every Node that the SDK supports: 20 has no `node:sqlite`. */
const { GATEWAY: gateway, CHECKOUT_URL: url, PORT } = process.env
const { Database } = await initSqlJs()
const { checkout, orderAt } = openRuntimeShop(asSqlite(new Database()), { gateway, url, onError: console.warn })

function asSqlite(database) {
  const all = (sql, values) => {
    const statement = database.prepare(sql, values)
    const rows = []
    while (statement.step()) rows.push(statement.getAsObject())
    statement.free()
    return rows
  }
  return { exec: (sql) => database.exec(sql), prepare: (sql) => ({ all: (...values) => all(sql, values) }) }
}

const app = express()
app.use(expressCheckout(checkout))
app.use((incoming, outgoing) => void outgoing.json(orderAt(incoming.path) ?? {}))
await once(app.listen(Number(PORT), '127.0.0.1'), 'listening')
