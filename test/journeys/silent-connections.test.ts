import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { listen } from '@sspay/gateway'
import { approve, defineMerchant, memoryJournal } from '@sspay/merchant'
import { createQuickGateway, readTicket } from '../support/quick-payment.ts'

const unfinished = 'POST /payment/approval/urlCallApproval.do HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n'

test('two hundred connections that send a head and no body hold up no approval', async (t) => {
  await using gateway = await createQuickGateway()
  const { fetch, wrap } = gateway
  const listener = await listen({ fetch, wrap, host: '127.0.0.1', port: 0 })
  const silent = Array.from({ length: 200 }, () => connect(Number(new URL(listener.url).port), '127.0.0.1'))
  t.after(() => {
    for (const socket of silent) socket.destroy()
    return listener.close()
  })
  for (const socket of silent) socket.on('error', () => {}).write(unfinished)
  await Promise.all(silent.map((socket) => once(socket, 'connect')))

  const merchant = defineMerchant({ ...gateway.merchantConfig, environment: { origin: listener.url } })
  for (let number = 0; number < 20; number++) {
    const orderId = `silent-${number}`
    const ticket = readTicket(await gateway.authenticatedPayment(1004, orderId))
    const expected = { amount: 1004, orderId }
    const { outcome } = await approve(merchant, ticket, { expected, journal: memoryJournal() })
    assert.equal(outcome, 'approved')
  }
})
