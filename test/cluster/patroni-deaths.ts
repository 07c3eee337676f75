import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { realRuntime } from '@sspay/gateway'
import { readOptions } from '../../bench/command.ts'
import { openPostgres } from '../../packages/gateway/src/storage/postgres.ts'
import { type LoadReport, openApprovalLoad } from './approval-load.ts'
import {
  killNode,
  killPostgres,
  leaderOf,
  type PatroniCluster,
  startAgain,
  startPatroni,
  stopPatroni,
  untilFinished,
} from './patroni.ts'

const help = `The gateway's own approvals on a Patroni cluster whose leader dies. The dead one comes back as a standby before the next round.

  npm run cluster:deaths -- [--rounds 5] [--death postgres|node] [--at-once 4] [--json]

postgres  the server alone dies by SIGKILL, while its Patroni lives
node      both die at once
`

const values = readOptions(help, {
  rounds: { type: 'string', default: '5' },
  death: { type: 'string', default: 'postgres' },
  'at-once': { type: 'string', default: '4' },
})

if (!['postgres', 'node'].includes(values.death)) throw new Error(`--death is postgres or node, not ${values.death}`)

const warmUpMs = 1_500
const afterwardsMs = 2_000

const print = (line: string): void => void process.stderr.write(`${line}\n`)

const folder = mkdtempSync(join(tmpdir(), 'sspay-patroni-'))
let cluster: PatroniCluster = await startPatroni(folder)
const storage = openPostgres({
  runtime: realRuntime,
  url: cluster.url,
  connections: 8,
  retryBudgetMs: 6_000,
  onError() {},
})
const load = await openApprovalLoad(storage)

async function runRound(): Promise<LoadReport> {
  const running = load.start(Number(values['at-once']))
  await pause(warmUpMs)
  const died = await leaderOf(cluster)
  if (died === undefined) throw new Error('nobody leads')
  const killedAt = performance.now()
  if (values.death === 'node') killNode(died)
  else killPostgres(died)
  await running.acknowledgedAfter(killedAt + 500)
  await pause(afterwardsMs)
  if (values.death === 'node') cluster = startAgain(cluster, died)
  const report = await running.stop()
  await untilFinished(cluster)
  return report
}

const rounds: LoadReport[] = []
try {
  for (let number = 1; number <= Number(values.rounds); number++) {
    const round = await runRound()
    rounds.push(round)
    print(`round ${number}: ${JSON.stringify(round)}`)
  }
  const wrongLedgers = await load.countWrongLedgers()
  const acknowledged = rounds.reduce((sum, round) => sum + round.acknowledged, 0)
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0)
  const gaps = rounds.map(({ longestGapMs }) => longestGapMs).toSorted((left, right) => left - right)
  print(
    `${rounds.length} × ${values.death} killed: ${lost} of ${acknowledged} acknowledged approvals lost, ${wrongLedgers} payments whose ledger differ, gap median ${gaps[gaps.length >> 1]} ms, longest ${gaps.at(-1)} ms`,
  )
  if (values.json) console.log(JSON.stringify({ death: values.death, rounds, wrongLedgers }))
  if (lost > 0 || wrongLedgers > 0) process.exitCode = 1
} finally {
  await storage.close()
  await load.close()
  await stopPatroni(cluster)
  rmSync(folder, { recursive: true, force: true })
}
