import { AsyncLocalStorage } from 'node:async_hooks'
import { type Gateway, type Runtime, realRuntime, type Storage, type Transaction } from '@sspay/gateway'

export type Side = 'before' | 'after'

/** Where a process can be killed: each crossing of a port, counted per request, as `approve/storage-2/after`. */
export interface Points {
  /** Names what the parent does from now on: calls of the API, and work in the background. */
  begin(label: string): void
  label(): string
  /** Runs `work` as a flow with a counting of its own. */
  run<Result>(flow: string, kind: Flow['kind'], work: () => Result): Result
  /** From now on the current flow is background work. */
  answered(): void
  isRequest(): boolean
  /** Kills this process at the named point, or at the n-th crossing. */
  arm(target: string | number | undefined): void
  cross(port: string, side: Side): void
  /** The names crossed since the last report, in order. */
  report(): readonly string[]
}

interface Flow {
  name: string
  kind: 'request' | 'background'
  readonly counts: Map<string, number>
}

const newFlow = (name: string, kind: Flow['kind']): Flow => ({ name, kind, counts: new Map() })

export function createPoints(die: () => void): Points {
  const flows = new AsyncLocalStorage<Flow>()
  let background = newFlow('start', 'background')
  let target: string | number | undefined
  let crossings = 0
  let names: string[] = []
  return {
    begin(label) {
      background = newFlow(label, 'background')
    },
    label: () => background.name,
    run: (flow, kind, work) => flows.run(newFlow(flow, kind), work),
    answered() {
      const flow = flows.getStore()
      if (flow === undefined) return
      flow.name = 'notify'
      flow.kind = 'background'
      flow.counts.clear()
    },
    isRequest: () => flows.getStore()?.kind === 'request',
    arm(next) {
      target = next
      crossings = 0
    },
    cross(port, side) {
      const { name, counts } = flows.getStore() ?? background
      const ordinal = (counts.get(`${port} ${side}`) ?? 0) + 1
      counts.set(`${port} ${side}`, ordinal)
      const point = `${name}/${port}-${ordinal}/${side}`
      names.push(point)
      crossings += 1
      if (target === point || target === crossings) die()
    },
    report() {
      const reported = names
      names = []
      return reported
    },
  }
}

/** No handler runs, nothing is flushed. */
export const killSelf = (): void => {
  process.kill(process.pid, 'SIGKILL')
}

/** Counts what is under way, so that the parent can wait for the work in the background to rest. */
export interface Activity {
  during<Result>(work: () => Promise<Result>): Promise<Result>
  atRest(): Promise<void>
}

export function createActivity(): Activity {
  let underWay = 0
  return {
    async during(work) {
      underWay += 1
      try {
        return await work()
      } finally {
        underWay -= 1
      }
    },
    async atRest() {
      for (let quiet = 0; quiet < 4; quiet = underWay === 0 ? quiet + 1 : 0) await new Promise((r) => setTimeout(r, 1))
    },
  }
}

/** `before`: every statement has run, nothing is committed. `after`: committed, and the caller has no answer. */
export const wrapStorage =
  ({ cross }: Points, activity: Activity) =>
  (storage: Storage): Storage => {
    const crossing =
      <Rest extends readonly unknown[]>(
        commit: <Result>(work: (transaction: Transaction) => Promise<Result>, ...rest: Rest) => Promise<Result>,
      ) =>
      <Result>(work: (transaction: Transaction) => Promise<Result>, ...rest: Rest): Promise<Result> =>
        activity.during(async () => {
          const result = await commit(
            async (transaction) => {
              const worked = await work(transaction)
              cross('storage', 'before')
              return worked
            },
            ...rest,
          )
          cross('storage', 'after')
          return result
        })
    return { ...storage, transact: crossing(storage.transact), changeSchema: crossing(storage.changeSchema) }
  }

/** Every request is a flow of its own, named after what it asks. */
export const wrapFetch =
  (points: Points) =>
  (fetch: Gateway['fetch']): Gateway['fetch'] =>
  async (request, ...rest) => {
    const body = request.method === 'POST' ? await request.text() : undefined
    const { url, method, headers } = request
    const whole = new Request(url, { method, headers, ...(body === undefined ? {} : { body }) })
    return points.run(flowOf(new URL(url).pathname, body, points.label()), 'request', async () => {
      const answer = await fetch(whole, ...rest)
      points.cross('answer', 'before')
      points.answered()
      return answer
    })
  }

/** A step of the window, the opening, a page, or for the API what the parent calls it. */
function flowOf(path: string, body: string | undefined, label: string): string {
  if (path.startsWith('/payment/')) return label
  if (path.endsWith('/reqPay.do')) return 'open'
  if (path.endsWith('.png')) return 'keypad'
  const step = body === undefined ? 'page' : (new URLSearchParams(body).get('step') ?? 'page')
  return label.startsWith(step) ? label : step
}

export interface CrashRuntime extends Runtime {
  advance(durationMs: number): void
  /** Runs the background work that is due by now; resolves when nothing is under way any more. */
  runDue(): Promise<void>
}

/**
 * Outgoing calls cross a port named by `nameOf`; work in the background waits for `runDue`, on a clock that can be
 * advanced.
 */
export function createCrashRuntime(
  { cross, isRequest, label, run }: Points,
  activity: Activity,
  startsAt: number,
  nameOf: (url: string) => string,
): CrashRuntime {
  let aheadMs = startsAt - Date.now()
  const held = new Set<{ readonly dueAt: number; readonly work: () => void }>()
  const nowMs = (): number => Date.now() + aheadMs
  return {
    ...realRuntime,
    now: () => new Date(nowMs()),
    fetch: (url, request) =>
      activity.during(async () => {
        const port = nameOf(url)
        cross(port, 'before')
        const answer = await realRuntime.fetch(url, request)
        cross(port, 'after')
        return answer
      }),
    schedule(delayMs, work) {
      if (isRequest()) return realRuntime.schedule(delayMs, work)
      const waiting = { dueAt: nowMs() + delayMs, work }
      held.add(waiting)
      return () => held.delete(waiting)
    },
    advance(durationMs) {
      aheadMs += durationMs
    },
    async runDue() {
      for (const waiting of [...held].filter(({ dueAt }) => dueAt <= nowMs())) {
        held.delete(waiting)
        run(label(), 'background', waiting.work)
      }
      await activity.atRest()
    },
  }
}
