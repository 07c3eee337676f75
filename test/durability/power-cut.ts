import { markdownTable, readOptions } from '../../bench/command.ts'
import { whyNoDisk } from './cut-disk.ts'
import { type CutReport, cutRepeatedly } from './cut-repeatedly.ts'
import { engineNames } from './engines.ts'

const help = `Cuts the power under a load of approvals, and counts acknowledged approvals that are lost.

  npm run test:power-cut -- [--engines sqlite,postgres] [--cuts 5] [--at-once 8] [--most 600] [--json]

The database is on an ext4 of its own over a loop device. At the cut the file system is shut down in the kernel: whatever was written and
not flushed is gone, from that moment on nothing is written. Then all processes are killed, the disk is mounted again, database and
gateway start again, and every answer is compared with the tables and with the card network, which has a disk of its own. Each engine
runs a second time without waiting for its flush (SQLite synchronous=normal, PostgreSQL synchronous_commit=off): there a loss must show,
or the cut proves nothing. What the disk itself keeps in a cache that it does not flush is not part of this.

Needs Linux, root and a loop device; exits with 2 and the reason where that is missing, with 1 when something was lost.
`

const values = readOptions(help, {
  engines: { type: 'string', default: engineNames.join(',') },
  cuts: { type: 'string', default: '5' },
  'at-once': { type: 'string', default: '8' },
  most: { type: 'string', default: '600' },
})

const reason = whyNoDisk()
if (reason !== undefined) {
  console.error(`The power was not cut: ${reason}.`)
  process.exit(2)
}
const load = { cuts: Number(values.cuts), atOnce: Number(values['at-once']), most: Number(values.most) }
const reports: CutReport[] = []
for (const engine of engineNames.filter((name) => values.engines.split(',').includes(name)))
  for (const waitsForFlush of [true, false]) reports.push(await cutRepeatedly({ engine, waitsForFlush, ...load }))

if (values.json) console.log(JSON.stringify(reports))
else
  console.log(
    markdownTable(
      ['Engine', 'Waits for the flush', 'Cuts', 'Acknowledged', 'Rejected', 'Lost', 'Ledgers that differ'],
      reports.map((one) => [
        one.engine,
        one.waitsForFlush ? 'yes' : 'no',
        one.cuts,
        one.acknowledged,
        one.rejected,
        one.lost,
        one.wrong,
      ]),
    ),
  )
const isAsItMustBe = ({ waitsForFlush, lost, wrong }: CutReport): boolean =>
  waitsForFlush ? lost === 0 && wrong === 0 : lost > 0
if (!reports.every(isAsItMustBe)) process.exitCode = 1
