import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { findPayment } from '../../src/approval/store.ts'
import { returnedFields } from './buyer.ts'
import { atApp, atIssuers, chooseIssuer } from './general-window.ts'
import { fixture, useWindow } from './members.ts'
import { addCard, samsung, shinhan, textOf } from './wallets.ts'

useWindow()
const started = { outcome: 'started', appPaymentId: 'app-1', pageUrl: 'https://issuer.example/app/1' } as const
const confirmed = { outcome: 'confirmed', cardNumber: shinhan, expiryMonth: 12, expiryYear: 2030 } as const
afterEach(() => Object.assign(fixture.apps, { starts: started, says: { outcome: 'pending' } }))

describe('the app of an issuer', () => {
  test('pays without a card being entered', async () => {
    const window = await atApp(fixture)
    assert.match(window.page.text, /href="https:\/\/issuer\.example\/app\/1" target="_blank" rel="noopener noreferrer"/)
    await window.submit('check-app')
    assert.equal(window.page.step, 'check-app')
    assert.match(textOf(window), /아직 확인되지 않았어요/)
    fixture.apps.says = confirmed
    await window.submit('check-app')
    assert.equal(window.page.step, 'confirm')
    assert.doesNotMatch(window.page.text, new RegExp(shinhan))
    await window.submit('confirm')
    const payment = await findPayment(fixture.context, returnedFields(window.page.text).Tid ?? '')
    assert.equal(payment?.state, 'authenticated')
    assert.equal(fixture.issuer.asked.length, 0, 'the app stands for the check of the owner')
  })

  for (const [outcome, text] of [
    ['declined', /거절했어요/],
    ['expired', /확인할 시간이 지났어요/],
  ] as const)
    test(`that has ${outcome} leads back to the card`, async () => {
      const window = await atApp(fixture)
      fixture.apps.says = { outcome }
      await window.submit('check-app')
      assert.equal(window.page.step, 'card')
      assert.match(textOf(window), text)
      await addCard(window, shinhan, { ownerBirthDate: '910203' })
      assert.equal(window.page.step, 'confirm')
      fixture.issuer.asked.length = 0
    })

  test('that cannot be reached keeps the page, and gives no card', async () => {
    const window = await atApp(fixture)
    fixture.apps.says = { outcome: 'unreachable' }
    await window.submit('check-app')
    assert.equal(window.page.step, 'check-app')
    assert.match(textOf(window), /카드사에 연결하지 못했어요/)
  })

  test('with a card of another issuer is declined', async () => {
    const window = await atApp(fixture)
    fixture.apps.says = { ...confirmed, cardNumber: samsung }
    await window.submit('check-app')
    assert.equal(window.page.step, 'card')
    assert.match(textOf(window), /신한카드로 결제해요\. 입력한 카드는 삼성/)
  })

  test('may be missing', async () => {
    const window = await atIssuers(fixture)
    await chooseIssuer(window, shinhan)
    fixture.apps.starts = { outcome: 'unsupported' }
    await window.submit('start-app')
    assert.equal(window.page.step, 'card')
    assert.match(textOf(window), /앱으로 결제할 수 없어요/)
  })
})
