import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openRootKey, realRuntime, saveMerchant } from '@sspay/gateway'
import { createKeyRing, migrate } from '@sspay/gateway/internal'
import { approve, createPaymentForm, defineMerchant, inquire, memoryJournal, readAuthentication } from '@sspay/merchant'
import { paymentRequest, type WireText } from '@sspay/protocol'
import { encodeForm } from '@sspay/protocol/charset'
import { startSandbox } from '@sspay/sandbox'
import { openTestStorage, testDatabase } from '../../packages/gateway/test/test-storage.ts'
import { ApprovalTicket } from '../../packages/merchant/src/approval-ticket.ts'
import { openPage, type Page, postForm } from '../../packages/sandbox/src/buyer/browser.ts'
import { newBuyer } from '../../packages/sandbox/src/buyer/buyer.ts'
import { WindowRejection, walkWindow } from '../../packages/sandbox/src/buyer/walk-window.ts'
import { readNewestCode } from '../../packages/sandbox/src/pay/pay.ts'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { closing } from '../support/closing.ts'
import { temporaryFolder } from './support.ts'
import { secondAccount, tamperCases, victim } from './tamper/cases.ts'
import type { Ending, Fields, TamperCase } from './tamper/model.ts'
import { renderTamperingPage, type TamperResult } from './tamper/table.ts'

const document = new URL('../../docs/security/tampering.md', import.meta.url)
const folder = await temporaryFolder()
const shopOrigin = 'http://shop.localhost'
const listedMerchant = { ...testMerchant, merchantId: 'ssplisted1', allowedOrigins: [shopOrigin] }
await saveBeforeStart(listedMerchant)
const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
const sandbox = await startSandbox({
  dataFolder: folder.path,
  ...(await testDatabase(folder.path)),
  host: '127.0.0.1',
  ports,
})
after(async () => {
  await sandbox.close()
  await folder.remove()
})

async function saveBeforeStart(merchant: typeof listedMerchant): Promise<void> {
  await mkdir(folder.path, { recursive: true })
  await using storage = closing(await openTestStorage(join(folder.path, 'gateway.db')))
  await migrate(storage)
  const rootKey = await openRootKey(realRuntime, join(folder.path, 'keys', 'root.key'))
  await saveMerchant({ storage, keyRing: createKeyRing(realRuntime, rootKey) }, merchant)
}

const configOf = (merchantId: string): Parameters<typeof defineMerchant>[0] => ({
  merchantId,
  easyPayMerchantId: testMerchant.easyPayMerchantId,
  merchantKey: testMerchant.merchantKey.expose(),
  environment: { origin: sandbox.urls.gateway },
  orderSignature: { keys: ['the-signing-key-of-the-tampered-shop'], validForMs: 60 * 60_000 },
})
const plainMerchant = defineMerchant(configOf(testMerchant.merchantId))
const merchantWithList = defineMerchant(configOf(listedMerchant.merchantId))

/** The shop's own record: order → amount. */
const orders = new Map<string, number>()

function signedForm(amount: number, ageMs = 0, customerId = 'tamperBuyer', by = plainMerchant): Fields {
  const orderId = `T-${orders.size + 1}`
  orders.set(orderId, amount)
  return createPaymentForm(by, {
    orderId,
    amount,
    customerId,
    goodsName: '사과',
    buyerName: '홍길동',
    buyerPhone: '01099991111',
    buyerEmail: 'buyer@shop.example',
    returnUrl: `${shopOrigin}/return?order=${orderId}`,
    abortUrl: `${shopOrigin}/stop`,
    merchantNote: '달빛 상점',
    requestedAt: new Date(Date.now() - ageMs),
  }).fields
}

const post = (fields: Fields): Promise<Page> =>
  postForm({ url: plainMerchant.endpoints.mobileWindow, body: encodeForm(fields, 'utf-8'), origin: shopOrigin })

const walk = (window: Page, customerId: string, password?: string): Promise<WireText> => {
  const buyer = newBuyer(realRuntime, { customerId, installmentMonths: 0 })
  return walkWindow(window, {
    buyer: password === undefined ? buyer : { ...buyer, password },
    readCode: (phone) => readNewestCode(sandbox.urls.console, phone),
    onStep: () => {},
  })
}

