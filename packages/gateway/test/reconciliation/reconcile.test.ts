import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeText } from '@sspay/protocol/charset'
import { approve } from '../../src/approval/approve.ts'
import { reconcileHelp } from '../../src/reconcile-command.ts'
import { type Difference, differenceClasses } from '../../src/reconciliation/compare.ts'
import { approved, authenticatedPayment } from '../approval/support.ts'
import { type CancelTest, part, withCancelTest } from '../cancellation/support.ts'
import { nowhere, type Ran } from '../run-command.ts'
import { createTestContext } from '../support.ts'
import { testPlace } from '../test-storage.ts'
import { foundIn, injectDifferences, reconciledDay } from './injected-differences.ts'
import { run } from './support.ts'

test('every injected difference is found in its class, and no other', async () => {
  await using opened = await createTestContext()
  const file = join(opened.folder, 'acquirer.csv')
  const place = await testPlace(opened.folder)
  const injected = await injectDifferences(opened.context.storage, file, { payments: 600, differences: 60 })
  const { code, out } = await run('reconcile', () => place, [file, '--day', reconciledDay, '--json'])
  assert.equal(code, 1)
  assert.deepEqual([...foundIn(out)].toSorted(), [...injected].toSorted())
  const classes = new Set([...injected].map((one) => one.split(' ')[0]))
  assert.deepEqual([...classes].toSorted(), [...differenceClasses].toSorted())
})

interface ReconcileTest extends CancelTest {
  readonly file: string
  /** Writes the file, and compares the day with it. */
  reconcile(lines: readonly string[] | Uint8Array, ...args: string[]): Promise<Ran>
  pay(): Promise<string>
}

const day = '2025-01-02'

const withReconcileTest = (work: (test: ReconcileTest) => Promise<void>) =>
  withCancelTest(async (test) => {
    const place = await testPlace(test.folder)
    const file = join(test.folder, 'acquirer.csv')
    await work({
      ...test,
      file,
      async reconcile(lines, ...args) {
        await writeFile(file, lines instanceof Uint8Array ? lines : lines.join('\r\n'))
        return run('reconcile', () => place, [file, '--day', day, ...args], test.gateway.runtime)
      },
      async pay() {
        test.approvesWith({ ...approved, approvedAt: `${day}T10:00:00+09:00` })
        const ticket = await authenticatedPayment(test.gateway, { amount: 10_000 })
        await approve(test.gateway, ticket)
        return ticket.transactionId
      },
    })
  })

const head = '구분,거래번호,금액,시각'
const at = `${day} 10:00:00`

const differencesIn = ({ out }: Ran): readonly string[] =>
  (JSON.parse(out).differences as readonly Difference[]).map(
    ({ class: name, kind, transactionId }) => `${name} ${kind} ${transactionId}`,
  )

test(
  'approvals, a full and a partial refund agree with a file in any order, and the report reconciles with itself',
  withReconcileTest(async ({ reconcile, pay, cancel, gateway, folder }) => {
    const [full, partial] = [await pay(), await pay()]
    await cancel({ Tid: full })
    await cancel(part(partial, 400, 1))
    const own = (JSON.parse((await report('json')).out).entries as { kind: string; transactionId: string }[]).find(
      (entry) => entry.kind === 'refund' && entry.transactionId !== full,
    )
    const lines = [
      head,
      `취소,${own?.transactionId},-400,${at}`,
      `승인,${partial},"10,000",${day}`,
      `취소,${full},10000,20250102120000`,
      `승인,${full},10000,2025-01-02T01:00:00Z`,
    ]
    const { code, out } = await reconcile(lines)
    assert.equal(code, 0, out)
    assert.match(out, /no difference/)
    const itself = await reconcile((await report('csv')).bytes)
    assert.equal(itself.code, 0, itself.out)

    async function report(format: string) {
      const place = await testPlace(folder)
      return run('report', () => place, ['--day', day, '--format', format], gateway.runtime)
    }
  }),
)

test(
  'a charge of a reversed payment needs its reversal in the file, or in the next one after midnight',
  withReconcileTest(async ({ reconcile, pay, gateway }) => {
    const id = await pay()
    const reverseAt = (time: string) =>
      gateway.storage.transact((transaction) =>
        transaction.write(
          "update payments set state = 'reversed', approved_at = null, state_changed_at = ?2 where transaction_id = ?1",
          [id, new Date(time).getTime()],
        ),
      )
    await reverseAt(`${day}T10:01:00+09:00`)
    const charge = `승인,${id},10000,${at}`
    assert.deepEqual(differencesIn(await reconcile([head, charge], '--json')), [`state approval ${id}`])
    assert.equal((await reconcile([head, charge, `망취소,${id},10000,${at}`])).code, 0)
    assert.equal((await reconcile([head])).code, 0)
    await reverseAt('2025-01-03T00:00:01+09:00')
    const later = await reconcile([head, charge], '--json')
    assert.deepEqual([later.code, ...differencesIn(later)], [0, `reversedLater approval ${id}`])
  }),
)

