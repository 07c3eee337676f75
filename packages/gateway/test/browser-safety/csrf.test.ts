import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notOfferedPaths } from '@sspay/protocol/internal'
import { approve } from '../../src/approval/approve.ts'
import type { ApprovalContext } from '../../src/approval/record-outcome.ts'
import { checkCancelPassword } from '../../src/cancellation/cancel-password.ts'
import { saveNotificationTarget } from '../../src/notifications/store.ts'
import { insertBillKey } from '../../src/vault/bill-keys/store.ts'
import { approved, authenticatedPayment } from '../approval/support.ts'
import { enqueue } from '../notifications/support.ts'
import { registrationForm } from '../payment-window/registration-form.ts'
import { requestForm, testMerchant } from '../payment-window/request-form.ts'
import { noCardNetwork } from '../support.ts'
import { type CsrfFixture, openCsrfFixture, origin } from './csrf-fixture.ts'

/** A request as our own page sends it. */
interface OwnRequest {
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
  readonly cookie?: string
  readonly isJson?: boolean
  /** Only rows with this word are watched. */
  readonly word?: string
}

interface GuardedRoute {
  /** What the page of this moment sends, in its browser. */
  own(world: CsrfFixture): Promise<OwnRequest>
  /**
   * The same request without its token, and with the token of another browser or window. A route that takes JSON has no
   * token.
   */
  readonly forged?: (world: CsrfFixture, own: OwnRequest) => Promise<Readonly<Record<'none' | 'other', OwnRequest>>>
}

/** The form on a console page whose action is `action`, for one browser. */
async function ownForm(world: CsrfFixture, page: string, action: string): Promise<OwnRequest> {
  const shown = await world.request(page)
  const form = (await shown.text()).split('<form').find((part) => part.includes(`action="${action}"`)) ?? ''
  const inputs = form.split('</form>')[0]?.matchAll(/name="(\w+)" value="([^"]*)"/g) ?? []
  return {
    path: action,
    fields: Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value])),
    cookie: shown.headers.get('set-cookie')?.split(';')[0] ?? '',
  }
}

const forgedForm =
  (page: string): NonNullable<GuardedRoute['forged']> =>
  async (world, own) => {
    const { token, ...fields } = own.fields
    const { cookie = '' } = await ownForm(world, page, own.path)
    return { none: { ...own, fields }, other: { ...own, cookie } }
  }

async function withNotification(world: CsrfFixture): Promise<void> {
  const { merchantId } = testMerchant
  const rules = { charset: 'utf-8', intervalMinutes: 10, maxAttempts: 3, webhookKeys: [] } as const
  await saveNotificationTarget(world.context, { merchantId, url: 'https://shop.example/notify', ...rules })
  await enqueue(world.context, [{}])
}

async function withLock(world: CsrfFixture): Promise<void> {
  for (let tries = 0; tries < 5; tries++) await checkCancelPassword(world.context, testMerchant, '000000')
}

async function withBillKey({ context }: CsrfFixture): Promise<string> {
  const key = { merchantId: testMerchant.merchantId, orderId: 'CARD1', memberId: 'member1', cardId: 'card1' }
  const issuedAt = context.runtime.now()
  const issued = await context.storage.transact((transaction) =>
    insertBillKey(transaction, context, { ...key, issuedAt }),
  )
  return issued.billKeyId
}

async function withApprovedPayment({ context }: CsrfFixture): Promise<string> {
  const answer = { ...approved, outcome: 'approved', cardKind: 'credit', approvedAt: context.runtime.now() } as const
  const gateway: ApprovalContext = { ...context, cardNetwork: { ...noCardNetwork, authorize: async () => answer } }
  const ticket = await authenticatedPayment(gateway)
  await approve(gateway, ticket)
  return ticket.transactionId
}

const guarded: Readonly<Record<string, GuardedRoute>> = {
  'POST /ssp/window/:token': {
    async own(world) {
      const { path, cookie, transactionId } = await world.openWindow('MINE')
      // Its first page is shown, so that looking at it changes nothing any more.
      await world.request(path, { headers: { cookie } })
      return { path, cookie, fields: { step: 'terms', agreeAll: 'Y' }, word: transactionId }
    },
    async forged(world, own) {
      const { cookie } = await world.openWindow('OTHERS')
      return { none: { ...own, cookie: '' }, other: { ...own, cookie } }
    },
  },
  'POST /notifications/resend': {
    async own(world) {
      await withNotification(world)
      return ownForm(world, '/notifications', '/notifications/resend')
    },
    forged: forgedForm('/notifications'),
  },
  'POST /locks/unlock': {
    async own(world) {
      await withLock(world)
      return ownForm(world, '/', '/locks/unlock')
    },
    forged: forgedForm('/'),
  },
  'POST /payments/cancel': {
    async own(world) {
      const page = `/payments/${await withApprovedPayment(world)}`
      const { fields, ...form } = await ownForm(world, page, '/payments/cancel')
      return { ...form, fields: { ...fields, password: testMerchant.cancelPassword.expose() } }
    },
    forged: (world, own) => forgedForm(`/payments/${own.fields.transactionId}`)(world, own),
  },
  'POST /bill-keys/end': {
    async own(world) {
      return ownForm(world, `/bill-keys/${await withBillKey(world)}`, '/bill-keys/end')
    },
    forged: (world, own) => forgedForm(`/bill-keys/${own.fields.billKeyId}`)(world, own),
  },
  'POST /api/bill-keys/end': {
    async own(world) {
      return { path: '/api/bill-keys/end', fields: { billKeyId: await withBillKey(world) }, isJson: true }
    },
  },
  'POST /api/notifications/resend': {
    async own(world) {
      await withNotification(world)
      return { path: '/api/notifications/resend', fields: { transactionId: 'PAYMENT1', sequence: '4' }, isJson: true }
    },
  },
}

