import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encryptBody } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import { approve } from '../../src/approval/approve.ts'
import { expireForgotten } from '../../src/approval/close-payment.ts'
import { removePendingMembers } from '../../src/approval/remove-pending-members.ts'
import { consoleRoutes } from '../../src/console/route.ts'
import { pendingMemberLifeMs } from '../../src/members/model.ts'
import { memberDeletionRoute } from '../../src/members/route.ts'
import { openGateway } from '../../src/open-gateway.ts'
import { paymentWindowRoutes } from '../../src/payment-window/route.ts'
import type { Runtime } from '../../src/runtime.ts'
import { Secret } from '../../src/secret.ts'
import type { SecurityEventName } from '../../src/security-events/model.ts'
import { defaultSettings } from '../../src/settings.ts'
import { authenticatedMember, pendingMember } from '../approval/pending-members.ts'
import { type ApprovalTest, createApprovalTest } from '../approval/support.ts'
import { type CancelTest, createCancelTest } from '../cancellation/support.ts'
import { createDevice } from '../passkeys/device.ts'
import { memberWithPasskey, openPasskeys, usePasskey } from '../passkeys/window-support.ts'
import {
  Buyer,
  buyer,
  cardFields,
  openWindowFixture,
  post,
  testCardNumber,
  type WindowFixture,
} from '../payment-window/buyer.ts'
import { fixture, member, newCustomer, password, returning } from '../payment-window/members.ts'
import { merchantKey, requestForm, testMerchant } from '../payment-window/request-form.ts'
import { atCards, cardIdOf, owner, samsung } from '../payment-window/wallets.ts'
import { createTestContext, noCardNetwork, testRootKey, testSettings } from '../support.ts'
import { testPlace } from '../test-storage.ts'

/** Makes an event happen as a buyer, a shop or an operator does, and gives the lines of the log that came of it. */
export type Provocation = () => Promise<readonly string[]>

/** What the window of this test file logs meanwhile. */
async function inWindow(work: () => Promise<unknown>): Promise<readonly string[]> {
  const from = fixture.lines.length
  await work()
  return fixture.lines.slice(from)
}

type FixtureOptions = Parameters<typeof openWindowFixture>

async function inOwnWindow(
  work: (fixture: WindowFixture) => Promise<unknown>,
  ...options: FixtureOptions
): Promise<readonly string[]> {
  await using own = await openWindowFixture(...options)
  await work(own)
  return own.lines
}

async function asksForCode(of: ConstructorParameters<typeof Buyer>[0] = fixture, change = {}): Promise<Buyer> {
  const person = new Buyer(of)
  await person.open(requestForm({ ...newCustomer(), ...change }))
  await person.submit('terms', { agreeAll: 'Y' })
  await person.submit('identity', buyer)
  return person
}

async function guess(digits: string, times: number): Promise<void> {
  const window = await returning(await member())
  for (let tried = 0; tried < times; tried++) await window.tapPassword(digits)
}

async function whileCancelling(work: (test: CancelTest) => Promise<unknown>): Promise<readonly string[]> {
  await using test = await createCancelTest()
  await work(test)
  return test.lines
}

async function guessCancelPassword(test: CancelTest, times: number): Promise<void> {
  const Tid = await test.approvedPayment()
  for (let tried = 0; tried < times; tried++) await test.cancel({ Tid, CancelPwd: '730184' })
}

async function whileApproving(work: (test: ApprovalTest) => Promise<unknown>): Promise<readonly string[]> {
  await using test = await createApprovalTest()
  await work(test)
  return test.lines
}

async function approvesFirstPayment({ gateway }: ApprovalTest): Promise<void> {
  const { ticket } = await authenticatedMember(gateway, 'customer', 'CI-1')
  await approve(gateway, ticket)
}

async function forgetsPendingMember({ gateway, clock }: ApprovalTest): Promise<void> {
  await pendingMember(gateway, 'customer', 'CI-1')
  clock.advance(pendingMemberLifeMs)
  await expireForgotten(gateway)
  await removePendingMembers(gateway)
}

async function onConsole(path: string, init?: RequestInit): Promise<readonly string[]> {
  await using world = await createTestContext()
  const answer = await consoleRoutes({ ...world.context, cardNetwork: noCardNetwork }, { links: [] }).request(
    `http://localhost${path}`,
    init,
  )
  await answer.text()
  return world.lines
}

const unreachable = {
  sendCode: async () => ({ ok: false, reason: 'unreachable' }) as const,
  checkCode: async () => ({ result: 'unreachable' }) as const,
  sendMessage: async () => false,
}

async function deletesMember(): Promise<void> {
  const { merchantId, easyPayMerchantId } = testMerchant
  const { customerId } = await member()
  const VerifyValue = deletionChecksum({ merchantId, easyPayMerchantId, customerId })
  const body = { Mid: merchantId, SspMallId: easyPayMerchantId, MallUserId: customerId, VerifyValue, ServiceType: 'MD' }
  const envelope = JSON.stringify({ EncData: encryptBody(body, merchantKey), Mid: merchantId })
  await memberDeletionRoute(fixture.context)(new Request('http://localhost/', { method: 'POST', body: envelope }))
}

async function removesCard(): Promise<void> {
  const window = await atCards(await owner(samsung))
  const cardId = cardIdOf(window, samsung.slice(-4))
  await window.submit('delete-card', { cardId })
  await window.submit('confirm-delete-card', { cardId })
}

async function removesPasskey(): Promise<void> {
  const { customer } = await memberWithPasskey()
  const window = await returning(customer)
  await openPasskeys(window)
  const [, passkeyId = ''] = /name="passkeyId" value="([0-9a-f]+)"/.exec(window.page.text) ?? []
  await window.submit('delete-passkey', { passkeyId })
}

