import {
  type BillKeyCard,
  type BillKeyCharge,
  chargeBillKey,
  defineMerchant,
  deleteBillKey,
  memoryJournal,
  registerBillKey,
  type Merchant as Shop,
  type Transport,
} from '../../../merchant/src/index.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { chargeRoute, deletionRoute, registrationRoute } from '../../src/bill-keys/route.ts'
import { cancelRoute } from '../../src/cancellation/route.ts'
import { memberDeletionRoute } from '../../src/members/route.ts'
import type { BillKeyPolicy } from '../../src/merchants/bill-key-policy.ts'
import type { Merchant } from '../../src/merchants/model.ts'
import { type ApprovalTest, createApprovalTest, testMerchant } from '../approval/support.ts'
import type { TestContextOptions } from '../support.ts'

export const policy: BillKeyPolicy = { sameCard: 'add', otherCard: 'add', perMember: 'many', identity: 'off' }

export const card: BillKeyCard = {
  orderId: 'REG-1',
  customerId: 'user0001',
  cardNumber: '9406000000000001',
  cardExpiry: '3012',
  birthDateOrBusinessNumber: '900117',
  cardPasswordPrefix: '12',
}

export interface BillKeyTest extends ApprovalTest {
  readonly shop: Shop
  /** Registers {@link card}, changed, and returns the key. */
  issue(changed?: Partial<BillKeyCard>): Promise<string>
  charge(billKey: string, changed?: Partial<BillKeyCharge>): ReturnType<typeof chargeBillKey>
  remove(billKey: string): ReturnType<typeof deleteBillKey>
  /** How often the card network was asked to authorize. */
  authorizations(): number
}

/** A shop that calls this gateway with the SDK. */
export function shopAt(gateway: ApprovalContext): Shop {
  const routes: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
    'urlCallCardReg.do': registrationRoute(gateway),
    'ssbbill.do': chargeRoute(gateway),
    'ssbdel.do': deletionRoute(gateway),
    'ssbMemberDel.do': memberDeletionRoute(gateway),
    'cancel.do': cancelRoute(gateway),
  }
  const transport: Transport = async ({ url, body }) => {
    const route = routes[new URL(url).pathname.split('/').at(-1) ?? '']
    if (route === undefined) return { outcome: 'unreachable' }
    const answer = await route(
      new Request(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
    )
    return { outcome: 'answered', status: answer.status, body: new Uint8Array(await answer.arrayBuffer()) }
  }
  return defineMerchant({
    merchantId: testMerchant.merchantId,
    easyPayMerchantId: testMerchant.easyPayMerchantId,
    merchantKey: testMerchant.merchantKey.expose(),
    environment: { origin: 'http://gateway.invalid' },
    orderSignature: { keys: ['a-key-of-the-orders-of-a-test-shop'], validForMs: 60 * 60_000 },
    now: () => gateway.runtime.now(),
    transport,
  })
}

/** A gateway, and a shop that calls it with the SDK. */
export async function createBillKeyTest(
  options: TestContextOptions & { readonly merchant?: Partial<Merchant> } = {},
): Promise<BillKeyTest> {
  const test = await createApprovalTest({ ...options, merchant: { billKeys: policy, ...options.merchant } })
  const shop = shopAt(test.gateway)
  return {
    ...test,
    shop,
    async issue(changed) {
      const issued = await registerBillKey(shop, { ...card, ...changed })
      if (issued.outcome !== 'issued') throw new Error(JSON.stringify(issued))
      return issued.exposeBillKey()
    },
    charge: (billKey, changed) =>
      chargeBillKey(
        shop,
        {
          ...{ billKey, orderId: 'CYCLE-1', amount: 9900, customerId: 'user0001' },
          ...{ goodsName: '월간 구독', buyerName: '김구매' },
          ...changed,
        },
        { journal: memoryJournal() },
      ),
    remove: (billKey) => deleteBillKey(shop, { billKey, customerId: 'user0001' }),
    authorizations: () => test.network.calls.filter(({ verb }) => verb === 'authorize').length,
  }
}
