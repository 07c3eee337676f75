import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeText } from '@sspay/protocol/charset'
import { approve } from '../../src/approval/approve.ts'
import { resolveUnresolved } from '../../src/approval/resolve.ts'
import { raiseWatermark } from '../../src/archive/store.ts'
import { reportHelp } from '../../src/report-command.ts'
import { approved, authenticatedPayment } from '../approval/support.ts'
import { type CancelTest, part, withCancelTest } from '../cancellation/support.ts'
import { readCsv } from '../console/read-csv.ts'
import { nowhere, type Ran } from '../run-command.ts'
import { testPlace } from '../test-storage.ts'
import { run } from './support.ts'

const day = '2025-01-02'

const usualPayment = { amount: 10_000, orderId: 'ORD0001', issuerCode: '04', acquirerCode: '04' }

interface ReportTest extends CancelTest {
  report(...args: string[]): Promise<Ran>
  /** A payment that the card network approves at that time of its own clock. */
  pay(approvedAt: string, changes?: Partial<typeof usualPayment>): Promise<string>
}

const withReportTest = (work: (test: ReportTest) => Promise<void>) =>
  withCancelTest(async (test) => {
    const place = await testPlace(test.folder)
    await work({
      ...test,
      report: (...args) => run('report', () => place, args, test.gateway.runtime),
      async pay(approvedAt, changes) {
        const { amount, orderId, issuerCode, acquirerCode } = { ...usualPayment, ...changes }
        test.approvesWith({ ...approved, approvedAt, issuerCode, acquirerCode })
        const ticket = await authenticatedPayment(test.gateway, { amount, orderId })
        await approve(test.gateway, ticket)
        return ticket.transactionId
      },
    })
  })

const rowsOf = ({ out }: Ran) => readCsv(out)

test(
  'approvals by the card network’s clock, refunds with their own numbers and times, reversals, what is indeterminate',
  withReportTest(async ({ report, pay, cancel, clock, gateway, network }) => {
    const [first, last] = [await pay(`${day}T00:00:00+09:00`), await pay(`${day}T23:59:59.999+09:00`)]
    await pay('2025-01-01T23:59:59.999+09:00')
    await pay('2025-01-03T00:00:00+09:00')
    clock.set(new Date(`${day}T12:00:00+09:00`))
    await cancel(part(first, 400, 1))
    clock.set(new Date(`${day}T12:00:01+09:00`))
    const full = await cancel({ Tid: last })
    network.answerWith((verb) => (verb === 'reverse' ? { outcome: 'reversed' } : undefined))
    const reversed = await authenticatedPayment(gateway, { orderId: 'REVERSED' })
    await approve(gateway, reversed)
    for (const _ of [1, 2]) {
      clock.advance(61_000)
      await resolveUnresolved(gateway)
    }
    network.answerWith(() => undefined)
    const silent = await authenticatedPayment(gateway, { orderId: 'SILENT' })
    await approve(gateway, silent)

    const rows = rowsOf(await report('--day', day))
    assert.deepEqual(
      rows.map(({ 구분, 거래번호, 금액, 순액 }) => [구분, 거래번호, 금액, 순액]),
      [
        ['승인', first, '10000', '10000'],
        ['승인', last, '10000', '10000'],
        ['취소', rows[2]?.거래번호, '400', '-400'],
        ['취소', last, '10000', '-10000'],
        ['망취소', reversed.transactionId, '1004', '0'],
        ['미확정', silent.transactionId, '1004', '0'],
      ],
    )
    const [approval, , partial, refund] = rows
    assert.deepEqual(
      [approval?.시각, approval?.승인번호, approval?.발급사, approval?.매입사코드],
      ['2025-01-02 00:00:00', '30001234', '삼성', '04'],
    )
    assert.notEqual(partial?.거래번호, first)
    assert.deepEqual([partial?.원거래번호, partial?.시각], [first, '2025-01-02 12:00:00'])
    assert.deepEqual(
      [refund?.취소번호, refund?.원거래번호, refund?.시각],
      [full.CancelNum, last, '2025-01-02 12:00:01'],
    )
  }),
)

test(
  'a closed day has the same bytes after a later refund and a week, the refund has its own day',
  withReportTest(async ({ report, pay, cancel, clock }) => {
    const id = await pay(`${day}T10:00:00+09:00`)
    const open = await report('--day', day, '--format', 'json')
    assert.equal(JSON.parse(open.out).isClosed, false)
    assert.match(open.reported, /not closed/)
    clock.set(new Date('2025-01-03T00:10:00+09:00'))
    const formats = [[], ['--totals'], ['--format', 'json'], ['--charset', 'cp949']]
    const write = () => Promise.all(formats.map((format) => report('--day', day, ...format)))
    const before = await write()
    assert.equal(JSON.parse(before[2]?.out ?? '').isClosed, true)
    clock.set(new Date('2025-01-10T09:00:00+09:00'))
    await cancel({ Tid: id })
    const after = await write()
    for (const [index, { bytes }] of before.entries()) assert.ok(bytes.equals(after[index]?.bytes ?? Buffer.of()))
    const [refund, ...more] = rowsOf(await report('--day', '2025-01-10'))
    assert.deepEqual([refund?.구분, refund?.원거래번호, more.length], ['취소', id, 0])
  }),
)

