import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Context, createKeyRing, defaultSettings, migrate, realRuntime, saveMerchant } from '@sspay/gateway'
import { approve } from '../../packages/gateway/src/approval/approve.ts'
import { resolveUnresolved } from '../../packages/gateway/src/approval/resolve.ts'
import { findPayment } from '../../packages/gateway/src/approval/store.ts'
import { openPostgres } from '../../packages/gateway/src/storage/postgres.ts'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { authenticatedPayment, quickRootKey } from '../support/quick-payment.ts'
import { startSimulatedNetwork } from '../support/simulated-network.ts'
import {
  killNode,
  killPostgres,
  leaderOf,
  type PatroniCluster,
  startAgain,
  startPatroni,
  stopPatroni,
  untilSettled,
} from './patroni.ts'

/**
 * The gateway's own approvals on a Patroni cluster whose leader dies: `postgres`, the server alone by SIGKILL while its Patroni lives; or `node`, both at
 * once. Told: acknowledged approvals that are lost, the longest time without one, errors by kind, and how the card network's books agree.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    death: { type: 'string', default: 'postgres' },
    'at-once': { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
})

const price = 1004
const warmUpMs = 1_500
const afterwardsMs = 2_000
const approvedCode = '3001'

const print = (line: string): void => void process.stderr.write(`${line}\n`)
const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs))

interface Round {
  readonly acknowledged: number
  readonly lost: number
  readonly longestGapMs: number
  readonly errors: Readonly<Record<string, number>>
}

const folder = mkdtempSync(join(tmpdir(), 'sspay-patroni-'))
const network = await startSimulatedNetwork()
let cluster: PatroniCluster = await startPatroni(folder)
const storage = openPostgres({
  ...{ runtime: realRuntime, url: cluster.url, connections: 8, patienceMs: 6_000 },
  onTrouble() {},
})
const context: Context = {
  ...{ runtime: realRuntime, storage, settings: defaultSettings },
  keyRing: createKeyRing(realRuntime, quickRootKey),
  log: { info() {}, warn() {}, error() {} },
}
const gateway = { ...context, cardNetwork: network.port(defaultSettings.cardNetworkTimeoutMs) }

async function runRound(number: number): Promise<Round> {
  const answers = new Map<string, string>()
  const times: number[] = []
  const errors: Record<string, number> = {}
  let isOver = false
  const count = (kind: string): void => {
    errors[kind] = (errors[kind] ?? 0) + 1
  }
  const worker = async (lane: number): Promise<void> => {
    for (let turn = 0; !isOver; turn++) {
      try {
        const order = { amount: price, orderId: `R${number}L${lane}T${turn}` }
        const ticket = await authenticatedPayment(context, testMerchant, order)
        const answer = await approve(gateway, ticket)
        const { ResultCode } = JSON.parse(answer) as { readonly ResultCode: string }
        if (ResultCode !== approvedCode) count(ResultCode)
        else {
          times.push(performance.now())
          answers.set(ticket.transactionId, answer)
        }
      } catch (cause) {
        count(cause instanceof Error ? `${cause.name}: ${cause.message}`.slice(0, 80) : 'unknown')
      }
    }
  }
  const working = Promise.all(Array.from({ length: Number(values['at-once']) }, (_, lane) => worker(lane)))
  await pause(warmUpMs)
  const died = await leaderOf(cluster)
  if (died === undefined) throw new Error('nobody leads')
  const killedAt = performance.now()
  if (values.death === 'node') killNode(died)
  else killPostgres(died)
  while (!times.some((time) => time > killedAt + 500) && performance.now() - killedAt < 60_000) await pause(50)
  await pause(afterwardsMs)
  isOver = true
  await working
  if (values.death === 'node') cluster = startAgain(cluster, died)
  await untilSettled(cluster)
  let lost = 0
  for (const [transactionId, answer] of answers) {
    const payment = await findPayment(context, transactionId)
    if (payment?.state !== 'approved' || payment.answer !== answer) lost++
  }
  const gaps = times.map((time, index) => time - (times[index - 1] ?? time))
  return { acknowledged: answers.size, lost, longestGapMs: Math.round(Math.max(...gaps)), errors }
}

async function countWrongBooks(): Promise<number> {
  const open = `select count(*) as count from payments where state in ('approving', 'unresolved', 'reversing')`
  for (let looks = 0; looks < 60; looks++) {
    await resolveUnresolved(gateway)
    const [row] = await storage.read<{ count: number }>(open)
    if (row?.count === 0) break
    await pause(1_000)
  }
  const totals = await network.totals()
  const payments = await storage.read<{ transaction_id: string; state: string }>(
    'select transaction_id, state from payments',
  )
  return payments.filter(({ transaction_id, state }) => {
    const { charged, cancelled, reversed } = totals.get(transaction_id) ?? { charged: 0, cancelled: 0, reversed: 0 }
    return charged - cancelled - reversed !== (state === 'approved' ? price : 0)
  }).length
}

const rounds: Round[] = []
try {
  await migrate(storage)
  await saveMerchant(context, testMerchant)
  for (let number = 1; number <= Number(values.rounds); number++) {
    const round = await runRound(number)
    rounds.push(round)
    print(`round ${number}: ${JSON.stringify(round)}`)
  }
  const wrongBooks = await countWrongBooks()
  const acknowledged = rounds.reduce((sum, round) => sum + round.acknowledged, 0)
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0)
  const gaps = rounds.map(({ longestGapMs }) => longestGapMs).toSorted((left, right) => left - right)
  print(
    `${rounds.length} × ${values.death} killed: ${lost} of ${acknowledged} acknowledged approvals lost, ${wrongBooks} payments whose books differ, gap median ${gaps[gaps.length >> 1]} ms, longest ${gaps.at(-1)} ms`,
  )
  if (values.json) console.log(JSON.stringify({ death: values.death, rounds, wrongBooks }))
  if (lost > 0 || wrongBooks > 0) process.exitCode = 1
} finally {
  await storage.close()
  await network.close()
  await stopPatroni(cluster)
  rmSync(folder, { recursive: true, force: true })
}
