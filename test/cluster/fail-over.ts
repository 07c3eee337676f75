import { setTimeout as pause } from 'node:timers/promises'
import { type Context, defaultSettings, realRuntime, saveMerchant } from '@sspay/gateway'
import { createKeyRing, migrate } from '@sspay/gateway/internal'
import { readOptions } from '../../bench/command.ts'
import { openPostgres } from '../../packages/gateway/src/storage/postgres.ts'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { makeTickets, price } from '../durability/payments.ts'
import { quickRootKey, type Ticket } from '../support/quick-payment.ts'
import { startSimulatedNetwork } from '../support/simulated-network.ts'
import { type Cluster, openCluster } from './cluster.ts'
import { approveAt, type GatewayProcess, resultCodeOf, startGateway } from './gateways.ts'

const help = `Two gateways as an operator starts them, on three PostgreSQL nodes, under a load of approvals. In each round the primary dies by SIGKILL.

  npm run cluster:fail-over -- [--rounds 20] [--payments 1500] [--at-once 8] [--verbose] [--json]

Prints what was acknowledged and is lost, the longest time without an approval, and whether the card network's ledger agrees with ours. Ends
with 1 when something is lost, ledger differ, a gateway died or nothing was approved for more than three seconds.
`

const values = readOptions(help, {
  rounds: { type: 'string', default: '20' },
  payments: { type: 'string', default: '1500' },
  'at-once': { type: 'string', default: '8' },
  verbose: { type: 'boolean', default: false },
})

const beforeKillMs = 1_000

interface Round {
  readonly acknowledged: number
  readonly lost: number
  readonly longestGapMs: number
  readonly otherAnswers: Readonly<Record<string, number>>
}

const print = (line: string): void => void process.stderr.write(`${line}\n`)

async function runRound(cluster: Cluster, gateways: readonly GatewayProcess[], tickets: readonly Ticket[]) {
  const acknowledgedAt: number[] = []
  const acknowledged: string[] = []
  const otherAnswers: Record<string, number> = {}
  let next = 0
  const worker = async (_: unknown, number: number): Promise<void> => {
    const { url } = gateways[number % gateways.length] as GatewayProcess
    while (next < tickets.length) {
      const ticket = tickets[next++] as Ticket
      const code = await approveAt(url, ticket).then(resultCodeOf, (cause: Error) => cause.name)
      if (code === '3001') {
        acknowledgedAt.push(performance.now())
        acknowledged.push(ticket.transactionId)
      } else otherAnswers[code] = (otherAnswers[code] ?? 0) + 1
    }
  }
  const working = Promise.all(Array.from({ length: Number(values['at-once']) }, worker))
  await pause(beforeKillMs)
  const before = acknowledgedAt.length
  if (next >= tickets.length) throw new Error('the payments were over before the primary died: --payments')
  await cluster.losePrimary()
  await working
  const gaps = acknowledgedAt.map((at, index) => at - (acknowledgedAt[index - 1] ?? at))
  if (acknowledgedAt.length - before < 50) throw new Error('hardly a payment after the fail-over: --payments')
  const [stored] = await cluster
    .primary()
    .query<{ count: string }>(`select count(*) from payments where state = 'approved' and transaction_id = any($1)`, [
      acknowledged,
    ])
  const lost = acknowledged.length - Number(stored?.count)
  return { acknowledged: acknowledged.length, lost, longestGapMs: Math.max(...gaps), otherAnswers } satisfies Round
}

/** Sentences about payments whose money is elsewhere than our ledger say. */
async function compareLedgers(
  cluster: Cluster,
  network: Awaited<ReturnType<typeof startSimulatedNetwork>>,
): Promise<readonly string[]> {
  const open = `select count(*) from payments where state in ('approving', 'unresolved', 'reversing')`
  for (let looks = 0; looks < 120; looks++) {
    const [row] = await cluster.primary().query<{ count: string }>(open)
    if (Number(row?.count) === 0) break
    await pause(1_000)
  }
  const totals = await network.totals()
  const payments = await cluster
    .primary()
    .query<{ transaction_id: string; state: string }>('select transaction_id, state from payments')
  return payments.flatMap(({ transaction_id, state }) => {
    const { charged, cancelled, reversed } = totals.get(transaction_id) ?? { charged: 0, cancelled: 0, reversed: 0 }
    const kept = charged - cancelled - reversed
    return kept === (state === 'approved' ? price : 0) ? [] : [`${transaction_id} is ${state}, ${kept} won kept`]
  })
}

print('three nodes are being made')
const cluster = await openCluster()
const network = await startSimulatedNetwork()
const storage = openPostgres({
  runtime: realRuntime,
  url: cluster.url,
  connections: 10,
  retryBudgetMs: 20_000,
  onError() {},
})
const gateways: GatewayProcess[] = []
const rounds: Round[] = []
try {
  await migrate(storage)
  const keyRing = createKeyRing(realRuntime, quickRootKey)
  const log = { info() {}, warn() {}, error() {} }
  const context: Context = { runtime: realRuntime, storage, keyRing, log, settings: defaultSettings }
  await saveMerchant(context, testMerchant)
  const options = {
    place: { SSPAY_DATABASE_URL: cluster.url },
    cardNetworkUrl: network.url,
    ...(values.verbose ? { onLine: print } : {}),
  }
  for (let count = 0; count < 2; count++) gateways.push(await startGateway(options))

  print(`two gateways run at ${gateways.map(({ url }) => url).join(' and ')}`)
  for (let number = 1; number <= Number(values.rounds); number++) {
    const tickets = await makeTickets(context, Number(values.payments))
    print(`round ${number}: ${tickets.length} payments wait for their approval`)
    const round = await runRound(cluster, gateways, tickets)
    rounds.push(round)
    print(
      `round ${number}: ${round.acknowledged} acknowledged, ${round.lost} lost, longest gap ${Math.round(round.longestGapMs)} ms, others ${JSON.stringify(round.otherAnswers)}`,
    )
    await cluster.rejoin()
  }
  const problems = await compareLedgers(cluster, network)
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0)
  const acknowledged = rounds.reduce((sum, round) => sum + round.acknowledged, 0)
  const longestGapMs = Math.round(Math.max(...rounds.map((round) => round.longestGapMs)))
  const died = gateways.filter((gateway) => !gateway.isRunning()).length
  for (const problem of problems.slice(0, 10)) print(problem)
  print(
    `${rounds.length} primaries killed: ${lost} of ${acknowledged} acknowledged approvals lost, ${problems.length} payments whose ledger differ, longest gap ${longestGapMs} ms, ${died} gateways died`,
  )
  if (values.json) console.log(JSON.stringify({ rounds, problems }))
  if (lost > 0 || problems.length > 0 || died > 0 || longestGapMs > 3_000) process.exitCode = 1
} finally {
  await Promise.all(gateways.map((gateway) => gateway.stop()))
  await storage.close()
  await network.close()
  await cluster.close()
}
