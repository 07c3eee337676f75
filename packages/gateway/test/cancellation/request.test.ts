import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encryptText, openBody } from '@sspay/protocol/sealed-body'
import { findPayment } from '../../src/approval/store.ts'
import { unlockCancelling } from '../../src/cancellation/cancel-password.ts'
import type { Merchant } from '../../src/merchants/model.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { Secret } from '../../src/secret.ts'
import { authenticatedPayment, testMerchant } from '../approval/support.ts'
import { createCancelTest, encryptedRequest, part, withCancelTest } from './support.ts'

const otherMerchant: Merchant = {
  ...testMerchant,
  merchantId: 'ssptest02m',
  merchantKey: new Secret(`other${testMerchant.merchantKey.expose().slice(5)}`),
}

describe('the cancel password', () => {
  test(
    'five wrong ones in a row lock it, for the right one too, across a restart, until the operator unlocks',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      for (const CancelPwd of ['000000', '111111', '123457', '654321'])
        assert.equal((await test.cancel({ Tid, CancelPwd })).ResultCode, 'S501')
      assert.equal((await test.cancel(part(Tid, 1, 1))).ResultCode, '2001', 'a right one forgets the wrong ones')
      for (const CancelPwd of ['000000', '1', '123457', '654321', '22222'])
        assert.equal((await test.cancel({ Tid, CancelPwd })).ResultCode, 'S501')
      assert.equal((await test.cancel(part(Tid, 1, 2))).ResultCode, 'S502')
      assert.equal((await test.cancel(part(Tid, 1, 1))).ResultCode, 'S502', 'not even a repeat is answered')

      await using restarted = await createCancelTest({ folder: test.folder })
      assert.equal((await restarted.cancel(part(Tid, 1, 2))).ResultCode, 'S502')
      assert.equal(await unlockCancelling(restarted.gateway, testMerchant.merchantId), true)
      assert.equal(await unlockCancelling(restarted.gateway, testMerchant.merchantId), false)
      assert.equal((await restarted.cancel(part(Tid, 1, 2))).ResultCode, '2001')
    }),
  )

  test(
    'is locked for one merchant, not for another',
    withCancelTest(async (test) => {
      await saveMerchant(test.gateway, otherMerchant)
      const Tid = await test.approvedPayment()
      for (let tries = 0; tries < 6; tries++)
        await test.cancel({ Tid, CancelPwd: '000000' }, { merchant: otherMerchant })
      assert.equal((await test.cancel({ Tid }, { merchant: otherMerchant })).ResultCode, 'S502')
      assert.equal((await test.cancel({ Tid })).ResultCode, '2001')
    }),
  )

  test(
    'guessed a hundred times at once is compared five times',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, guess) => test.cancel({ Tid, CancelPwd: String(guess).padStart(6, '0') })),
      )
      assert.equal(answers.filter(({ ResultCode }) => ResultCode === 'S501').length, 5)
      assert.equal(answers.filter(({ ResultCode }) => ResultCode === 'S502').length, 95)
    }),
  )

  test(
    'stands in no table, no log line and no answer',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const CancelPwd = '918273'
      const answers = [await test.cancelText({ Tid, CancelPwd }), await test.cancelText({ Tid })]
      const seen = [...test.lines, ...answers, (await test.readStoredBytes()).toString('latin1')]
      for (const secret of [CancelPwd, '고객 요청'])
        assert.equal(
          seen.some((text) => text.includes(secret)),
          false,
        )
    }),
  )
})

