import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signPaymentRequest } from '@sspay/protocol/signature'
import { approvalAnswer, inputsOf, merchantKey, openShopTest } from './support.ts'

const namesInOrder = (html: string): readonly string[] =>
  [...html.matchAll(/<input type="text" name="([^"]+)"/g)].map(([, name = '']) => name)

test('the sample page has the fields of the guide’s sample, in its order', async () => {
  await using opened = await openShopTest()
  const { browser } = opened
  const { text } = await browser.get('/guide-sample')
  assert.deepEqual(namesInOrder(text), [
    'PayMethod',
    'GoodsCnt',
    'GoodsName',
    'Amt',
    'Moid',
    'Mid',
    'PopCheck',
    'ReturnUrl',
    'MallUserId',
    'SspMallId',
    'BuyerName',
    'BuyerTel',
    'BuyerEmail',
    'MallIp',
    'UserIp',
    'ReturnUrl',
    'EncryptData',
    'TransType',
    'EncodingType',
    'EdiDate',
    'StopUrl',
  ])
})

test('the sample page is signed and names the shop’s addresses', async () => {
  await using opened = await openShopTest()
  const { browser } = opened
  const { text } = await browser.get('/guide-sample')
  const { EdiDate = '', Mid = '', Amt = '', ...form } = inputsOf(text)
  assert.equal(
    form.EncryptData,
    signPaymentRequest({ requestedAt: EdiDate, merchantId: Mid, amount: Amt }, merchantKey),
  )
  assert.equal(form.ReturnUrl, 'http://shop.example/guide-sample/return')
  assert.match(text, /approvalForm\.action = "http:\/\/shop\.example\/guide-sample\/return"/)
  assert.match(text, /SmartroPAY-1\.0\.min\.js\?version=\d{8}"/)
})

test('its ReturnUrl approves as STEP 3 does and shows the result with the buyer masked', async () => {
  await using opened = await openShopTest()
  const { browser, gateway } = opened
  gateway.answerWith(({ Tid = '' }) => ({
    ...approvalAnswer('approved', { transactionId: Tid, orderId: 'Moid_1', amount: 1004 }),
    BuyerTel: '01099991111',
  }))
  const ticket = { Tid: 'ssptest01m01012501020304051234', TrAuthKey: 'ab'.repeat(32) }
  const { text } = await browser.post('/guide-sample/return', ticket, 'http://window.example')
  assert.deepEqual(gateway.approvals, [ticket])
  assert.match(text, /data-field="ResultCode">3001</)
  assert.match(text, /data-field="ResultMsg">카드 결제 성공</)
  assert.ok(!text.includes('01099991111'))
})

test('its StopUrl shows the reason', async () => {
  await using opened = await openShopTest()
  const { browser } = opened
  const form = inputsOf((await browser.get('/guide-sample')).text)
  const abort = { ...form, ResultCode: 'S201', ResultMsg: '사용자가 결제를 중단했습니다.' }
  const { text } = await browser.post('/guide-sample/stop', abort, 'http://window.example')
  assert.match(text, /S201/)
})

test('a gateway that is away is answered in a sentence', async () => {
  await using opened = await openShopTest()
  const { browser, gateway, failures } = opened
  await gateway.close()
  const ticket = { Tid: 'ssptest01m01012501020304051234', TrAuthKey: 'ab'.repeat(32) }
  const page = await browser.post('/guide-sample/return', ticket, 'http://window.example')
  assert.equal(page.status, 500)
  assert.deepEqual(failures, ['shop_failed'])
  assert.match(page.text, /잠시 뒤 다시 시도해 주세요/)
})
