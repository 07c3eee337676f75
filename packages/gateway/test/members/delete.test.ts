import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type ResultReason, resultCodes, type WireText } from '@sspay/protocol'
import { encryptBody, encryptText } from '@sspay/protocol/sealed-body'
import { deletionChecksum } from '@sspay/protocol/signature'
import vectors from '@sspay/protocol/vectors/sealed-bodies.json' with { type: 'json' }
import { joinBound } from '../../../../test/support/bound-member.ts'
import { bySize } from '../../../../test/support/proof-size.ts'
import { memberDeletionRoute } from '../../src/members/route.ts'
import { findMember } from '../../src/members/store.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { Secret } from '../../src/secret.ts'
import { registerCard } from '../../src/vault/register-card.ts'
import { cardsOf } from '../../src/vault/store.ts'
import { createTestContext, type TestContext, testIdentity, testMerchant } from '../support.ts'

const merchantKey = testMerchant.merchantKey.expose()
const { merchantId, easyPayMerchantId } = testMerchant
const customerId = 'user0001'

let world: TestContext

before(async () => {
  world = await createTestContext()
  await saveMerchant(world.context, testMerchant)
})
after(() => world.close())
beforeEach(async () => {
  await world.context.storage.transact(async (transaction) => {
    for (const table of ['cards', 'members', 'spent_deletions']) await transaction.write(`delete from ${table}`)
  })
})

const deletion = (change: WireText = {}): WireText => ({
  Mid: merchantId,
  SspMallId: easyPayMerchantId,
  MallUserId: customerId,
  VerifyValue: deletionChecksum({ merchantId, easyPayMerchantId, customerId }),
  ServiceType: 'MD',
  ...change,
})

const envelope = (body: WireText = deletion(), change: WireText = {}): WireText => ({
  EncData: encryptBody(body, merchantKey),
  Mid: merchantId,
  ...change,
})

async function post(body: string | WireText, headers: Record<string, string> = { 'content-type': 'application/json' }) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const request = new Request('http://localhost/payment/approval/ssbMemberDel.do', {
    method: 'POST',
    headers,
    body: text,
  })
  const response = await memberDeletionRoute(world.context)(request)
  const answer = await response.text()
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
  const fields: Record<string, string> = JSON.parse(answer)
  assert.ok(Object.values(fields).every((value) => typeof value === 'string'))
  return { answer, fields, code: fields.ResultCode }
}

async function joinMember(cards: readonly string[] = []) {
  const member = await joinBound(world.context, { easyPayMerchantId, customerId, identity: testIdentity })
  for (const cardNumber of cards) {
    const card = { memberId: member.memberId, cardNumber, expiryMonth: 12, expiryYear: 2029 }
    assert.equal((await registerCard(world.context, card)).ok, true)
  }
  return member
}

const memberNow = () => findMember(world.context, { easyPayMerchantId, customerId })
const codeOf = (reason: ResultReason): string => resultCodes[reason].code

test('a member with cards is deleted with them: PD00', async () => {
  const { memberId } = await joinMember(['4111111111111111', '378282246310005'])
  const { fields } = await post(envelope())
  assert.deepEqual(fields, {
    SspMallId: easyPayMerchantId,
    ResultCode: 'PD00',
    ResultMsg: resultCodes.member_deleted.ko,
  })
  assert.equal(await memberNow(), undefined)
  assert.deepEqual(await cardsOf(world.context, memberId), [])
})

test('a member without a card is deleted: PS40', async () => {
  await joinMember()
  assert.equal((await post(envelope())).code, 'PS40')
  assert.equal(await memberNow(), undefined)
})

test('the golden vector deletes', async () => {
  await joinMember()
  const vector = vectors.sealedBodies.find(({ name }) => name === 'member deletion')
  assert.equal((await post({ EncData: vector?.expected ?? '', Mid: merchantId })).code, 'PS40')
})

test('nobody to delete', async () => assert.equal((await post(envelope())).code, codeOf('member_unknown')))

test('the merchant’s note comes back untouched, on failure too', async () => {
  const body = deletion({ MallReserved: '7ZWc6riAIOyYiOu5hA==' })
  assert.equal((await post(envelope(body))).fields.MallReserved, '7ZWc6riAIOyYiOu5hA==')
  await joinMember()
  const { code, fields } = await post(envelope(body))
  assert.equal(code, 'PS40')
  assert.equal(fields.MallReserved, '7ZWc6riAIOyYiOu5hA==')
})

test('a shop that lost the answer gets the first one again, byte for byte', async () => {
  await joinMember(['4111111111111111'])
  const first = await post(envelope())
  assert.equal(first.code, 'PD00')
  assert.equal((await post(envelope())).answer, first.answer)
})