describe('what is signed and encrypted', () => {
  for (const [what, changes] of [
    ['made up', { hashData: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }],
    ['of another key', { hashData: 'bzbY1V5wS3X3jQUZ2bn7ZZ3J6k2C1kcf0tPDOF3Yv9c=' }],
    ['hexadecimal', { hashData: 'e'.repeat(64) }],
  ] as const) {
    test(
      `a HashData that is ${what} is rejected without counting an attempt at the password`,
      withCancelTest(async (test) => {
        const Tid = await test.approvedPayment()
        for (let time = 0; time < 6; time++)
          assert.equal((await test.cancel({ Tid, CancelPwd: '000000' }, changes)).ResultCode, 'S505')
        assert.equal((await test.cancel({ Tid })).ResultCode, '2001')
      }),
    )
  }

  for (const [field, value] of [
    ['CancelAmt', '9999'],
    ['PartialCancelCode', '1'],
    ['Tid', 'ssptest01m01012501020304109999'],
  ] as const) {
    test(
      `${field} is under the HashData`,
      withCancelTest(async (test) => {
        const Tid = await test.approvedPayment()
        const { HashData } = openedRequest({ Tid })
        assert.equal((await test.cancel({ Tid, [field]: value }, { hashData: HashData ?? '' })).ResultCode, 'S505')
      }),
    )
  }

  test(
    'every broken envelope gets one and the same answer',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      await saveMerchant(test.gateway, otherMerchant)
      const whole = JSON.parse(encryptedRequest({ Tid })) as { EncData: string; Mid: string }
      const key = testMerchant.merchantKey.expose()
      const broken = [
        { ...whole, Mid: 'ssptest09m' },
        { ...whole, Mid: otherMerchant.merchantId },
        { ...whole, Mid: '' },
        { ...whole, EncData: '' },
        { Mid: whole.Mid },
        { EncData: whole.EncData },
        { other: 'fields' },
        { ...whole, EncData: whole.EncData.slice(0, -4) },
        { ...whole, EncData: `A${whole.EncData.slice(1)}`.replace(/.{8}$/, 'AAAAAAA=') },
        { ...whole, EncData: 'not Base64!' },
        { ...whole, EncData: encryptText('no JSON', key) },
        { ...whole, EncData: encryptText('["a list"]', key) },
      ].map((envelope) => JSON.stringify(envelope))
      broken.push(encryptedRequest({ Tid, Mid: otherMerchant.merchantId }))
      const answers = await Promise.all(broken.map((body) => test.post(body)))
      assert.equal(new Set(answers).size, 1)
      assert.equal(JSON.parse(answers[0] ?? '').ResultCode, 'S302')
      assert.equal((await findPayment(test.gateway, Tid))?.state, 'approved')
    }),
  )

  test(
    'a field that is missing or malformed inside is named, without its value',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      for (const [changes, field] of [
        [{ SERVICE_MODE: 'CL2' }, 'SERVICE_MODE'],
        [{ CancelPwd: 'secret' }, 'CancelPwd'],
        [{ CancelSeq: '0' }, 'CancelSeq'],
        [{ CancelSeq: '000' }, 'CancelSeq'],
        [{ CancelSeq: '1000' }, 'CancelSeq'],
        [{ CancelAmt: '-1' }, 'CancelAmt'],
        [{ CancelAmt: '' }, 'CancelAmt'],
        [{ CancelPwd: '' }, 'CancelPwd'],
        [{ PartialCancelCode: '2' }, 'PartialCancelCode'],
      ] as const) {
        const { ResultCode, ResultMsg = '', ...known } = await test.cancel({ Tid, ...changes })
        assert.equal(ResultCode, 'S001', field)
        assert.deepEqual(known, { Tid, Mid: Tid.slice(0, 10) })
        assert.ok(ResultMsg.includes(field), ResultMsg)
        assert.equal(ResultMsg.includes('secret'), false)
      }
    }),
  )

  test(
    'a rejection repeats the request, and the order of a payment of this merchant',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const known = { Tid, Mid: Tid.slice(0, 10) }
      const unknownTid = `${Tid.slice(0, -4)}9999`
      for (const [changes, hashData, wanted] of [
        [{ Tid }, 'wrong', { ...known, CancelAmt: '10000', ResultCode: 'S505' }],
        [{ Tid, CancelPwd: '000000' }, undefined, { ...known, CancelAmt: '10000', ResultCode: 'S501' }],
        [{ Tid, CancelAmt: '9999' }, undefined, { ...known, CancelAmt: '9999', Moid: 'ORD0001', ResultCode: '2011' }],
        [{ Tid: unknownTid }, undefined, { ...known, Tid: unknownTid, CancelAmt: '10000', ResultCode: '2012' }],
      ] as const) {
        const { ResultMsg: _, ...answer } = await test.cancel(changes, hashData === undefined ? {} : { hashData })
        assert.deepEqual(answer, wanted)
      }
    }),
  )

  const left = { SERVICE_MODE: undefined, CancelMsg: undefined, CancelSeq: undefined, PartialCancelCode: undefined }
  for (const [what, changes] of [
    ['left out', left],
    ['empty', Object.fromEntries(Object.keys(left).map((name) => [name, '']))],
  ] as const) {
    test(
      `service mode, reason, sequence and scope may be ${what}: a full cancellation with the sequence 1`,
      withCancelTest(async (test) => {
        const Tid = await test.approvedPayment()
        const answer = await test.cancelText({ Tid, ...changes })
        assert.equal(JSON.parse(answer).ResultCode, '2001')
        assert.equal(await test.cancelText({ Tid, CancelSeq: '1' }), answer)
        assert.deepEqual([...test.takenBack], [[`${Tid} 1`, 10_000]])
      }),
    )
  }

  test(
    'a sequence may have leading zeros and three digits',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      const first = await test.cancelText({ ...part(Tid, 1, 1), CancelSeq: '01' })
      assert.equal(JSON.parse(first).ResultCode, '2001')
      assert.equal(await test.cancelText(part(Tid, 1, 1)), first)
      assert.equal((await test.cancel(part(Tid, 2, 999))).ResultCode, '2001')
      assert.deepEqual([...test.takenBack.keys()], [`${Tid} 1`, `${Tid} 999`])
    }),
  )

  test(
    'key order, numbers and unknown fields inside do not matter',
    withCancelTest(async (test) => {
      const Tid = await test.approvedPayment()
      assert.equal((await test.cancel({ Extra: 'x', CancelSeq: 1, CancelAmt: 10_000, Tid })).ResultCode, '2001')
    }),
  )
})

test(
  "another merchant's payment, an unknown one and one that is not approved get the same answer",
  withCancelTest(async (test) => {
    await saveMerchant(test.gateway, otherMerchant)
    const approved = await test.approvedPayment()
    const { transactionId: open } = await authenticatedPayment(test.gateway, { amount: 10_000 })
    const answers = [
      await test.cancelText({ Tid: approved }, { merchant: otherMerchant }),
      await test.cancelText({ Tid: 'ssptest01m01012501020304109999' }),
      await test.cancelText({ Tid: open }),
    ]
    await test.cancel(part(approved, 1, 1))
    answers.push(await test.cancelText(part(approved, 1, 1), { merchant: otherMerchant }))
    const asked = new Set(['Tid', 'Mid', 'CancelAmt'])
    const texts = answers.map((text) =>
      JSON.stringify(JSON.parse(text), (name, value) => (asked.has(name) ? 0 : value)),
    )
    assert.equal(new Set(texts).size, 1)
    assert.equal(JSON.parse(answers[0] ?? '').ResultCode, '2012')
    assert.equal((await findPayment(test.gateway, approved))?.cancelledAmount, 1)
  }),
)

function openedRequest(changes: { readonly Tid: string }): Readonly<Record<string, string>> {
  const { EncData } = JSON.parse(encryptedRequest(changes)) as { EncData: string }
  return openBody(EncData, testMerchant.merchantKey.expose()) as Readonly<Record<string, string>>
}
