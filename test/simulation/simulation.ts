import { type ChildProcess, fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createTally } from '../faults/world/tally.ts'
import type { WorldOrder, WorldReport } from './simulate-world.ts'

export interface SimulationOptions {
  readonly seed: string
  readonly payments: number
  readonly paymentsPerWorld: number
  /** How many processes play worlds at the same time. */
  readonly workers: number
  /** No world begins after this; without it all payments are played. */
  readonly minutes?: number | undefined
  readonly onProgress?: (progress: Progress) => void
}

export interface Progress {
  readonly payments: number
  readonly seconds: number
  readonly problems: number
}

export interface SimulationReport extends Progress {
  readonly worlds: number
  readonly cpuMsPerPayment: number
  readonly virtualHours: number
  readonly counts: Readonly<Record<string, number>>
  /** SHA-256 over the hashes of all worlds in their order, whichever process played them. */
  readonly traceHash: string
  /** The worlds that went wrong, each to be played again by its seed and its number of payments. */
  readonly broken: readonly WorldReport[]
}

/** A payment leaves much behind that is short-lived; with more room for it, less survives by accident. */
const roomForGarbage = ['--max-semi-space-size=64', '--min-semi-space-size=64']
const worker = new URL('worker.ts', import.meta.url)

/** Plays worlds in processes of their own until enough payments are made. Stops beginning new ones once one went wrong. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { workers, minutes = Number.POSITIVE_INFINITY, onProgress } = options
  const startedAt = performance.now()
  const secondsPassed = (): number => (performance.now() - startedAt) / 1_000
  const orders = worldsOf(options)
  const reports: (WorldReport | undefined)[] = orders.map(() => undefined)
  let next = 0
  let payments = 0
  let isBroken = false

  const play = async (): Promise<void> => {
    const child = fork(worker, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [...process.execArgv, ...roomForGarbage],
    })
    try {
      while (!isBroken && next < orders.length && secondsPassed() < minutes * 60) {
        const number = next++
        const report = await playIn(child, orders[number] as WorldOrder)
        reports[number] = report
        payments += report.payments
        isBroken ||= report.problems.length > 0
        onProgress?.({ payments, seconds: secondsPassed(), problems: report.problems.length })
      }
    } finally {
      child.kill()
    }
  }
  await Promise.all(Array.from({ length: workers }, play))
  return summarize(
    reports.filter((report) => report !== undefined),
    secondsPassed(),
  )
}

function worldsOf({ seed, payments, paymentsPerWorld }: SimulationOptions): readonly WorldOrder[] {
  return Array.from({ length: Math.ceil(payments / paymentsPerWorld) }, (_, number) => ({
    seed: `${seed}.${number}`,
    payments: Math.min(paymentsPerWorld, payments - number * paymentsPerWorld),
  }))
}

/** A process that ends before it answers has found something too. */
function playIn(child: ChildProcess, order: WorldOrder): Promise<WorldReport> {
  const { promise, resolve } = Promise.withResolvers<WorldReport>()
  const onEnd = (code: number | null): void =>
    resolve({
      ...order,
      problems: [`the process ended with ${code}`],
      traceHash: '',
      counts: {},
      virtualMs: 0,
      cpuMs: 0,
    })
  child.once('exit', onEnd)
  child.once('message', (report: WorldReport) => {
    child.off('exit', onEnd)
    resolve(report)
  })
  child.send(order)
  return promise
}

function summarize(reports: readonly WorldReport[], seconds: number): SimulationReport {
  const tally = createTally()
  const sum = (of: (report: WorldReport) => number): number => reports.reduce((total, report) => total + of(report), 0)
  for (const { counts } of reports) for (const [name, count] of Object.entries(counts)) tally.add(name, count)
  const payments = sum((report) => report.payments)
  return {
    payments,
    seconds,
    worlds: reports.length,
    problems: sum(({ problems }) => problems.length),
    cpuMsPerPayment: sum(({ cpuMs }) => cpuMs) / payments,
    virtualHours: sum(({ virtualMs }) => virtualMs) / 3_600_000,
    counts: tally.counts(),
    traceHash: createHash('sha256')
      .update(reports.map(({ traceHash }) => traceHash).join('\n'))
      .digest('hex'),
    broken: reports.filter(({ problems }) => problems.length > 0),
  }
}

/** The line that plays one world again, as a shell takes it. */
export const replayCommand = ({ seed, payments }: WorldOrder): string =>
  `npm run simulate -- --replay=${quoted(seed)} --payments=${payments}`

const quoted = (word: string): string => (/^[\w.,:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
