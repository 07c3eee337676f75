import { type ChildProcess, fork } from 'node:child_process'

interface Played {
  readonly problems: readonly string[]
}

export interface PlayOptions<Order, Report extends Played> {
  /** The module that answers each order with its report. */
  readonly worker: URL
  readonly orders: readonly Order[]
  /** How many processes play runs at the same time. */
  readonly workers: number
  /** Whether another run may begin. */
  readonly mayBegin: () => boolean
  /** The report of a process that ended before it answered. */
  readonly reportOfEnd: (order: Order, problem: string) => Report
  readonly onReport: (report: Report) => void
}

/** A payment leaves much behind that is short-lived; with more room for it, less survives by accident. */
const roomForGarbage = ['--max-semi-space-size=64', '--min-semi-space-size=64']

/**
 * Plays runs in processes of their own. Stops beginning new ones once one went wrong. The reports stand in the order of
 * the orders.
 */
export async function playRuns<Order extends object, Report extends Played>(
  options: PlayOptions<Order, Report>,
): Promise<readonly Report[]> {
  const { worker, orders, workers, mayBegin, onReport } = options
  const reports: (Report | undefined)[] = orders.map(() => undefined)
  let next = 0
  let isBroken = false

  const play = async (): Promise<void> => {
    const child = fork(worker, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [...process.execArgv, ...roomForGarbage],
    })
    try {
      while (!isBroken && next < orders.length && mayBegin()) {
        const number = next++
        const report = await playIn(child, orders[number] as Order, options)
        reports[number] = report
        isBroken ||= report.problems.length > 0
        onReport(report)
      }
    } finally {
      child.kill()
    }
  }
  await Promise.all(Array.from({ length: workers }, play))
  return reports.filter((report) => report !== undefined)
}

/** A process that ends before it answers has found something too. */
function playIn<Order extends object, Report extends Played>(
  child: ChildProcess,
  order: Order,
  { reportOfEnd }: Pick<PlayOptions<Order, Report>, 'reportOfEnd'>,
): Promise<Report> {
  const { promise, resolve } = Promise.withResolvers<Report>()
  const onEnd = (code: number | null): void => resolve(reportOfEnd(order, `the process ended with ${code}`))
  child.once('exit', onEnd)
  child.once('message', (report: Report) => {
    child.off('exit', onEnd)
    resolve(report)
  })
  child.send(order)
  return promise
}

/** A word as a shell takes it. */
export const quoted = (word: string): string =>
  /^[\w.,:/@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