test('the same request many times at once deletes once and answers the same', async () => {
  await joinMember(['4111111111111111'])
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(envelope())))
  assert.deepEqual(new Set(answers.map(({ code }) => code)), new Set(['PD00']))
})

test('the guide’s body, the same each time, deletes a customer each time they have joined again', async () => {
  const cards = [['4111111111111111'], [], ['4111111111111111', '378282246310005']]
  for (const numbers of cards) {
    const { memberId } = await joinMember(numbers)
    const first = await post(envelope())
    assert.equal(first.code, numbers.length > 0 ? 'PD00' : 'PS40')
    assert.equal(await memberNow(), undefined)
    assert.deepEqual(await cardsOf(world.context, memberId), [])
    assert.equal((await post(envelope())).answer, first.answer, 'a retry gets the answer of its own deletion')
  }
})

test('the same request many times at once deletes a customer who has joined again once', async () => {
  await joinMember()
  await post(envelope())
  await joinMember(['4111111111111111'])
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(envelope())))
  assert.deepEqual(new Set(answers.map(({ code }) => code)), new Set(['PD00']))
})

test('a strict merchant’s old body deletes nothing once the customer has joined again, in whatever form', async (t) => {
  await saveMerchant(world.context, { ...testMerchant, repeatedDeletion: 'reject' })
  t.after(() => saveMerchant(world.context, testMerchant))
  await joinMember(['4111111111111111'])
  await post(envelope())
  const joinedAgain = await joinMember(['4111111111111111'])
  const { EncData = '' } = envelope()
  const reordered = Object.fromEntries(Object.entries(deletion()).reverse())
  for (const again of [
    envelope(),
    envelope(deletion(), { EncData: `${EncData.slice(0, 76)}\r\n${EncData.slice(76)}` }),
    envelope(reordered),
  ]) {
    assert.equal((await post(again)).code, codeOf('deletion_replayed'))
  }
  assert.deepEqual(await memberNow(), joinedAgain)
  assert.equal((await cardsOf(world.context, joinedAgain.memberId)).length, 1)
})

test('a new body, which differs by its note, deletes the member who joined again', async () => {
  await joinMember()
  await post(envelope(deletion({ MallReserved: 'Zmlyc3Q=' })))
  await joinMember()
  assert.equal((await post(envelope(deletion({ MallReserved: 'c2Vjb25k' })))).code, 'PS40')
})

test('two merchants that share an easy-pay merchant share its members', async () => {
  const otherKey = 'other'.repeat(10)
  const other = { ...testMerchant, merchantId: 'ssptest02m', merchantKey: new Secret(otherKey) }
  await saveMerchant(world.context, other)
  await joinMember()
  const checksum = deletionChecksum({ merchantId: other.merchantId, easyPayMerchantId, customerId })
  const body = deletion({ Mid: other.merchantId, VerifyValue: checksum })
  assert.equal((await post({ EncData: encryptBody(body, otherKey), Mid: other.merchantId })).code, 'PS40')
})

const encrypted = (text: string) => ({ EncData: encryptText(text, merchantKey), Mid: merchantId })

const unopenable: Readonly<Record<string, () => WireText>> = {
  'an unknown merchant': () => envelope(deletion(), { Mid: 'ssptest99m' }),
  'a merchant that cannot exist': () => envelope(deletion(), { Mid: '../../etc/passwd' }),
  'another key': () => ({ EncData: encryptBody(deletion(), 'x'.repeat(88)), Mid: merchantId }),
  'another merchant inside': () => envelope(deletion({ Mid: 'ssptest02m' })),
  'no Base64': () => envelope(deletion(), { EncData: '한글 ***' }),
  'half a block': () => envelope(deletion(), { EncData: Buffer.alloc(24).toString('base64') }),
  'bad padding': () => envelope(deletion(), { EncData: Buffer.alloc(64).toString('base64') }),
  'no JSON': () => encrypted('{"Mid":'),
  'a JSON list': () => encrypted('["MD"]'),
  'an object inside': () => encrypted(JSON.stringify({ ...deletion(), ServiceType: { $ne: '' } })),
  'more than the table allows': () => envelope(deletion(), { EncData: 'A'.repeat(16_388) }),
}

test('whatever cannot be opened gets one and the same answer', async () => {
  await joinMember()
  const expected = JSON.stringify({
    ResultCode: codeOf('sealed_body_invalid'),
    ResultMsg: resultCodes.sealed_body_invalid.ko,
  })
  for (const [name, make] of Object.entries(unopenable)) assert.equal((await post(make())).answer, expected, name)
  assert.ok(await memberNow())
})

