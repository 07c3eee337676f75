import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { defaultSettings, type Runtime, realRuntime, Secret, type Storage, saveMerchant } from '@sspay/gateway'
import { createKeyRing, migrate, openSqlite } from '@sspay/gateway/internal'
import { createIssuerApps } from '../src/card-network/issuer-apps.ts'
import { openLedger } from '../src/card-network/store.ts'
import { createClock } from '../src/clock/shifted-runtime.ts'
import { readRule } from '../src/faults/read-rule.ts'
import { createFaultRules } from '../src/faults/rules.ts'
import type { MerchantContext } from '../src/merchants/merchants.ts'
import { seedTestMerchant } from '../src/merchants/merchants.ts'
import { createInbox } from '../src/phone/inbox.ts'
import { toolRoutes } from '../src/tools.ts'

const origin = 'http://console.test'

async function openTools(t: { after(work: () => Promise<void>): void }) {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-tools-'))
  const file = join(folder, 'network.db')
  const storage = await openSqlite(file)
  await openLedger(storage)
  const merchantsFile = join(folder, 'gateway.db')
  const merchantsStorage = await openSqlite(merchantsFile)
  t.after(async () => {
    await storage.close()
    await merchantsStorage.close()
    await rm(folder, { recursive: true, force: true })
  })
  let aheadMs = 0
  const runtime: Runtime = { ...realRuntime, now: () => new Date(Date.now() + aheadMs) }
  const [inbox, faults] = [createInbox(realRuntime), createFaultRules(realRuntime)]
  const apps = createIssuerApps(realRuntime)
  const stopping = new AbortController().signal
  const clock = createClock(realRuntime)
  const merchants = await openMerchants(merchantsStorage)
  const app = toolRoutes({
    runtime,
    storage,
    apps,
    inbox,
    faults,
    clock,
    merchants,
    stopping,
    links: [],
    lateAnswerMs: 1,
    gatewayUrl: 'http://gateway.test',
    shopUrlAt: () => 'http://localhost:4600',
  })
  return {
    app,
    apps,
    faults,
    inbox,
    advance: (durationMs: number) => {
      aheadMs += durationMs
    },
    request: async (path: string, init?: RequestInit) => app.fetch(new Request(origin + path, init)),
    stored() {
      const rows = [file, merchantsFile].map(rowsIn)
      const confirmed = ['app1', 'app2'].map((id) => apps.check(id).outcome)
      return JSON.stringify([confirmed, rows, faults.list(), inbox.messages(), clock.aheadMs])
    },
  }
}

async function openMerchants(storage: Storage): Promise<MerchantContext> {
  await migrate(storage)
  const keyRing = createKeyRing(realRuntime, new Secret('0'.repeat(64)))
  const context = { runtime: realRuntime, storage, keyRing, settings: defaultSettings }
  await seedTestMerchant(context)
  return { context, saveMerchant: (merchant) => saveMerchant(context, merchant) }
}

function rowsIn(file: string): unknown {
  const db = new DatabaseSync(file, { readOnly: true })
  const tables = db.prepare("select name from sqlite_master where type = 'table'").all()
  const rows = tables.map(({ name }) => db.prepare(`select * from ${name}`).all())
  db.close()
  return rows
}

type Tools = Awaited<ReturnType<typeof openTools>>

interface OwnRequest {
  readonly method?: 'DELETE'
  readonly path: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly cookie?: string
}

function addRule({ faults }: Tools) {
  const read = readRule({ link: 'cancel', fault: 'close' })
  assert.ok(read.ok)
  return faults.add(read.rule)
}

/** The button of the page that posts to `path`, and what is typed beside it. */
async function ownForm(
  { request }: Tools,
  path: string,
  typed: OwnRequest['fields'],
  page = '/sandbox/faults',
): Promise<OwnRequest> {
  const shown = await request(page)
  const form = (await shown.text()).split('<form').find((part) => part.includes(`action="${path}"`)) ?? ''
  const token = /name="token" value="([^"]*)"/.exec(form)?.[1] ?? ''
  return { path, fields: { token, ...typed }, cookie: shown.headers.get('set-cookie')?.split(';')[0] ?? '' }
}

const charge = { transactionId: 'T1', amount: 1004, cardNumber: '9406000000000001', expiryMonth: 12, expiryYear: 2040 }
const authorize = { ...charge, installmentMonths: 0, acquirerMerchantNumber: '00951234567' }

const json =
  (path: string, fields: OwnRequest['fields'], charges = false) =>
  async (tools: Tools) => {
    if (charges) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(authorize) }
      await tools.request('/sandbox/card-network/authorize', init)
    }
    return { path, fields }
  }

const appPayment = { appPaymentId: 'app1', issuerCode: '06', amount: 1004, shopName: '상점', goodsName: '커피' }

const forms: Readonly<Record<string, (tools: Tools) => Promise<OwnRequest>>> = {
  'POST /sandbox/faults/add': (tools) => ownForm(tools, '/sandbox/faults/add', { link: 'cancel', fault: 'close' }),
  'POST /sandbox/faults/remove': (tools) => {
    addRule(tools)
    return ownForm(tools, '/sandbox/faults/remove', {})
  },
  'POST /sandbox/issuer-app/:pageId/:decision': (tools) => {
    const page = `/sandbox/issuer-app/${tools.apps.start(appPayment)}`
    return ownForm(tools, `${page}/confirm`, {}, page)
  },
}

