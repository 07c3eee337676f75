import assert from 'node:assert/strict'
import { type TestContext as NodeTest, test } from 'node:test'
import type { Merchant } from '../../src/merchants/model.ts'
import { Buyer, openWindowFixture } from './buyer.ts'
import { policy, registrationForm } from './registration-form.ts'

async function opening(t: NodeTest, form: Record<string, string>, change: Partial<Merchant> = {}): Promise<Buyer> {
  const fixture = await openWindowFixture({ billKeys: policy, ...change })
  t.after(() => fixture.close())
  const window = new Buyer(fixture)
  await window.openRegistration(form)
  return window
}

const rejections: readonly (readonly [what: string, code: string, Record<string, string>, Partial<Merchant>?])[] = [
  ['a wrong checksum', 'S304', registrationForm({ checksum: `${'x'.repeat(43)}=` })],
  ['another order under the same checksum', 'S304', { ...registrationForm(), Moid: 'OTHER' }],
  ['a merchant without bill keys', 'S609', registrationForm(), { billKeys: undefined }],
  ['an unknown merchant', 'S005', registrationForm({ merchantId: 'nobody001m' })],
  ['a merchant that is switched off', 'S018', registrationForm(), { takesPayments: false }],
  ['the SspMallId of another merchant', 'S006', registrationForm({ easyPayMerchantId: 'OTHER00000' })],
  ['an old EdiDate', 'S003', registrationForm({ requestedAt: new Date('2025-01-01T02:00:00+09:00') })],
  ['an EdiDate ahead', 'S004', registrationForm({ requestedAt: new Date('2025-01-02T05:00:00+09:00') })],
  ['a ReturnUrl elsewhere', 'S015', registrationForm(), { allowedOrigins: ['https://other.example'] }],
  ['text outside the charset', 'S014', registrationForm({ answerCharset: 'euc-kr', buyerName: '😀' })],
  ['no phone to compare', 'S001', registrationForm(), { identityMatch: 'phone' }],
  ['no customer', 'S001', { ...registrationForm(), MallUserId: '' }],
]

for (const [what, code, form, change] of rejections)
  test(`${what} opens no window`, async (t) => {
    const { page } = await opening(t, form, change)
    assert.equal(page.status, 400)
    assert.match(page.text, /정기결제 카드를 등록할 수 없어요/)
    assert.equal(page.headers.get('x-sspay-result'), code)
  })

test('a right form opens a window at an address of its own', async (t) => {
  const { page } = await opening(t, registrationForm(), { allowedOrigins: ['https://shop.example'] })
  assert.equal(page.status, 200)
  assert.match(page.url, /^\/ssp\/window\/[0-9a-f]{64}$/)
})
