import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@sspay/gateway/internal'
import { databaseFileIn } from '../packages/gateway/src/storage/open-storage.ts'
import { openSqlite } from '../packages/gateway/src/storage/sqlite.ts'
import {
  foundIn,
  injectDifferences,
  reconciledDay,
} from '../packages/gateway/test/reconciliation/injected-differences.ts'
import { run } from '../packages/gateway/test/reconciliation/support.ts'
import { run as runShopCommand } from '../packages/sandbox/test/command-line/support.ts'
import * as shop from '../packages/sandbox/test/reconcile/injected-differences.ts'
import { markdownTable, readOptions } from './command.ts'

const help = `npm run bench:reconciliation -- [options]

Stores the payments of one day on SQLite, and writes an acquirer's file with differences of every class in it. Then measures the report of the
day and the reconciliation with the file. Then does the same with the export of a shop and the report of its payment service. Ends with 1 when a
difference is not found, found in another class, or reported where there is none, when two reports differ in a byte, or when the memory of the
process grows by more than --most-mb in the gateway's part.

  --payments NUMBER     100000
  --differences NUMBER  200
  --most-mb NUMBER      200
  --json                figures as JSON on stdout
`
const values = readOptions(help, {
  payments: { type: 'string', default: '100000' },
  differences: { type: 'string', default: '200' },
  'most-mb': { type: 'string', default: '200' },
})
const [payments, differences] = [Number(values.payments), Number(values.differences)]

const folder = await mkdtemp(join(tmpdir(), 'sspay-reconciliation-'))
try {
  const file = join(folder, 'acquirer.csv')
  const storage = await openSqlite(databaseFileIn(folder))
  await migrate(storage)
  const injected = await injectDifferences(storage, file, { payments, differences })
  await storage.close()
  const place = () => ({ dataFolder: folder })

  const report = await measure(() => run('report', place, ['--day', reconciledDay]))
  const again = await run('report', place, ['--day', reconciledDay])
  assert.ok(report.ran.bytes.equals(again.bytes), 'two reports of the same day differ')
  const compared = await measure(() => run('reconcile', place, [file, '--day', reconciledDay, '--json']))
  const found = foundIn(compared.ran.out)
  const missed = without(injected, found)
  const falsely = without(found, injected)

  const [ordersFile, reportFile] = [join(folder, 'orders.csv'), join(folder, 'report.csv')]
  const shopFiles = shop.injectDifferences({ orders: payments, differences })
  await writeFile(ordersFile, shopFiles.orders)
  await writeFile(reportFile, shopFiles.report)
  const shopCompared = await measure(() => runShopCommand(['reconcile', ordersFile, '--report', reportFile, '--json']))
  const shopFound = shop.foundIn(shopCompared.ran.output)
  const shopWrong = [...without(shopFiles.differences, shopFound), ...without(shopFound, shopFiles.differences)]

  const fileMb = (await stat(file)).size / 1e6
  const figures = {
    payments,
    injected: injected.size,
    missed: missed.length,
    false: falsely.length,
    fileMb: round(fileMb),
    reportSeconds: report.seconds,
    reportMb: round(report.ran.bytes.length / 1e6),
    reconcileSeconds: compared.seconds,
    grownMb: compared.grownMb,
    shopInjected: shopFiles.differences.size,
    shopWrong: shopWrong.length,
    shopSeconds: shopCompared.seconds,
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(figures)}\n`
      : `${markdownTable(['figure', 'value'], Object.entries(figures))}\n${missed.map((one) => `missed ${one}\n`).join('')}${falsely.map((one) => `false ${one}\n`).join('')}${shopWrong.map((one) => `shop: ${one}\n`).join('')}`,
  )
  const isRight = missed.length + falsely.length + shopWrong.length === 0 && injected.size === differences
  if (!isRight || compared.grownMb > Number(values['most-mb'])) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

function without(all: ReadonlySet<string>, known: ReadonlySet<string>): readonly string[] {
  return [...all].filter((one) => !known.has(one))
}

/** Peak of the resident memory beyond its size before. */
async function measure<Ran>(work: () => Promise<Ran>) {
  const before = process.memoryUsage.rss()
  let peak = before
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const startedAt = performance.now()
  const ran = await work()
  const seconds = round((performance.now() - startedAt) / 1_000)
  clearInterval(sampling)
  return { ran, seconds, grownMb: round((Math.max(peak, process.memoryUsage.rss()) - before) / 1e6) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
