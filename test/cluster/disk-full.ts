import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Context,
  createKeyRing,
  defaultSettings,
  migrate,
  openSqlite,
  realRuntime,
  saveMerchant,
} from '@sspay/gateway'
import { findPayment } from '../../packages/gateway/src/approval/store.ts'
import { testMerchant } from '../../packages/sandbox/src/test-merchant.ts'
import { authenticatedPayment, quickRootKey, type Ticket } from '../support/quick-payment.ts'
import { startSimulatedNetwork } from '../support/simulated-network.ts'
import { approveAt, startGateway } from './gateways.ts'

/** A gateway as an operator starts it, whose data folder is a small disk that fills up and is emptied. Needs root: it mounts a tmpfs. */
const megabytes = 8
const price = 1004
const count = 150

const folder = mkdtempSync(join(tmpdir(), 'sspay-full-'))

async function withContext<Result>(work: (context: Context) => Promise<Result>): Promise<Result> {
  const storage = await openSqlite(join(folder, 'gateway.db'))
  try {
    const log = { info() {}, warn() {}, error() {} }
    const keyRing = createKeyRing(realRuntime, quickRootKey)
    return await work({ runtime: realRuntime, storage, keyRing, log, settings: defaultSettings })
  } finally {
    await storage.close()
  }
}

function fillDisk(): void {
  for (const size of [1 << 20, 1 << 12]) {
    for (let file = 0; ; file++) {
      try {
        writeFileSync(join(folder, `filler-${size}-${file}`), Buffer.alloc(size, 1))
      } catch {
        break
      }
    }
  }
}

const emptyDisk = (): void => void execFileSync('find', [folder, '-name', 'filler-*', '-delete'])

const readinessOf = async (url: string): Promise<string> => {
  const answer = await fetch(`${url}/readyz`)
  return `${answer.status} ${(await answer.text()).trim()}`
}

execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
const network = await startSimulatedNetwork()
try {
  const tickets = await withContext(async (context) => {
    await migrate(context.storage)
    await saveMerchant(context, testMerchant)
    const made: Ticket[] = []
    for (let at = 0; at < count; at++)
      made.push(await authenticatedPayment(context, testMerchant, { amount: price, orderId: `FULL${at}` }))
    return made
  })
  const gateway = await startGateway({ place: { SSPAY_DATA: folder }, cardNetworkUrl: network.url })
  const { url } = gateway
  const codes = new Map<Ticket, string>()
  for (const ticket of tickets.slice(0, 30)) codes.set(ticket, await approveAt(url, ticket))
  fillDisk()
  for (const ticket of tickets.slice(30, 120)) codes.set(ticket, await approveAt(url, ticket))
  const whenFull = await readinessOf(url)
  emptyDisk()
  const emptiedAt = performance.now()
  let servedAgainMs = Number.NaN
  for (const ticket of tickets.slice(120)) {
    codes.set(ticket, await approveAt(url, ticket))
    if (codes.get(ticket) === '3001' && Number.isNaN(servedAgainMs)) servedAgainMs = performance.now() - emptiedAt
  }
  const whenEmptied = await readinessOf(url)
  // What was asked for and could not be recorded is found by the work in the background 8.5 s later.
  await pause(14_000)
  const isAlive = gateway.isRunning()
  await gateway.stop()
  const totals = await network.totals()
  const faults = await withContext(async (context) => {
    const found: string[] = []
    for (const ticket of tickets) {
      const state = (await findPayment(context, ticket.transactionId))?.state
      const { charged = 0, reversed = 0 } = totals.get(ticket.transactionId) ?? {}
      const isLost = codes.get(ticket) === '3001' && state !== 'approved'
      const isWrong = charged - reversed !== (state === 'approved' ? price : 0)
      if (isLost || isWrong)
        found.push(`${ticket.transactionId} was told ${codes.get(ticket)}, is ${state}, ${charged} charged`)
    }
    return found
  })
  const tally = Object.groupBy(codes.values(), (code) => code)
  const told = Object.fromEntries(Object.entries(tally).map(([code, all]) => [code, all?.length]))
  console.log(
    JSON.stringify({ told, whenFull, whenEmptied, servedAgainMs: Math.round(servedAgainMs), isAlive, faults }, null, 2),
  )
  if (faults.length > 0 || !isAlive) process.exitCode = 1
} finally {
  await network.close()
  execFileSync('/bin/umount', [folder])
  if (process.exitCode === undefined) rmdirSync(folder)
  else rmSync(folder, { recursive: true, force: true })
}