/** Submits the form, walks the window to its end as the buyer, and lets the shop take what comes back. */
async function finish(fields: Fields): Promise<Ending> {
  const window = await post(fields)
  let returned: WireText
  try {
    returned = await walk(window, 'tamperBuyer')
  } catch (cause) {
    if (!(cause instanceof WindowRejection)) throw cause
    if (cause.resultCode !== undefined) return `window ${cause.resultCode}`
    assert.match(cause.message, /비밀번호/)
    return 'password'
  }
  return receive(await returnAddressOf(window), returned, fields)
}

/** A reload of the window shows its last page again. */
async function returnAddressOf({ url, cookies }: Page): Promise<string> {
  const { forms } = await openPage(url, cookies)
  const action = forms.find(({ attributes }) => attributes['data-return'] === 'post')?.attributes.action
  assert.ok(action)
  return action
}

async function receive(address: string, returned: WireText, fields: Fields): Promise<Ending> {
  const merchant = fields.Mid === listedMerchant.merchantId ? merchantWithList : plainMerchant
  const request = new Request(address, {
    method: 'POST',
    body: new URLSearchParams(returned as Record<string, string>),
  })
  const approvalTicket = new ApprovalTicket(returned.Tid ?? '', returned.TrAuthKey ?? '')
  const orderId = new URL(address).searchParams.get('order') ?? ''
  const expected = { orderId, amount: orders.get(orderId) ?? 0 }
  if (new URL(address).origin !== shopOrigin) {
    const found = await inquire(merchant, approvalTicket, { expected: { orderId: fields.Moid ?? '', amount: 1004 } })
    assert.equal(found.outcome, 'not_approved_yet')
    return 'elsewhere'
  }

  const read = await readAuthentication(merchant, request)
  const outcome =
    read.outcome === 'rejected'
      ? ({ ...read, outcome: 'declined', reason: 'order_tampered' } as const)
      : await approve(merchant, approvalTicket, { expected, journal: memoryJournal() })
  if (outcome.outcome === 'approved') {
    assert.deepEqual([outcome.payment.orderId, outcome.payment.amount], [orderId, expected.amount])
    assert.equal(outcome.payment.merchantNote, '달빛 상점')
    return 'paid'
  }
  assert.equal(outcome.outcome, 'declined', JSON.stringify(outcome))
  const after = await inquire(merchant, approvalTicket, { expected })
  assert.equal(after.outcome, 'not_approved_yet', 'nothing was charged')
  return `shop ${[outcome.reason, outcome.tampering].filter((word) => word !== undefined).join(' ')}`
}

const tamperedForm = ({ tamper, amount = 1004, ageMs, hasAllowedOrigins }: TamperCase): Fields => {
  const others = { sameAmount: signedForm(amount), cheaper: signedForm(100) }
  const form = signedForm(amount, ageMs, 'tamperBuyer', hasAllowedOrigins ? merchantWithList : plainMerchant)
  return { ...form, ...tamper(form, others) }
}

test('members join: the buyer, the same person under a second account, and somebody else', async () => {
  assert.equal(await finish(signedForm(1004)), 'paid')
  assert.equal(await finish(signedForm(1004, 0, 'tamperBuyer', merchantWithList)), 'paid')
  await walk(await post(signedForm(1004, 0, secondAccount)), secondAccount)
  await walk(await post(signedForm(1004, 0, victim.customerId)), victim.customerId, victim.password)
})

const results: TamperResult[] = []

for (const tampered of tamperCases) {
  test(`${tampered.fields.join(', ') || 'an unknown field'}: ${tampered.change}: ${tampered.ending}`, async () => {
    const ending = await finish(tamperedForm(tampered))
    results.push({ tampered, ending })
    assert.equal(ending, tampered.ending)
  })
}

test('each field of the payment request was changed', () => {
  const changed = new Set(tamperCases.flatMap(({ fields }) => fields))
  assert.deepEqual([...changed].sort(), Object.keys(paymentRequest).sort())
  assert.ok(tamperCases.length >= 25)
})

test('the field twice, with two values, is rejected', async () => {
  const form = signedForm(1004)
  const body = `${encodeForm(form, 'utf-8')}&Amt=1`
  const page = await postForm({ url: plainMerchant.endpoints.mobileWindow, body, origin: shopOrigin })
  assert.equal(page.status, 400)
})

test('docs/security/tampering.md says what happened', async () => {
  const page = renderTamperingPage(results)
  if (process.env.SSPAY_WRITE_DOCS === '1') await writeFile(document, page)
  assert.equal(await readFile(document, 'utf8'), page)
})
