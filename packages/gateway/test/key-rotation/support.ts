import assert from 'node:assert/strict'
import { authenticatedPayment, memberWithCard } from '../../../../test/support/quick-payment.ts'
import { approve } from '../../src/approval/approve.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { requestPayment } from '../../src/approval/request-payment.ts'
import type { Context } from '../../src/context.ts'
import { createKeyRingOf, openKeyRing } from '../../src/key-rotation/open-key-ring.ts'
import { type Rotation, type RotationContext, rotateRootKey } from '../../src/key-rotation/rotate-root-key.ts'
import { listRootKeys } from '../../src/key-rotation/store.ts'
import { createKeypad } from '../../src/keypad/create-keypad.ts'
import { deleteMember } from '../../src/members/delete-member.ts'
import { setPaymentPassword } from '../../src/members/payment-password.ts'
import { claimNotifications, recordAttempt, saveNotificationTarget } from '../../src/notifications/store.ts'
import { type OpenedGateway, openGateway } from '../../src/open-gateway.ts'
import { insertPasskey } from '../../src/passkeys/store.ts'
import { hashesOfToken, startSession } from '../../src/payment-window/session.ts'
import type { Runtime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import { insertBillKey } from '../../src/vault/bill-keys/store.ts'
import { nameCard } from '../../src/vault/store.ts'
import { generousMs, testMerchant, testRequest } from '../approval/support.ts'
import { type CancelTest, createCancelTest } from '../cancellation/support.ts'
import { testRootKey, testSettings } from '../support.ts'

export const oldKey = new Secret(testRootKey)
export const formerMerchantKey = new Secret('former-key-8xW1mT7nB5cR9yL2pD6sF4hJ0gA')
export const newKey = new Secret('c3'.repeat(32))

export const keys = (current: Secret, ...others: readonly Secret[]) => ({ current, others })

/** As a gateway has it that has started with these keys. */
export const withKeys = async <Given extends Context>(
  context: Given,
  current: Secret,
  ...others: readonly Secret[]
): Promise<Given> => ({ ...context, keyRing: await openKeyRing(context, keys(current, ...others)) })

/** As a gateway that was started before had it. */
export const withKeysOf = async <Given extends Context>(
  context: Given,
  current: Secret,
  ...others: readonly Secret[]
): Promise<Given> => ({
  ...context,
  keyRing: createKeyRingOf(context, keys(current, ...others), await listRootKeys(context.storage)),
})

export const rotation = (
  context: Context,
  changes: Partial<RotationContext> = {},
  given = keys(newKey, oldKey),
): Promise<Rotation> =>
  rotateRootKey(
    {
      runtime: context.runtime,
      storage: context.storage,
      rest: () => new Promise((resolve) => setImmediate(resolve)),
      onStep() {},
      ...changes,
    },
    given,
  )

/** A gateway on the folder, with these keys. */
export const openWith = (
  { runtime, network }: { readonly runtime: Runtime; readonly network: { readonly url: string } },
  dataFolder: string,
  rootKey: Secret,
  ...otherRootKeys: readonly Secret[]
): Promise<OpenedGateway> =>
  openGateway({
    place: { dataFolder },
    rootKey,
    otherRootKeys,
    settings: { ...testSettings, cardNetworkTimeoutMs: generousMs },
    runtime,
    cardNetworkUrl: network.url,
    identityUrl: 'http://127.0.0.1:1',
    logDestination: { write() {} },
    hasWorkers: false,
  })

export const password = '390517'
export const cardNumber = '9406000000000001'
export const credential = { credentialId: 'Y3JlZGVudGlhbA', publicKey: 'cHVibGljLWtleQ', transports: ['internal'] }
export const relyingParty = 'pay.example'
const spentBody = 'the body of a deletion'
const deletionPurpose = `member-deletion:${testMerchant.merchantId}`

export const fingerprintsOfSpentBody = ({ keyRing }: Context): readonly string[] =>
  keyRing.fingerprints(spentBody, deletionPurpose)

export interface RotationTest extends CancelTest {
  readonly memberId: string
  readonly cardId: string
  /** Of an open window. */
  readonly token: string
  readonly keypadId: string
  readonly approvedId: string
  /** Not approved yet. */
  readonly ticket: { readonly transactionId: string; readonly approvalTicket: string }
}

/** A database with something under the old key in every column that holds ciphertext. */
export async function createRotationTest(options: Parameters<typeof createCancelTest>[0] = {}): Promise<RotationTest> {
  const test = await createCancelTest({
    settings: { cardNetworkTimeoutMs: generousMs },
    merchant: { formerKeys: [{ key: formerMerchantKey }] },
    ...options,
  })
  const { gateway } = test
  await saveNotificationTarget(gateway, {
    merchantId: testMerchant.merchantId,
    url: 'https://shop.example/notice',
    charset: 'utf-8',
    intervalMinutes: 1,
    maxAttempts: 5,
    webhookKeys: [new Secret('whsec_dGVzdC1tZXJjaGFudC13ZWJob29rLWtleS1ub3QtYS1zZWNyZXQ=')],
  })
  const { memberId, cardId } = await memberWithCard(gateway, testMerchant, 'quick0001', cardNumber)
  await setPaymentPassword(gateway, memberId, password)
  await nameCard(gateway, { memberId, cardId, name: '월급 카드' })
  await insertPasskey(gateway, { passkeyId: 'passkey1', memberId, relyingParty, credential, signCount: 0 })
  const billKey = {
    merchantId: testMerchant.merchantId,
    orderId: '',
    memberId,
    cardId,
    issuedAt: gateway.runtime.now(),
  }
  await gateway.storage.transact((transaction) => insertBillKey(transaction, gateway, billKey))
  await deleteLeaver(gateway)

  const approvedId = await approvedPayment(gateway, 'APPROVED')
  const cancelled = await approvedPayment(gateway, 'CANCELLED')
  assert.equal((await test.cancel({ Tid: cancelled, CancelAmt: '1004' })).ResultCode, '2001')
  await failNotification(gateway)
  const ticket = await authenticatedPayment(gateway, testMerchant, { amount: 1004, orderId: 'TICKET' })
  const opened = await requestPayment(gateway, { request: { ...testRequest, orderId: 'OPEN' }, merchant: testMerchant })
  const state = { channel: { by: 'post' }, language: 'ko' } as const
  const { token = '' } = (await startSession(gateway, { transactionId: opened.transactionId, state })) ?? {}
  const [sessionHash = ''] = hashesOfToken(gateway, token)
  const { keypadId } = await createKeypad(gateway, sessionHash)
  return { ...test, memberId, cardId, token, keypadId, approvedId, ticket }
}

/** One delivery whose shop answered something else than OK. */
async function failNotification(gateway: ApprovalContext): Promise<void> {
  const now = gateway.runtime.now()
  const until = new Date(now.getTime() + 60_000)
  const [claimed] = await claimNotifications(gateway, { now, until, limit: 1, except: [] })
  assert.ok(claimed !== undefined)
  const attempt = { state: 'pending', result: 'no_ok', attempts: 1, deliveredAt: undefined } as const
  await recordAttempt(gateway, claimed, { ...attempt, shopAnswer: 'no order', nextAttemptAt: until, endedAt: now })
}

async function deleteLeaver(gateway: ApprovalContext): Promise<void> {
  const { easyPayMerchantId, merchantId, repeatedDeletion } = testMerchant
  await memberWithCard(gateway, testMerchant, 'leaver', cardNumber)
  const bodyFingerprints = fingerprintsOfSpentBody(gateway)
  await deleteMember(gateway, {
    easyPayMerchantId,
    merchantId,
    customerId: 'leaver',
    bodyFingerprints,
    repeatedDeletion,
  })
}

export async function approvedPayment(gateway: ApprovalContext, orderId: string): Promise<string> {
  const ticket = await authenticatedPayment(gateway, testMerchant, { amount: 1004, orderId })
  await approve(gateway, ticket)
  return ticket.transactionId
}