/** What servers and command lines call: JSON, which a page from elsewhere cannot send. */
const calls: Readonly<Record<string, (tools: Tools) => Promise<OwnRequest>>> = {
  'POST /sandbox/card-network/authorize': json('/sandbox/card-network/authorize', authorize),
  'POST /sandbox/card-network/reverse': json(
    '/sandbox/card-network/reverse',
    { transactionId: 'T1', amount: 1004 },
    true,
  ),
  'POST /sandbox/card-network/cancel': json(
    '/sandbox/card-network/cancel',
    { transactionId: 'T1', amount: 1004, cancelSequence: 1, cancelAmount: 1004, cancelTransactionId: 'C1' },
    true,
  ),
  'POST /sandbox/card-network/start-app': json('/sandbox/card-network/start-app', {
    ...appPayment,
    appPaymentId: 'app2',
  }),
  'POST /sandbox/identity/codes': json('/sandbox/identity/codes', {
    name: '홍길동',
    birthDate: '19900815',
    gender: 'male',
    phone: '01012341111',
  }),
  'POST /sandbox/identity/messages': json('/sandbox/identity/messages', {
    phone: '01012341111',
    kind: 'password_reset',
  }),
  'POST /sandbox/faults/rules': json('/sandbox/faults/rules', { link: 'cancel', fault: 'close' }),
  'POST /sandbox/clock': json('/sandbox/clock', { aheadMs: 60_000 }),
  'POST /sandbox/merchants/records': json('/sandbox/merchants/records', { name: '새 상점' }),
  'POST /sandbox/merchants/records/:merchantId': json('/sandbox/merchants/records/ssptest01m', { minimumAmount: 777 }),
  'DELETE /sandbox/faults/rules': async (tools) => {
    addRule(tools)
    return { method: 'DELETE', path: '/sandbox/faults/rules', fields: {} }
  },
  'DELETE /sandbox/faults/rules/:ruleId': async (tools) => {
    const { ruleId } = addRule(tools)
    return { method: 'DELETE', path: `/sandbox/faults/rules/${ruleId}`, fields: {} }
  },
}

const readsOnly: Readonly<Record<string, string>> = {
  'POST /sandbox/card-network/inquire': 'asks what the ledger says',
  'POST /sandbox/card-network/verify-card': 'says whose a card is, and keeps nothing',
  'POST /sandbox/card-network/check-app': 'needs the id of the payment, which only the gateway has',
  'POST /sandbox/identity/codes/check': 'needs the verification id, which only the gateway has',
}

const isChange = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  /^(POST|PUT|PATCH|DELETE)$/.test(method) && !path.endsWith('*')

test('every tool that may change something stands in the tables, and the tables name no other', async (t) => {
  const { app } = await openTools(t)
  const found = new Set(app.routes.filter(isChange).map(({ method, path }) => `${method} ${path}`))
  const named = [...Object.keys(forms), ...Object.keys(calls), ...Object.keys(readsOnly)]
  assert.deepEqual([...found].toSorted(), named.toSorted())
})

for (const [route, openOwn] of Object.entries({ ...forms, ...calls })) {
  test(`${route} does nothing for a page of somebody else`, async (t) => {
    const tools = await openTools(t)
    const own = await openOwn(tools)
    const isForm = Object.hasOwn(forms, route)
    const send = async (one: OwnRequest, headers: Readonly<Record<string, string>> = { origin }, type?: string) => {
      const body = isForm ? String(new URLSearchParams(one.fields as never)) : JSON.stringify(one.fields)
      const contentType = type ?? (isForm ? 'application/x-www-form-urlencoded' : 'application/json')
      return tools.request(one.path, {
        method: one.method ?? 'POST',
        ...(one.method === undefined ? { body } : {}),
        headers: { 'content-type': contentType, cookie: one.cookie ?? '', ...headers },
      })
    }
    const before = tools.stored()
    const attacks: Record<string, () => Promise<unknown>> = {
      GET: () => tools.request(own.path),
      'another site, by Sec-Fetch-Site': () => send(own, { 'sec-fetch-site': 'cross-site' }),
      'another port, by Sec-Fetch-Site': () => send(own, { 'sec-fetch-site': 'same-site' }),
      'a foreign Origin': () => send(own, { origin: 'https://evil.example' }),
      ...(own.method === undefined && { 'text/plain': () => send(own, { origin }, 'text/plain') }),
      ...(isForm && {
        'no token': () => send({ ...own, fields: { ...own.fields, token: '' } }),
        "another browser's token": async () => send({ ...own, cookie: `sspay-session=${'0'.repeat(32)}` }),
        'a stale token': async () => {
          tools.advance(13 * 60 * 60_000)
          await send(own)
          tools.advance(-13 * 60 * 60_000)
        },
      }),
    }
    for (const [name, attack] of Object.entries(attacks)) {
      await attack()
      assert.equal(tools.stored(), before, name)
    }
    assert.ok((await send(own)).status < 400)
    assert.notEqual(tools.stored(), before, 'our own page changes something')
  })
}
