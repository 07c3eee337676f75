import { defineMerchant, type Merchant, registerBillKey } from '@sspay/merchant'
import type { BillKeyPolicy } from '../../packages/gateway/src/merchants/bill-key-policy.ts'
import { writeCharge } from '../../packages/merchant/src/bill-key-charge.ts'
import { price } from '../../test/durability/payments.ts'
import type { QuickGateway } from '../../test/support/quick-payment.ts'
import type { Call } from '../http-client.ts'

export const billKeyPolicy: BillKeyPolicy = { sameCard: 'add', otherCard: 'add', perMember: 'many', identity: 'off' }

/** Customers, each with one card and one bill key; charges use the keys in turn. */
const customers = 64

/** Charges, each of a new order. */
export function chargesAt({ merchantConfig }: QuickGateway): (count: number) => Promise<readonly Call[]> {
  const merchant = defineMerchant(merchantConfig)
  const path = new URL(merchant.endpoints.billKeyCharge).pathname
  let billKeys: Promise<readonly string[]> | undefined
  let orders = 0
  return async (count) => {
    billKeys ??= Promise.all(Array.from({ length: customers }, (_, index) => issueKey(merchant, `member${index}`)))
    const keys = await billKeys
    return Array.from({ length: count }, () => {
      const index = orders++ % customers
      const charge = { billKey: keys[index] ?? '', orderId: `C${orders}`, amount: price, customerId: `member${index}` }
      const body = writeCharge(merchant, { ...charge, goodsName: '월간 구독', buyerName: '김구독' })
      return { path, body: JSON.stringify(body) }
    })
  }
}

async function issueKey(merchant: Merchant, customerId: string): Promise<string> {
  const issued = await registerBillKey(merchant, {
    orderId: `card-${customerId}`,
    customerId,
    cardNumber: '9406000000000001',
    cardExpiry: '9912',
    birthDateOrBusinessNumber: '900117',
    cardPasswordPrefix: '12',
  })
  if (issued.outcome !== 'issued') throw new Error(`no bill key: ${JSON.stringify(issued)}`)
  return issued.exposeBillKey()
}
