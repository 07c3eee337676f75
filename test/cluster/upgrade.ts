import { markdownTable, readOptions } from '../../bench/command.ts'
import { startPostgres } from '../../packages/merchant/test/postgres.ts'
import { type UpgradeReport, upgradeUnderLoad } from './upgrade-under-load.ts'

const help = `npm run cluster:upgrade -- [options]

Upgrades a gateway on PostgreSQL, under a load of approvals, to a version with a new column and a new index of the payments, and goes back. Beside
it another session keeps a transaction open that has read the payments, as a backup does. Ends with 1 when no approval is acknowledged for longer
than 3 s, when one is lost or fails, when the ledger of the card network differs, or when readiness is not what happens. Then alters the table as any
tool would, and ends with 1 when that does not stop the approvals, or readiness does not notice.

  --reader-seconds NUMBER   30
  --payments NUMBER         300000
  --lanes NUMBER            4
  --json                    figures as JSON on stdout
`

const values = readOptions(help, {
  'reader-seconds': { type: 'string', default: '30' },
  payments: { type: 'string', default: '300000' },
  lanes: { type: 'string', default: '4' },
})

const server = await startPostgres({ isDurable: true })
const play = async (migrateBy: 'command' | 'tool', readerMs: number): Promise<UpgradeReport> =>
  upgradeUnderLoad({
    databaseUrl: await server.createDatabase(),
    readerMs,
    payments: Number(values.payments),
    lanes: Number(values.lanes),
    migrateBy,
  })

try {
  const upgraded = await play('command', Number(values['reader-seconds']) * 1_000)
  const altered = await play('tool', 8_000)
  const rows = ([upgraded, altered] as const).map((report) => figuresOf(report))
  const names = Object.keys(rows[0] ?? {})
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ upgraded, altered })}\n`
      : `${markdownTable(
          ['figure', 'sspay-gateway migrate', 'a tool without limits'],
          names.map((name) => [name, ...rows.map((row) => row[name] ?? '')]),
        )}\n`,
  )
  const { readiness } = upgraded
  const isRight =
    upgraded.longestGapMs <= 3_000 &&
    upgraded.lost + upgraded.wrongLedgers + Object.keys(upgraded.errors).length === 0 &&
    readiness.falselyReady + readiness.falselyNotReady === 0
  const isNoticed = altered.longestGapMs > 3_000 && altered.readiness.rightlyNotReady > 0
  if (!isRight || !isNoticed) process.exitCode = 1
} finally {
  await server.stop()
}

function figuresOf({ errors, readiness, ...figures }: UpgradeReport): Readonly<Record<string, string | number>> {
  return { ...figures, ...readiness, errors: JSON.stringify(errors) }
}