test(
  'a refund without an outcome keeps every later day open, until it is known',
  withReportTest(async ({ report, pay, cancel, clock, networkSays }) => {
    const id = await pay(`${day}T10:00:00+09:00`)
    networkSays('silent')
    await cancel({ Tid: id })
    clock.set(new Date('2025-01-05T00:00:00+09:00'))
    for (const later of [day, '2025-01-03']) {
      const { isClosed, entries } = JSON.parse((await report('--day', later, '--format', 'json')).out)
      assert.equal(isClosed, false, later)
      assert.equal(entries.at(-1).kind, 'indeterminate', later)
    }
  }),
)

test(
  'totals of merchants, issuers and acquirers add up to the rows',
  withReportTest(async ({ report, pay, cancel }) => {
    const id = await pay(`${day}T10:00:00+09:00`, { amount: 10_000 })
    await pay(`${day}T10:00:00+09:00`, { amount: 20_000, issuerCode: '11', acquirerCode: '01' })
    await cancel(part(id, 400, 1))
    const totals = rowsOf(await report('--day', day, '--totals'))
    assert.deepEqual(
      totals.map((row) => [row.기준, row.코드, row.이름, row['승인 금액'], row['취소 금액'], row.순액]),
      [
        ['상점', 'ssptest01m', '', '30000', '400', '29600'],
        ['발급사', '04', '삼성', '10000', '400', '9600'],
        ['발급사', '11', '씨티', '20000', '0', '20000'],
        ['매입사', '01', '비씨', '20000', '0', '20000'],
        ['매입사', '04', '삼성', '10000', '400', '9600'],
        ['전체', '', '', '30000', '400', '29600'],
      ],
    )
    assert.equal(rowsOf(await report('--day', day, '--merchant', 'another01m')).length, 0)
    assert.equal(rowsOf(await report('--day', day, '--acquirer', '06')).length, 0)
    assert.equal(rowsOf(await report('--day', day, '--acquirer', '04', '--merchant', 'ssptest01m')).length, 2)
  }),
)

test(
  'an order id that begins a formula stays text; CP949 and a file; the summary as JSON',
  withReportTest(async ({ report, pay, folder }) => {
    await pay(`${day}T10:00:00+09:00`, { orderId: '-1-HYPERLINK' })
    const file = join(folder, 'report.csv')
    const { code, out } = await report('--day', day, '--charset', 'cp949', '--to', file, '--json')
    const summary = JSON.parse(out)
    assert.deepEqual([code, summary.file, summary.totals.all.net], [0, file, 10_000])
    const [row] = readCsv(decodeText(await readFile(file), 'euc-kr'))
    assert.deepEqual([row?.주문번호, row?.매입사], ["'-1-HYPERLINK", '삼성'])
    const utf8 = await report('--day', day)
    assert.deepEqual([...utf8.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf])
    const failed = await report('--day', day, '--to', join(folder, 'none', 'report.csv'))
    assert.equal(failed.code, 1)
    assert.match(failed.reported, /It cannot be written/)
  }),
)

test(
  'a day whose payments may be in the archive is rejected',
  withReportTest(async ({ report, gateway }) => {
    await gateway.storage.transact((transaction) =>
      raiseWatermark(transaction, 'archivedBefore', new Date(`${day}T00:00:00+09:00`)),
    )
    const { code, out, reported } = await report('--day', day)
    assert.deepEqual([code, out], [1, ''])
    assert.match(reported, /were archived to files/)
    assert.equal((await report('--day', '2025-01-03')).code, 0)
  }),
)

const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [[], /--day: 날짜가 없습니다/],
  [['--day', '2026-02-30'], /2026-02-30: 2026-12-01처럼/],
  [['--day', '20261201'], /It must be a day of the calendar/],
  [['--day', day, '--format', 'xls'], /csv or json/],
  [['--day', day, '--charset', 'latin1'], /utf-8 or cp949/],
  [['--day', day, '--json'], /It needs --to/],
  [['--day', day, '--totals', '--format', 'json'], /omit --totals/],
  [['--dya', day], /잘못된 옵션입니다.*--dya/],
]

for (const [args, says] of wrong)
  test(`wrong usage: report ${args.join(' ')}`, async () => {
    const { code, out, reported } = await run('report', nowhere, args)
    assert.deepEqual([code, out], [2, ''])
    assert.match(reported, says)
  })

test('help names every option; a folder without a database is rejected', async () => {
  assert.equal((await run('report', nowhere, ['--help'])).out, reportHelp)
  const place = () => ({ dataFolder: join(tmpdir(), 'sspay-no-such-folder') })
  assert.equal((await run('report', place, ['--day', day])).code, 1)
})
