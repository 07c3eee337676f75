import type { Merchant } from '@sspay/gateway'
import { Secret } from '@sspay/gateway/tools'
import type { MerchantConfig } from '@sspay/merchant'
import vectors from '@sspay/protocol/vectors/signatures.json' with { type: 'json' }

const minuteMs = 60 * 1000

/** The public test merchant of the signature vectors, used by every example, test and command. */
export const testMerchant: Merchant = {
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  name: 'SSPay 테스트 상점',
  merchantKey: new Secret(vectors.MerchantKey),
  cancelPassword: new Secret('123456'),
  identityMatch: 'none',
  identityVerification: 'required',
  showsCardsBeforePassword: false,
  takesGeneralPayments: true,
  minimumAmount: 100,
  requestMaxAgeMs: 24 * 60 * minuteMs,
  requestMaxAheadMs: 10 * minuteMs,
  acceptsLegacySignature: false,
  repeatedApproval: 'replay',
  repeatedCancellation: 'replay',
  repeatedDeletion: 'delete',
  abortCode: 'S201',
  acquirerMerchantNumber: '00951234567',
  allowedOrigins: [],
  // Up to three months with every card, up to six with a Samsung card.
  interestFree: [
    { months: [2, 3], minimumAmount: 50_000 },
    { issuerCode: '04', months: [4, 5, 6], minimumAmount: 50_000 },
  ],
  billKeys: { sameCard: 'add', otherCard: 'add', perMember: 'many', identity: 'phone' },
}

/** Signs the orders of the demo shop and of `sspay pay`. */
export const testOrderSignature = { keys: ['order-signing-key-of-the-test-merchant'] } as const

/** For a notification target without settings of its own. */
export const notificationDefaults = {
  charset: 'utf-8',
  fieldNames: 'current',
  intervalMinutes: 1,
  maxAttempts: 5,
} as const

/** Signs the notifications of the test merchant. */
export const testWebhookKey = 'whsec_dGVzdC1tZXJjaGFudC13ZWJob29rLWtleS1ub3QtYS1zZWNyZXQ='

/** The configuration of a shop that is the test merchant. */
export const testMerchantConfig = (gatewayUrl: string) =>
  ({
    merchantId: testMerchant.merchantId,
    easyPayMerchantId: testMerchant.easyPayMerchantId,
    merchantKey: testMerchant.merchantKey.expose(),
    environment: { origin: gatewayUrl },
    orderSignature: testOrderSignature,
  }) satisfies MerchantConfig

/** Origin of the shop of `sspay pay`. No server listens here: the result is read from the last page of the window. */
export const commandLineShop = 'http://shop.localhost'

/** Where the demo shop receives notifications: of its own orders and of `sspay pay`, not of other shops. */
export const demoShopTarget = (shopUrl: string): string => `${shopUrl}/pay/notify`
