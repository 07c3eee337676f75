import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { encodeText } from '@sspay/protocol/charset'
import { run as runGateway } from '../../../gateway/test/reconciliation/support.ts'
import { testPlace } from '../../../gateway/test/test-storage.ts'
import { differenceClasses } from '../../src/reconcile/compare.ts'
import { type Ran, run, startForCommands } from '../command-line/support.ts'
import { foundIn, injectDifferences, injectedCases } from './injected-differences.ts'

interface Files {
  readonly folder: string
  readonly orders: string
  readonly report: string
  /** Writes both files, and compares them. */
  reconcile(orders: string | Uint8Array, report: string | Uint8Array, ...given: string[]): Promise<Ran>
}

async function openFiles(t: TestContext): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-reconcile-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const [orders, report] = [join(folder, 'orders.csv'), join(folder, 'report.csv')]
  return {
    folder,
    orders,
    report,
    async reconcile(ordersText, reportText, ...given) {
      await writeFile(orders, ordersText)
      await writeFile(report, reportText)
      return run(['reconcile', orders, '--report', report, '--lang', 'en', ...given])
    },
  }
}

test('every injected difference is found in its class, and no other', async (t) => {
  const { reconcile } = await openFiles(t)
  const injected = injectDifferences({ orders: 1_000, differences: 2 * injectedCases })
  const { exitCode, output } = await reconcile(injected.orders, injected.report, '--json')
  assert.equal(exitCode, 1)
  const found = foundIn(output)
  assert.deepEqual([...found].toSorted(), [...injected.differences].toSorted())
  assert.deepEqual([...new Set([...found].map((one) => one.split(' ')[0]))].toSorted(), differenceClasses.toSorted())
})

const head = '구분,거래번호,원거래번호,주문번호,금액'
const report = (...lines: string[]): string => [head, ...lines].join('\r\n')
const ordersHead = '주문번호,금액,취소금액,상태'
const orders = (...lines: string[]): string => [ordersHead, ...lines].join('\n')

test('the report of a gateway agrees with the orders that were paid and refunded, as CSV, CP949 and JSON', async (t) => {
  await using sandbox = await startForCommands()
  const { folder, reconcile } = await openFiles(t)
  const pay = async (...given: string[]) => (await sandbox.typeForJson(['pay', ...given])) as Record<string, string>
  const [first, second] = [await pay(), await pay('--amount', '5000', '--cancel')]
  const lines = [`${first.Moid},1004,,결제완료`, `${second.Moid},5000,,취소`]
  const day = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10)
  const place = await testPlace(sandbox.folder)
  for (const given of [[], ['--charset', 'cp949'], ['--format', 'json']]) {
    const written = await runGateway('report', () => place, ['--day', day, ...given])
    const { exitCode, output, errors } = await reconcile(orders(...lines), written.bytes)
    assert.equal(exitCode, 0, `${given}: ${output}${errors}`)
    assert.match(output, /no difference/)
  }
  const mapping = join(folder, 'columns.json')
  await writeFile(mapping, JSON.stringify({ columns: { orderId: '번호', amount: '가격', refunded: '환불액' } }))
  const own = encodeText(
    [`번호,가격,환불액`, `${first.Moid},"1,004",0`, `${second.Moid},5000,-5000`].join('\n'),
    'euc-kr',
  )
  const csv = (await runGateway('report', () => place, ['--day', day])).bytes
  const mapped = await reconcile(own, csv, '--columns', mapping, '--charset', 'cp949')
  assert.equal(mapped.exitCode, 0, mapped.output + mapped.errors)
})

test('several reports: a refund on a later day belongs to its payment, in any sequence', async (t) => {
  const { folder, orders: ordersFile, report: first } = await openFiles(t)
  const second = join(folder, 'second.csv')
  await writeFile(ordersFile, orders('A-1,1000,400,부분취소'))
  await writeFile(first, report('승인,tid1,,A-1,1000'))
  await writeFile(second, report('취소,tid2,tid1,A-1,400'))
  for (const files of [
    [first, second],
    [second, first],
  ]) {
    const given = files.flatMap((file) => ['--report', file])
    const { exitCode, output } = await run(['reconcile', ordersFile, ...given])
    assert.equal(exitCode, 0, output)
  }
  const twice = await run(['reconcile', ordersFile, '--report', first, '--report', first, '--lang', 'en'])
  assert.equal(twice.exitCode, 1)
  assert.match(twice.errors, /tid1 stands twice\. Check whether two reports of one day were given/)
})

