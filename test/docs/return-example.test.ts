import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { approvalTicket } from '../../packages/merchant/test/samples.ts'
import { openApprovingGateway, transactionOf } from '../runtimes/gateway.ts'
import { merchantKey } from '../runtimes/shop.ts'

const gateway = await openApprovingGateway()
after(() => gateway.close())
Object.assign(process.env, {
  GATEWAY: gateway.origin,
  MERCHANT_KEY: merchantKey,
  ORDER_SIGNING_KEY: 'order-signing-key-of-a-test-32-characters',
})
const { login, orders, returnPage } = await import('../../examples/return.ts')

async function comeBack(orderId: string, transactionId: string): Promise<string> {
  const [cookie = ''] = (login('user0001').headers.get('set-cookie') ?? '').split(';')
  const request = new Request(`https://shop.example/return?order=${orderId}`, {
    method: 'POST',
    headers: {
      cookie,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'navigate',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ Tid: transactionId, TrAuthKey: approvalTicket }).toString(),
  })
  return (await returnPage(request)).text()
}

test('the guide’s return page approves no second payment of an order that is paid', async () => {
  orders.set('ORDER1', { orderId: 'ORDER1', customerId: 'user0001', amount: 1004, state: 'paid' })
  assert.equal(await comeBack('ORDER1', transactionOf(1)), '결제했어요.')
  assert.equal(gateway.timesApproved(transactionOf(1)), 0)
})

test('nor while the outcome of another payment is unknown', async () => {
  orders.set('ORDER3', { orderId: 'ORDER3', customerId: 'user0001', amount: 1004, state: 'open' })
  gateway.forge(transactionOf(3))
  assert.match(await comeBack('ORDER3', transactionOf(3)), /^결제 결과를 확인하고/)
  assert.match(await comeBack('ORDER3', transactionOf(4)), /^결제 결과를 확인하고/)
  assert.deepEqual(
    [3, 4].map((number) => gateway.timesApproved(transactionOf(number))),
    [1, 0],
  )
})