/** Called from other sites or by servers: what they carry is what nobody else has, and no cookie counts. Without it: */
const carriesItsOwnProof: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  'ALL /ssp/reqPay.do': [{}, requestForm({ signature: 'x'.repeat(44) }), { ...requestForm(), Amt: '1' }],
  'ALL /ssb/interface.do': [
    {},
    registrationForm({ checksum: 'x'.repeat(44) }),
    { ...registrationForm(), Moid: 'OTHER' },
  ],
  'ALL /payment/approval/urlCallApproval.do': [
    {},
    { Tid: 'ssptest01m01012501020304050001', TrAuthKey: '0'.repeat(64) },
  ],
  'ALL /payment/approval/approvalInquiry.do': [
    {},
    { Tid: 'ssptest01m01012501020304050001', TrAuthKey: '0'.repeat(64) },
  ],
  'ALL /payment/approval/cancel.do': [{}, { Mid: 'ssptest01m', EncData: 'x', HashData: 'x' }],
  'ALL /payment/approval/ssbMemberDel.do': [{}, { Mid: 'ssptest01m', EncData: 'x' }],
  'ALL /payment/approval/urlCallCardReg.do': [{}, { Mid: 'ssptest01m', EncData: 'x' }],
  'ALL /payment/approval/ssbbill.do': [{}, { Mid: 'ssptest01m', EncData: 'x' }],
  'ALL /payment/approval/ssbdel.do': [{}, { Mid: 'ssptest01m', EncData: 'x' }],
  // They change nothing.
  ...Object.fromEntries(Object.values(notOfferedPaths).map(({ path }) => [`ALL ${path}`, [{}]])),
}

const changes = /^(POST|PUT|PATCH|DELETE|ALL)$/

test('every route that may change something stands in one of the tables, and the tables name no other', async (t) => {
  const world = await openCsrfFixture()
  t.after(world.close)
  const found = [...world.routes.public.routes, ...world.routes.console.routes]
    .filter(({ method, path }) => changes.test(method) && !path.endsWith('*'))
    .map(({ method, path }) => `${method} ${path}`)
  const named = [...Object.keys(guarded), ...Object.keys(carriesItsOwnProof)]
  assert.deepEqual([...new Set(found)].toSorted(), named.toSorted())
})

type Send = (own: OwnRequest, headers?: Readonly<Record<string, string>>, type?: string) => Promise<number>

const senderOf =
  (world: CsrfFixture): Send =>
  async ({ path, fields, cookie = '', isJson = false }, headers = { origin }, type) => {
    const contentType = type ?? (isJson ? 'application/json' : 'application/x-www-form-urlencoded')
    const body = isJson ? JSON.stringify(fields) : String(new URLSearchParams(fields))
    const init = { method: 'POST', body, headers: { 'content-type': contentType, cookie, ...headers } }
    return (await world.request(path, init)).status
  }

const longerThanAnyTokenMs = 13 * 60 * 60_000

for (const [route, { own: openOwn, forged }] of Object.entries(guarded)) {
  test(`${route} does nothing but for its own page`, async (t) => {
    const world = await openCsrfFixture()
    t.after(world.close)
    const own = await openOwn(world)
    const others = await forged?.(world, own)
    world.clock.advance(1000)
    const send = senderOf(world)
    const opened = world.context.runtime.now()
    const attacks: Readonly<Record<string, () => Promise<unknown>>> = {
      'no token': async () => others && send(others.none),
      "another session's token": async () => others && send(others.other),
      GET: () =>
        world.request(`${own.path}?${new URLSearchParams(own.fields)}`, { headers: { cookie: own.cookie ?? '' } }),
      'text/plain': () => send(own, { origin }, 'text/plain'),
      'no content type': () => send(own, { origin }, ''),
      'another site, by Sec-Fetch-Site': () => send(own, { 'sec-fetch-site': 'cross-site' }),
      'another port, by Sec-Fetch-Site': () => send(own, { 'sec-fetch-site': 'same-site' }),
      'a foreign Origin': () => send(own, { origin: 'https://evil.example' }),
      'the same host on another port': () => send(own, { origin: `${origin}:81` }),
      'a stale token': async () => {
        if (others === undefined) return
        world.clock.advance(longerThanAnyTokenMs)
        await send(own)
        world.clock.set(opened)
      },
    }
    const before = await world.stored(own.word)
    assert.ok(before.length > 0)
    for (const [name, attack] of Object.entries(attacks)) {
      await attack()
      assert.equal(await world.stored(own.word), before, name)
    }
    assert.ok((await send(own)) < 400)
    assert.notEqual(await world.stored(own.word), before, 'our own page changes something')
  })
}

for (const [route, bodies] of Object.entries(carriesItsOwnProof)) {
  test(`${route} does nothing without what only its caller has`, async (t) => {
    const world = await openCsrfFixture()
    t.after(world.close)
    await world.openWindow('MINE')
    const before = await world.stored()
    const path = route.slice('ALL '.length)
    for (const fields of bodies) {
      const query = new URLSearchParams(fields)
      await world.request(`${path}?${query}`)
      for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json'])
        for (const body of [String(query), JSON.stringify(fields)])
          await world.request(path, { method: 'POST', body, headers: { 'content-type': type } })
      assert.equal(await world.stored(), before, JSON.stringify(fields))
    }
  })
}