test(
  'a refund that is indeterminate or declined here is a difference of state, and what is indeterminate is counted',
  withReconcileTest(async ({ reconcile, pay, cancel, networkSays }) => {
    const [silent, declined] = [await pay(), await pay()]
    networkSays('silent')
    await cancel({ Tid: silent })
    networkSays('rejects_part')
    await cancel({ Tid: declined })
    const lines = [head, ...[silent, declined].flatMap((id) => [`승인,${id},10000,${at}`, `취소,${id},10000,${at}`])]
    const ran = await reconcile(lines, '--json')
    assert.deepEqual(differencesIn(ran).toSorted(), [`state refund ${silent}`, `state refund ${declined}`].toSorted())
    assert.equal(JSON.parse(ran.out).summary.indeterminate, 1)
    assert.match((await reconcile(lines)).out, /still indeterminate/)
  }),
)

test(
  'only this acquirer, only this merchant; a row of another one is missing here',
  withReconcileTest(async ({ reconcile, pay }) => {
    const id = await pay()
    assert.equal((await reconcile([head], '--acquirer', '06')).code, 0)
    assert.equal((await reconcile([head], '--merchant', 'another01m')).code, 0)
    assert.deepEqual(differencesIn(await reconcile([head], '--acquirer', '04', '--json')), [
      `missingThere approval ${id}`,
    ])
    const others = await reconcile([head, `승인,${id},10000,${at}`], '--acquirer', '06', '--json')
    assert.deepEqual(differencesIn(others), [`missingHere approval ${id}`])
  }),
)

test(
  'a mapping: positions without a first line, another delimiter, kinds of its own, CP949; or the sign alone',
  withReconcileTest(async ({ reconcile, pay, cancel, folder }) => {
    const id = await pay()
    await cancel({ Tid: id })
    const mapping = join(folder, 'mapping.json')
    const columns = { transactionId: 2, amount: 3, kind: 1, time: 4 }
    const kinds = { approval: ['매출'], refund: ['매출취소'], ignored: ['소계'] }
    await writeFile(mapping, JSON.stringify({ delimiter: '|', columns, kinds }))
    const lines = [`매출|${id}|10000|20250102`, `매출취소|${id}|10000|20250102`, '소계||0|']
    const file = encodeText(lines.join('\n'), 'euc-kr')
    assert.equal((await reconcile(file, '--columns', mapping, '--charset', 'cp949')).code, 0)
    const wrongCharset = await reconcile(file, '--columns', mapping)
    assert.equal(wrongCharset.code, 1)
    assert.match(wrongCharset.reported, /it may be --charset cp949/)
    await writeFile(mapping, JSON.stringify({ columns: { transactionId: 'TID', amount: 'AMT' } }))
    const signed = await reconcile(['AMT,TID', `10000,${id}`, `-10000,${id}`], '--columns', mapping)
    assert.equal(signed.code, 0, signed.out)
  }),
)

const unreadable: readonly (readonly [line: string, says: RegExp])[] = [
  [`승인,tid1,12x,${at}`, /line 2: "12x": .*not an amount/],
  [`승인,tid1,1,${'2025-13-01'}`, /line 2: "2025-13-01": .*does not begin with a day/],
  [`매출,tid1,1,${at}`, /line 2: "매출": .*unknown kind/],
  [`승인,,1,${at}`, /line 2: "": .*not a transaction id/],
  [`승인,"tid1,1,${at}`, /line 2: .*quote is not closed/],
  [`승인,"tid"1,1,${at}`, /line 2: .*quote/],
]

test(
  'a file that cannot be read is rejected with its line, and nothing is reported of it',
  withReconcileTest(async ({ reconcile }) => {
    for (const [line, says] of unreadable) {
      const { code, out, reported } = await reconcile([head, line], '--json')
      assert.deepEqual([code, out], [1, ''], line)
      assert.match(reported, says)
    }
    const { code, reported } = await reconcile(['TID,AMT', 'a,1'])
    assert.equal(code, 1)
    assert.match(reported, /Line 1 has no column 거래번호; it has TID, AMT/)
  }),
)

const wrongMappings: readonly (readonly [mapping: string, says: RegExp])[] = [
  ['[]', /must be a JSON object/],
  ['{"colums":{}}', /colums: .*known are delimiter, columns, kinds/],
  ['{"columns":{"amount":1}}', /columns.transactionId: .*required/],
  ['{"columns":{"transactionId":1}}', /columns.amount: .*required/],
  ['{"columns":{"transactionId":1,"amount":"AMT"}}', /all names or all positions/],
  ['{"columns":{"transactionId":0,"amount":2}}', /columns.transactionId: .*position from 1/],
  ['{"delimiter":"||"}', /delimiter: .*one character/],
  ['{"kinds":{"approval":"A"}}', /kinds.approval: .*list of strings/],
]

test(
  'wrong usage, with the wrong entry and the rule for it',
  withReconcileTest(async ({ reconcile, folder, file }) => {
    const mapping = join(folder, 'mapping.json')
    for (const [text, says] of wrongMappings) {
      await writeFile(mapping, text)
      const { code, reported } = await reconcile([head], '--columns', mapping)
      assert.equal(code, 2, text)
      assert.match(reported, says)
    }
    for (const args of [[], [file], ['--day', day], [file, file, '--day', day], [file, '--day', day, '--charset', 'x']])
      assert.equal((await run('reconcile', nowhere, args)).code, 2, args.join(' '))
    assert.equal((await run('reconcile', nowhere, [join(folder, 'none.csv'), '--day', day])).code, 1)
    assert.equal((await run('reconcile', nowhere, ['--help'])).out, reconcileHelp)
  }),
)