test('differences are described with both sides, their sums, and what is still indeterminate', async (t) => {
  const { reconcile } = await openFiles(t)
  const { exitCode, output } = await reconcile(
    orders('A-1,1000,,결제완료', 'A-2,2000,,결제대기'),
    report('승인,tid1,,A-1,1010', '취소,tid2,tid1,A-1,10', '미확정,tid3,,A-2,2000'),
  )
  assert.equal(exitCode, 1)
  assert.match(output, /amount +A-1 +line 2: paid 1,000 won +tid1: approved 1,010 won, refunded 10 won/)
  assert.match(output, /refund +A-1/)
  assert.match(output, /differences: 2\n {2}amount 1: other amounts paid\n {2}refund 1: other amounts refunded/)
  assert.match(output, /shop +1 payments +paid 1,000 won/)
  assert.match(output, /payment service +1 payments +paid 1,010 won +refunded 10 won/)
  assert.match(output, /1 still indeterminate/)
})

const goodReport = report('승인,tid1,,A-1,1000')
const good = orders('A-1,1000,,결제완료')

test('a file that cannot be read is rejected with its line, and nothing is reported of it', async (t) => {
  const { reconcile } = await openFiles(t)
  const unreadable: readonly (readonly [string | Uint8Array, string | Uint8Array, RegExp])[] = [
    [orders('A 1,1000,,결제완료'), goodReport, /line 2: "A 1": It is not an order id/],
    [orders('A-1,12x,,결제완료'), goodReport, /line 2: "12x": It is not an amount/],
    [orders('A-1,1000,,배송중'), goodReport, /line 2: "배송중": It is an unknown state/],
    [orders('A-1,1000,,부분취소'), goodReport, /line 2: "": .*needs the refunded amount/],
    [orders('"A-1,1000,,결제완료'), goodReport, /line 2: A quote is not closed/],
    [encodeText(good, 'euc-kr'), goodReport, /it may be --charset cp949/],
    ['order,amount\nA-1,1000', goodReport, /Line 1 has no column 주문번호; it has order, amount/],
    [good, report('승인,tid1,,A-1,x'), /report\.csv: line 2: "x": It is not an amount/],
    [good, report('매출,tid1,,A-1,1'), /line 2: "매출": It is neither CSV nor JSON of sspay-gateway report/],
    [good, '기준,코드\n상점,x', /Line 1 has no column 구분/],
    [good, '{"day":"2026-12-01"}', /neither CSV nor JSON of sspay-gateway report/],
    [good, '{"entries":[{"kind":"sale"}]}', /neither CSV nor JSON/],
    [good, '{', /neither CSV nor JSON/],
  ]
  for (const [ordersText, reportText, says] of unreadable) {
    const { exitCode, output, errors } = await reconcile(ordersText, reportText)
    assert.deepEqual([exitCode, output], [1, ''], errors)
    assert.match(errors, says)
  }
})

test('wrong usage names the cure', async (t) => {
  const { folder, orders: ordersFile, report: reportFile } = await openFiles(t)
  await writeFile(ordersFile, good)
  await writeFile(reportFile, goodReport)
  const mapping = join(folder, 'mapping.json')
  await writeFile(mapping, '{"columns":{"orderId":"ID"}}')
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[ordersFile], /--report is required: sspay-gateway report --day/],
    [[join(folder, 'no.csv'), '--report', reportFile], /no\.csv: there is no such file/],
    [[ordersFile, '--report', join(folder, 'no.csv')], /--report .*no\.csv: there is no such file/],
    [[ordersFile, '--report', reportFile, '--charset', 'latin1'], /utf-8 \| cp949/],
    [[ordersFile, '--report', reportFile, '--columns', mapping], /mapping\.json: columns\.amount: It is required/],
    [[ordersFile, '--report', reportFile, '--columns', reportFile], /it is not JSON/],
  ]
  for (const [given, says] of wrong) {
    const { exitCode, errors } = await run(['reconcile', ...given, '--lang', 'en'])
    assert.equal(exitCode, 2, errors)
    assert.match(errors, says)
  }
})