test('any flipped bit is rejected with the same answer', async () => {
  await joinMember()
  const bytes = Buffer.from(envelope().EncData ?? '', 'base64')
  const answers = new Set<string>()
  for (let bit = 0; bit < bytes.length * 8; bit += bySize({ short: 41, medium: 11, thorough: 1 })) {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
    answers.add((await post({ EncData: flipped.toString('base64'), Mid: merchantId })).answer)
  }
  assert.equal(answers.size, 1)
  assert.equal(JSON.parse([...answers][0] ?? '{}').ResultCode, codeOf('sealed_body_invalid'))
  assert.ok(await memberNow())
})

for (const [reason, body] of [
  ['checksum_wrong', deletion({ VerifyValue: 'A'.repeat(44) })],
  ['checksum_wrong', deletion({ MallUserId: 'user0002' })],
  [
    'easy_pay_merchant_mismatch',
    deletion({
      SspMallId: 'SSPTEST01p',
      VerifyValue: deletionChecksum({ merchantId, easyPayMerchantId: 'SSPTEST01p', customerId }),
    }),
  ],
] as const) {
  test(`${reason} deletes nothing`, async () => {
    await joinMember()
    assert.equal((await post(envelope(body))).code, codeOf(reason))
    assert.ok(await memberNow())
  })
}

for (const [field, given] of [
  ['EncData', { Mid: merchantId }],
  ['Mid', { EncData: 'AAAA' }],
  ['MallUserId', envelope(deletion({ MallUserId: undefined }))],
  ['MallUserId', envelope(deletion({ MallUserId: 'u'.repeat(21) }))],
  ['ServiceType', envelope(deletion({ ServiceType: 'XX' }))],
  ['VerifyValue', envelope(deletion({ VerifyValue: '' }))],
  ['MallReserved', envelope(deletion({ MallReserved: 'A'.repeat(101) }))],
] as const) {
  test(`a wrong ${field} is named: ${Object.keys(given).join(', ')}`, async () => {
    const { code, fields } = await post(given)
    assert.equal(code, codeOf('field_invalid'))
    assert.ok(fields.ResultMsg?.includes(field))
    assert.ok([...(fields.ResultMsg ?? '')].length <= 80)
    const isOpened = 'EncData' in given && 'Mid' in given
    assert.equal(fields.SspMallId, isOpened ? 'SSPTEST00p' : undefined)
  })
}

const deletions: Readonly<Record<string, () => Promise<{ code: string | undefined }>>> = {
  'no content type': () => post(envelope(), {}),
  'plain text': () => post(envelope(), { 'content-type': 'text/plain' }),
  'JSON with a charset': () => post(envelope(), { 'content-type': 'application/json;charset=UTF-8' }),
  'a form': () =>
    post(new URLSearchParams(envelope() as Record<string, string>).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    }),
  'a form that forgot to escape +': () => {
    const { EncData = '', Mid } = envelope()
    return post(`EncData=${EncData}&Mid=${Mid}`, { 'content-type': 'application/x-www-form-urlencoded' })
  },
  'escaped slashes and code points': () =>
    post(JSON.stringify(envelope()).replaceAll('/', '\\/').replace('ssp', '\\u0073sp')),
  'unknown fields outside and inside': () => post({ ...envelope(deletion({ NewField: '1' })), NewField: '2' }),
}

for (const [name, send] of Object.entries(deletions)) {
  test(`${name}: works`, async () => {
    await joinMember()
    assert.equal((await send()).code, 'PS40')
  })
}

for (const [name, reason, body] of [
  ['an empty body', 'body_unreadable', ''],
  ['broken JSON', 'body_unreadable', '{"EncData":'],
  ['a body beyond the limit', 'body_too_large', JSON.stringify({ EncData: 'A'.repeat(70_000), Mid: merchantId })],
] as const) {
  test(`${name} is answered, not dropped`, async () => assert.equal((await post(body)).code, codeOf(reason)))
}

test('the log has the outcome, without customer, note or key', async () => {
  await joinMember()
  await post(envelope(deletion({ MallReserved: 'bm90ZQ==' })))
  await post(envelope(deletion(), { Mid: 'ssptest99m' }))
  const log = world.lines.join('\n')
  assert.match(log, /"event":"member_deletion","merchantId":"ssptest01m","reason":"member_without_card_deleted"/)
  assert.match(log, /"event":"member_deletion_rejected","reason":"sealed_body_invalid"/)
  for (const hidden of [customerId, 'bm90ZQ==', merchantKey]) assert.ok(!log.includes(hidden))
})
