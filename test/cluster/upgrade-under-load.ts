import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { realRuntime } from '@sspay/gateway'
import pg from 'pg'
import { openPostgres } from '../../packages/gateway/src/storage/postgres.ts'
import { quickRootKey } from '../support/quick-payment.ts'
import { until } from '../support/until.ts'
import { type LoadReport, openApprovalLoad, type RunningLoad } from './approval-load.ts'
import { approveAt, type GatewayProcess, startGateway } from './gateways.ts'
import { makeNextVersion, nextMigration } from './next-version.ts'

export interface UpgradeOptions {
  /** An empty database. */
  readonly databaseUrl: string
  /** How long another session holds a transaction that has read the payments, such as a backup. */
  readonly readerMs: number
  /** Rows in the table that is changed. */
  readonly payments: number
  readonly lanes: number
  /**
   * `tool`: alters the table as any tool would, without a limit on its wait for the reader. It shows that the proof
   * finds a gap.
   */
  readonly migrateBy: 'command' | 'tool'
}

export interface UpgradeReport extends LoadReport {
  readonly payments: number
  readonly wrongLedgers: number
  /** From its start to its end, of which it waited for the reader. */
  readonly migrationMs: number
  /** Approvals beside the reader, from half a second after the start of the migration on. */
  readonly besideReader: number
  readonly readiness: ReadinessReport
}

/** What `/readyz` of the gateway that serves answered every 100 ms. */
interface ReadinessReport {
  /** Though no approval was acknowledged in the last 3 s. */
  readonly falselyReady: number
  /** Though an approval was acknowledged in the last half second. */
  readonly falselyNotReady: number
  /** While none was acknowledged. */
  readonly rightlyNotReady: number
}

/**
 * Upgrades a gateway to the next version and back, while shops approve payments: first its tables, then another process
 * beside it, to which the shops switch once it is ready.
 */
export async function upgradeUnderLoad(options: UpgradeOptions): Promise<UpgradeReport> {
  const { databaseUrl, readerMs, lanes, migrateBy } = options
  await using next = await makeNextVersion()
  const storage = openPostgres({
    runtime: realRuntime,
    url: databaseUrl,
    connections: 2 * lanes,
    retryBudgetMs: 60_000,
    onError() {},
  })
  let serving: GatewayProcess | undefined
  const load = await openApprovalLoad(storage, (ticket) => approveAt(serving?.url ?? '', ticket))
  await addPayments(databaseUrl, options.payments)
  const place = { SSPAY_DATABASE_URL: databaseUrl, SSPAY_DRAIN_SECONDS: '1' }

  /** Starts a gateway beside the one that serves, and ends that one. */
  async function switchTo(program?: string): Promise<void> {
    const before = serving
    const gateway = await startGateway({ place, cardNetworkUrl: load.cardNetworkUrl, ...(program && { program }) })
    await until(() => isReady(gateway), { what: 'a gateway that is ready', every: 50 })
    serving = gateway
    await before?.stop()
  }

  try {
    await switchTo()
    const running = load.start(lanes)
    await running.acknowledgedAfter(performance.now())
    const watching = watchReadiness(running, () => serving)
    const reader = await readLong(databaseUrl, readerMs)
    const startedAt = performance.now()
    const migrating = migrateBy === 'command' ? migrate(next.program, databaseUrl) : alterByTool(databaseUrl)
    const migrated = migrating.then(() => Math.round(performance.now() - startedAt))
    const counted = [pause(500), reader.ended].map((moment) => moment.then(() => running.acknowledged()))
    const [migrationMs, [before = 0, after = 0]] = await Promise.all([migrated, Promise.all(counted)])
    await switchTo(next.program)
    await running.acknowledgedAfter(performance.now())
    await switchTo()
    await running.acknowledgedAfter(performance.now())
    const readiness = await watching.stop()
    const report = await running.stop()
    const wrongLedgers = await load.countWrongLedgers()
    return { ...report, payments: options.payments, wrongLedgers, migrationMs, besideReader: after - before, readiness }
  } finally {
    await serving?.stop()
    await load.close()
    await storage.close()
  }
}

/** Old payments, so that the index takes its time. */
const addPayments = (url: string, count: number): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(
      `insert into payments (transaction_id, merchant_id, order_id, amount, state, request_public, request_encrypted,
         requested_at, state_changed_at, window_expires_at, authenticated_at, event_sequence, event_hash)
       select 'old' || n, 'merchant' || n % 100, 'ORDER' || n, 1004, 'expired', repeat('x', 300), repeat('y', 300),
         n, n, n, n, 1, ''
       from generate_series(1, $1::integer) n`,
      [count],
    )
    await client.query('analyze payments')
  })

/** Resolves once the transaction has read. */
async function readLong(url: string, forMs: number): Promise<{ readonly ended: Promise<void> }> {
  const begun = Promise.withResolvers<void>()
  const ended = withClient(url, async (client) => {
    await client.query('begin')
    await client.query('select count(*) from payments')
    begun.resolve()
    await pause(forMs)
    await client.query('commit')
  })
  await Promise.race([begun.promise, ended])
  return { ended }
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function migrate(program: string, databaseUrl: string): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, 'migrate', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH ?? '',
      SSPAY_DATABASE_URL: databaseUrl,
      SSPAY_ROOT_KEY: quickRootKey.expose(),
    },
  })
  const ended = once(child, 'exit')
  const written = await text(child.stdout)
  const [exitCode] = await ended
  if (exitCode !== 0 || !written.includes(nextMigration))
    throw new Error(`sspay-gateway migrate ended with ${exitCode}: ${written}`)
}

const alterByTool = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query('alter table payments add column if not exists note_of_a_tool text')
  })

const isReady = (gateway: GatewayProcess | undefined): Promise<boolean> =>
  fetch(`${gateway?.url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )

const longestGapMs = 3_000
const goesWellMs = 500

function watchReadiness(running: RunningLoad, serving: () => GatewayProcess | undefined) {
  let isOver = false
  const report = { falselyReady: 0, falselyNotReady: 0, rightlyNotReady: 0 }
  const watch = async (): Promise<void> => {
    while (!isOver) {
      const before = running.lastAt()
      const isServing = await isReady(serving())
      const silentMs = performance.now() - running.lastAt()
      if (isServing) report.falselyReady += Number(performance.now() - before > longestGapMs && silentMs > longestGapMs)
      else if (silentMs < goesWellMs) report.falselyNotReady++
      else report.rightlyNotReady++
      await pause(100)
    }
  }
  const watching = watch()
  return {
    async stop(): Promise<typeof report> {
      isOver = true
      await watching
      return report
    },
  }
}
