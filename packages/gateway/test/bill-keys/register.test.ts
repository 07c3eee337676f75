import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decryptText } from '@sspay/protocol/sealed-body'
import { billKeyResultChecksum } from '@sspay/protocol/signature'
import { testMerchant } from '../approval/support.ts'
import { createBillKeyTest, firstCard, secondCard } from './support.ts'

test('the answer has the encrypted key, its checksum and the masked card', async () => {
  await using shop = await createBillKeyTest()
  const answer = await shop.register({ Moid: 'REG-1' })
  const billKey = decryptText(answer.BillTokenKey ?? '', testMerchant.merchantKey.expose()) ?? ''
  assert.match(billKey, /^BTK[0-9A-Z]{25}$/)
  assert.deepEqual(
    [answer.ResultCode, answer.DisplayCardNo, answer.CardExpire, answer.Moid],
    ['3001', '9406-****-****-0001', '3012', 'REG-1'],
  )
  const signed = { merchantId: 'ssptest01m', billKey, maskedCardNumber: '9406-****-****-0001', resultCode: '3001' }
  assert.equal(answer.VerifyValue, billKeyResultChecksum(signed))
})

test('a stolen table has no key and no card number', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  const tables = JSON.stringify(await shop.context.storage.read('select * from bill_keys'))
  assert.ok(!tables.includes(billKey) && !tables.includes(firstCard))
})

test('the same registration again is the same key, whatever the policy', async () => {
  await using shop = await createBillKeyTest({ sameCard: 'add', otherCard: 'add', perMember: 'many', identity: 'off' })
  assert.equal(await shop.issue({ Moid: 'REG-1' }), await shop.issue({ Moid: 'REG-1' }))
  assert.notEqual(await shop.issue({ Moid: 'REG-1' }), await shop.issue({ Moid: 'REG-2' }))
})

test('foreign, wrong and expired cards get no key', async () => {
  await using shop = await createBillKeyTest()
  const codeOf = async (changes: Readonly<Record<string, string>>) => (await shop.register(changes)).ResultCode
  assert.equal(await codeOf({ CardNum: '4111111111111111' }), 'S606')
  assert.equal(await codeOf({ CardNum: '9406000000000002' }), '3011')
  assert.equal(await codeOf({ CardExpire: '2401' }), '3021')
  assert.equal(await codeOf({ SspMallId: 'OTHER00001' }), 'S006')
  assert.equal(await codeOf({ VerifyValue: 'A'.repeat(43).concat('=') }), 'S304')
})

test('a deleted key is not charged, and deleting it again succeeds', async () => {
  await using shop = await createBillKeyTest()
  const billKey = await shop.issue()
  assert.equal((await shop.remove(billKey)).ResultCode, 'PD00')
  assert.equal((await shop.remove(billKey)).ResultCode, 'PD00')
  assert.equal((await shop.charge(billKey)).ResultCode, 'S602')
  assert.equal((await shop.remove('BTK0000000000000001')).ResultCode, 'S601')
  assert.notEqual(await shop.issue({ CardNum: secondCard }), billKey)
})
