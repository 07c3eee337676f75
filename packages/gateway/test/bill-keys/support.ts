import type { WireText } from '@sspay/protocol'
import { decryptText, encryptBody } from '@sspay/protocol/sealed-body'
import { billKeyChargeChecksum, billKeyDeletionChecksum, billKeyRequestChecksum } from '@sspay/protocol/signature'
import { billKeyChargeRoute, billKeyDeletionRoute, billKeyRegistrationRoute } from '../../src/bill-keys/route.ts'
import type { BillKeyPolicy } from '../../src/merchants/bill-key-policy.ts'
import { type ApprovalTest, createApprovalTest, testMerchant } from '../approval/support.ts'

export const usualPolicy: BillKeyPolicy = { sameCard: 'return', otherCard: 'add', perMember: 'many', identity: 'phone' }

export const firstCard = '9406000000000001'
export const secondCard = '9404000000000003'

type Answer = Readonly<Record<string, string>>

export interface BillKeyTest extends ApprovalTest {
  register(changes?: WireText): Promise<Answer>
  /** Registers, and decrypts the key. */
  issue(changes?: WireText): Promise<string>
  charge(billKey: string, changes?: WireText): Promise<Answer>
  remove(billKey: string): Promise<Answer>
}

const EdiDate = '20250102030405'
const { merchantId: Mid, easyPayMerchantId: SspMallId } = testMerchant
const merchantKey = testMerchant.merchantKey.expose()

const registrationOf = (changes: WireText): WireText => {
  const fields = {
    ...{ PayMethod: 'CARDBILLKEY', Mid, SspMallId, MallUserId: 'user0001', Moid: '', EdiDate, CardType: '0' },
    ...{ CardNum: firstCard, CardExpire: '3012', BuyerAuthNum: '900117', CardPwd: '12', ...changes },
  }
  const VerifyValue = billKeyRequestChecksum({ requestedAt: EdiDate, merchantId: Mid, orderId: fields.Moid })
  return { ...fields, VerifyValue, ...changes }
}

const chargeOf = (BillTokenKey: string, changes: WireText): WireText => {
  const fields = { Amt: '9900', ...changes }
  const VerifyValue = billKeyChargeChecksum({ billKey: BillTokenKey, merchantId: Mid, amount: fields.Amt ?? '' })
  return {
    ...{ BillTokenKey, Mid, Moid: 'MONTH-1', EdiDate, MallUserId: 'user0001', GoodsName: '월 구독', GoodsCnt: '1' },
    ...{ BuyerName: '홍길동', VerifyValue },
    ...fields,
  }
}

export async function createBillKeyTest(
  policy: BillKeyPolicy | undefined = usualPolicy,
  options: Parameters<typeof createApprovalTest>[0] = {},
): Promise<BillKeyTest> {
  const test = await createApprovalTest({ ...options, merchant: { billKeys: policy, ...options.merchant } })
  const { gateway } = test
  const routes = {
    register: billKeyRegistrationRoute(gateway),
    charge: billKeyChargeRoute(gateway),
    remove: billKeyDeletionRoute(gateway),
  }
  const post = async (route: keyof typeof routes, fields: WireText): Promise<Answer> => {
    const body = JSON.stringify({ EncData: encryptBody(fields, merchantKey), Mid })
    const answer = await routes[route](new Request('https://gateway.test/', { method: 'POST', body }))
    return (await answer.json()) as Answer
  }
  const register = (changes: WireText = {}) => post('register', registrationOf(changes))
  return {
    ...test,
    register,
    async issue(changes) {
      const answer = await register(changes)
      if (answer.ResultCode !== '3001') throw new Error(JSON.stringify(answer))
      return decryptText(answer.BillTokenKey ?? '', merchantKey) ?? ''
    },
    charge: (billKey, changes = {}) => post('charge', chargeOf(billKey, changes)),
    remove(billKey) {
      const checked = { merchantId: Mid, easyPayMerchantId: SspMallId, billKey }
      const VerifyValue = billKeyDeletionChecksum(checked)
      const fields = {
        Mid,
        SspMallId,
        MallUserId: 'user0001',
        ServiceType: 'CD',
        BillTokenKey: billKey,
        EdiDate,
        VerifyValue,
      }
      return post('remove', fields)
    },
  }
}
