import assert from 'node:assert/strict'
import { test } from 'node:test'
import { realRuntime } from '@sspay/gateway'
import { findIssuer } from '@sspay/gateway/tools'
import { cardCompanies } from '@sspay/protocol'
import { createIssuerApps } from '../../src/card-network/issuer-apps.ts'

const request = { appPaymentId: 'app1', issuerCode: '06', amount: 1004, shopName: '상점', goodsName: '커피' }

test('the first decision of the buyer counts, and a confirmed payment has a card of the issuer', () => {
  const apps = createIssuerApps(realRuntime)
  const pageId = apps.start(request) ?? ''
  assert.equal(apps.check('app1').outcome, 'pending')
  apps.decide(pageId, 'confirmed')
  apps.decide(pageId, 'declined')
  const { outcome, cardNumber = '' } = { cardNumber: '', ...apps.check('app1') }
  assert.equal(outcome, 'confirmed')
  assert.equal(findIssuer(cardNumber)?.issuerCode, '06')
  assert.equal(apps.check('other').outcome, 'expired')
})

test('a payment that is declined, or not confirmed in time, has no card', () => {
  let now = new Date('2026-03-04T05:06:07Z')
  const apps = createIssuerApps({ ...realRuntime, now: () => now })
  apps.decide(apps.start(request) ?? '', 'declined')
  assert.deepEqual(apps.check('app1'), { appPaymentId: 'app1', outcome: 'declined' })
  const late = apps.start({ ...request, appPaymentId: 'app2' }) ?? ''
  now = new Date('2026-03-04T05:12:00Z')
  apps.decide(late, 'confirmed')
  assert.deepEqual(apps.check('app2'), { appPaymentId: 'app2', outcome: 'expired' })
})

test('every domestic issuer has an app, foreign brands have none', () => {
  const apps = createIssuerApps(realRuntime)
  const without = cardCompanies.filter(({ code }) => apps.start({ ...request, issuerCode: code }) === undefined)
  assert.deepEqual(without.map(({ code }) => code).join(' '), '25 26 27 28 29 35 36')
})