async function startsGateway(keys: { readonly otherRootKeys?: readonly Secret[] } = {}): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-events-'))
  const lines: string[] = []
  try {
    const gateway = await openGateway({
      place: await testPlace(folder),
      rootKey: new Secret(testRootKey),
      ...keys,
      settings: defaultSettings,
      cardNetworkUrl: 'http://127.0.0.1:1',
      identityUrl: 'http://127.0.0.1:1',
      hasWorkers: false,
      logDestination: { write: (line) => lines.push(line) },
    })
    await gateway.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return lines
}

const firstPayment: Provocation = () => inWindow(member)

/** One for every event there is. */
export const provocations: Readonly<Record<SecurityEventName, Provocation>> = {
  identity_code_sent: firstPayment,
  identity_verified: firstPayment,
  identity_code_wrong: () => inWindow(async () => (await asksForCode()).submit('identity-code', { code: '730184' })),
  identity_code_expired: () =>
    inOwnWindow(async (own) => {
      const person = await asksForCode(own)
      own.clock.advance(testSettings.identityCodeLifeMs)
      await person.submit('identity-code', { code: '730184' })
    }),
  identity_mismatch: () =>
    inOwnWindow(
      async (own) => {
        const person = new Buyer(own)
        await person.open(requestForm({ buyerName: '카나리아' }))
        await person.submit('terms', { agreeAll: 'Y' })
        await person.verify()
      },
      { identityMatch: 'name' },
    ),
  identity_unreachable: () =>
    inWindow(() =>
      asksForCode({
        app: paymentWindowRoutes({
          ...fixture.context,
          identityVerifier: unreachable,
          cardNetwork: fixture.cardNetwork,
          windowScript: '',
        }),
      }),
    ),
  customer_claimed_by_another: () =>
    inWindow(async () => {
      const window = await returning(await member())
      await window.submit('add-passkey')
      await window.verify({ ...buyer, birthDate: '920203' })
    }),
  member_joined: firstPayment,
  member_bound: () => whileApproving(approvesFirstPayment),
  member_removed: () => whileApproving(forgetsPendingMember),
  member_deleted: () => inWindow(deletesMember),
  password_set: firstPayment,
  password_wrong: () => inWindow(() => guess('730184', 1)),
  password_locked: () => inWindow(() => guess('730184', 5)),
  password_reset: () =>
    inWindow(async () => {
      const window = await returning(await member())
      await window.submit('reset-password')
      await window.verify()
    }),
  card_added: firstPayment,
  card_removed: () => inWindow(removesCard),
  card_verification_rejected: () =>
    inOwnWindow(async (own) => {
      own.issuer.says = { outcome: 'rejected', reason: 'owner_mismatch' }
      const person = new Buyer(own)
      await person.open(requestForm(newCustomer()))
      await person.submit('terms', { agreeAll: 'Y' })
      await person.verify()
      await person.submit('card', { cardNumber: testCardNumber, ...cardFields })
    }),
  passkey_added: () => inWindow(memberWithPasskey),
  passkey_removed: () => inWindow(removesPasskey),
  passkey_used: () =>
    inWindow(async () => {
      const { customer, device } = await memberWithPasskey()
      await usePasskey(await returning(customer), device)
    }),
  passkey_rejected: () =>
    inWindow(async () => {
      const window = await returning(await member())
      await openPasskeys(window)
      await usePasskey(window, createDevice(), {}, { isUserVerified: false })
    }),
  cancel_password_wrong: () => whileCancelling((test) => guessCancelPassword(test, 1)),
  cancel_password_locked: () => whileCancelling((test) => guessCancelPassword(test, 6)),
  signature_rejected: () =>
    whileCancelling(async (test) => test.cancel({ Tid: await test.approvedPayment() }, { hashData: 'x'.repeat(44) })),
  merchant_key_leaked: () =>
    inWindow(() => new Buyer(fixture).open({ ...requestForm(newCustomer()), MerchantKey: merchantKey })),
  root_key_used: () => startsGateway(),
  root_key_rotated: () => startsGateway({ otherRootKeys: [new Secret('6b'.repeat(32))] }),
  window_opened_elsewhere: () =>
    inWindow(async () => {
      const { page } = await returning(await member())
      await fixture.app.request(page.url)
    }),
  console_action: () => onConsole('/payments.csv'),
  console_action_rejected: () => onConsole('/locks/unlock', post({ merchantId: testMerchant.merchantId, token: 'x' })),
  limit_reached: () =>
    inOwnWindow(
      async (own) => {
        for (let opened = 0; opened < 3; opened++) await new Buyer(own).open()
      },
      {},
      {
        settings: { limits: { ...testSettings.limits, windowsPerForm: { burst: 1, refillEveryMs: 60_000 } } },
        runtime: { schedule: logAtOnce },
      },
    ),
}

/** The line of a second is written at once. */
const logAtOnce: Runtime['schedule'] = (_delayMs, work) => {
  work()
  return () => {}
}

/** What must be in no line, whatever happens: people, cards, passwords, codes and keys. */
export const canaries: readonly RegExp[] = [
  ...[buyer.name, '카나리아', buyer.phone, buyer.birthDate, '920203'].map((text) => new RegExp(`${text}`)),
  ...[password, '730184', '482915', '4111111111111111', samsung].map((text) => new RegExp(`(?<![0-9])${text}`)),
  /customer\d+/,
  new RegExp(merchantKey.slice(0, 20)),
  new RegExp(testRootKey),
]
