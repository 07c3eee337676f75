import { setTimeout as pause } from 'node:timers/promises'
import { realRuntime } from '@sspay/gateway'
import { readOptions } from '../../bench/command.ts'
import { openPostgres } from '../../packages/gateway/src/storage/postgres.ts'
import { type LoadReport, openApprovalLoad } from './approval-load.ts'
import { startMortalPostgres } from './mortal-postgres.ts'

const help = `One PostgreSQL under a load of approvals: killed by SIGKILL and started again, and its connections ended over and over.

  npm run cluster:kills -- [--rounds 50] [--storms 500] [--at-once 4] [--json]
`

const values = readOptions(help, {
  rounds: { type: 'string', default: '50' },
  storms: { type: 'string', default: '500' },
  'at-once': { type: 'string', default: '4' },
})

const print = (line: string): void => void process.stderr.write(`${line}\n`)

const server = await startMortalPostgres()
const storage = openPostgres({
  runtime: realRuntime,
  url: server.url,
  connections: 8,
  retryBudgetMs: 6_000,
  onError() {},
})
const load = await openApprovalLoad(storage)

async function killOnce(): Promise<LoadReport & { readonly awayMs: number }> {
  const running = load.start(Number(values['at-once']))
  await running.acknowledgedAfter(performance.now())
  await pause(300)
  const killedAt = performance.now()
  await server.killAndRestart()
  await running.acknowledgedAfter(performance.now())
  const awayMs = Math.round(performance.now() - killedAt)
  return { ...(await running.stop()), awayMs }
}

async function storm(times: number): Promise<LoadReport> {
  const running = load.start(Number(values['at-once']))
  for (let time = 0; time < times; time++) {
    await server.killConnections()
    await pause(20)
  }
  await running.acknowledgedAfter(performance.now())
  return running.stop()
}

try {
  const kills: Awaited<ReturnType<typeof killOnce>>[] = []
  for (let round = 1; round <= Number(values.rounds); round++) {
    const report = await killOnce()
    kills.push(report)
    if (round % 10 === 0 || report.lost > 0) print(`kill ${round}: ${JSON.stringify(report)}`)
  }
  const stormed = await storm(Number(values.storms))
  const wrongLedgers = await load.countWrongLedgers()
  const lost = kills.reduce((sum, report) => sum + report.lost, 0) + stormed.lost
  const acknowledged = kills.reduce((sum, report) => sum + report.acknowledged, 0) + stormed.acknowledged
  const away = kills.map(({ awayMs }) => awayMs).toSorted((left, right) => left - right)
  print(
    `${kills.length} kills and ${values.storms} storms: ${lost} of ${acknowledged} acknowledged approvals lost, ${wrongLedgers} payments whose ledger differ; from kill to the next approval median ${away[away.length >> 1]} ms, longest ${away.at(-1)} ms; longest gap in the storms ${stormed.longestGapMs} ms, ${JSON.stringify(stormed.errors)}`,
  )
  if (values.json) console.log(JSON.stringify({ kills, stormed, wrongLedgers }))
  if (lost > 0 || wrongLedgers > 0 || (away.at(-1) ?? 0) > 5_000) process.exitCode = 1
} finally {
  await storage.close()
  await load.close()
  await server.stop()
}
