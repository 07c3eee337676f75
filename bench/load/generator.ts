import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { Ticket } from '../../test/support/quick-payment.ts'
import { countOwnCpu } from '../usage.ts'
import { type KeptConnections, keepConnections, writeRequest } from './kept-connections.ts'

/** A load of approvals from a process of its own. Asked by messages, one load at a time. */
export interface LoadQuestion {
  readonly url: string
  /** Of which each is one buyer's; one that was refused is sent again later. */
  readonly tickets: readonly Ticket[]
  readonly connections: number
  /** One after the other, on the same connections. */
  readonly stages: readonly Stage[]
}

export interface Stage {
  readonly seconds: number
  /**
   * Requests that are due each second, whether earlier ones are answered or not. Without it a connection asks again once it is answered, and the
   * stage also ends when there are no more tickets.
   */
  readonly perSecond?: number
}

export interface LoadAnswer {
  readonly stages: readonly StageFigures[]
  /** Transaction ids of what was approved. */
  readonly approved: readonly string[]
  readonly cpuMicros: number
}

/** Times in milliseconds; those of a request run from when it was due, not from when a connection was free for it. */
export interface StageFigures {
  readonly seconds: number
  readonly sent: number
  /** Due, and never sent: every connection was waiting, or there was no ticket. */
  readonly unsent: number
  readonly approvedDueAt: readonly number[]
  readonly approvedMs: readonly number[]
  readonly refusedMs: readonly number[]
  /** How long after it was due each request was written, in the order in which they were due: the generator was late, or no connection was free. */
  readonly lateMs: readonly number[]
  /** How long each turn of the generator took. By no more than one of them it is late by itself, both to write and to read. */
  readonly turnMs: readonly number[]
  /** How often, by code, status or the sentence of an error. */
  readonly others: Readonly<Record<string, number>>
}

const path = '/payment/approval/urlCallApproval.do'
const [approvedCode, overloadedCode] = ['3001', 'S901']

/** From here on the generator looks once a millisecond, and not whenever an answer comes: to wake it would cost the server more than to answer. */
const manyPerSecond = 1_000
const lookEveryMs = 1
const neverWoken = new Int32Array(new SharedArrayBuffer(4))

interface Prepared {
  readonly ticket: Ticket
  readonly bytes: Buffer
}

type Figures = { -readonly [Name in keyof StageFigures]: StageFigures[Name] } & {
  readonly approvedDueAt: number[]
  readonly approvedMs: number[]
  readonly refusedMs: number[]
  readonly lateMs: number[]
  readonly turnMs: number[]
  readonly others: Record<string, number>
}

const emptyFigures = (seconds: number): Figures => ({
  ...{ seconds, sent: 0, unsent: 0 },
  ...{ approvedDueAt: [], approvedMs: [], refusedMs: [], lateMs: [], turnMs: [], others: {} },
})

async function runLoad({ url, tickets, connections, stages }: LoadQuestion): Promise<LoadAnswer> {
  const address = new URL(url)
  const bodyOf = ({ transactionId: Tid, approvalTicket: TrAuthKey }: Ticket): string =>
    JSON.stringify({ Tid, TrAuthKey })
  const queue = createQueue(tickets.map((ticket) => ({ ticket, bytes: writeRequest(address, path, bodyOf(ticket)) })))
  const kept = keepConnections(address, connections)
  await kept.openAll()
  const approved: string[] = []
  const ownMicros = countOwnCpu()
  const figures: Figures[] = []
  for (const stage of stages) figures.push(await runStage(stage, { kept, queue, approved }))
  const cpuMicros = ownMicros()
  kept.close()
  return { stages: figures, approved, cpuMicros }
}

interface Way {
  readonly kept: KeptConnections
  readonly queue: Queue
  readonly approved: string[]
}

interface Queue {
  isEmpty(): boolean
  take(): Prepared | undefined
  putBack(prepared: Prepared): void
}

function createQueue(items: readonly Prepared[]): Queue {
  const all = [...items]
  let first = 0
  return {
    isEmpty: () => first === all.length,
    take: () => all[first++],
    putBack: (prepared) => void all.push(prepared),
  }
}

async function runStage({ seconds, perSecond }: Stage, way: Way): Promise<Figures> {
  const figures = emptyFigures(seconds)
  const startedAt = performance.now()
  const isOver = (): boolean => performance.now() - startedAt >= seconds * 1000
  const sendDueAt = (dueAt: number): Promise<void> | undefined => send(way, figures, { startedAt, dueAt })
  if (perSecond === undefined) {
    const isEnd = (): boolean => isOver() || way.queue.isEmpty()
    await sendInTurn(() => (isEnd() ? undefined : sendDueAt(performance.now() - startedAt)))
    figures.seconds = (performance.now() - startedAt) / 1000
  } else {
    const dueInAll = Math.floor(seconds * perSecond)
    const running: Promise<void>[] = []
    while (!isOver()) {
      const turnedAt = performance.now()
      const dueByNow = Math.min(dueInAll, ((turnedAt - startedAt) / 1000) * perSecond)
      while (running.length < dueByNow) {
        const one = sendDueAt((running.length * 1000) / perSecond)
        if (one === undefined) break
        running.push(one)
      }
      if (perSecond < manyPerSecond) await pause(lookEveryMs)
      else {
        await nextTurn()
        Atomics.wait(neverWoken, 0, 0, Math.max(0, lookEveryMs - (performance.now() - turnedAt)))
      }
      figures.turnMs.push(performance.now() - turnedAt)
    }
    figures.unsent = dueInAll - running.length
    await Promise.all(running)
  }
  return figures
}

/** As many at once as can be sent, and another one for each that ends. */
async function sendInTurn(sendNext: () => Promise<void> | undefined): Promise<void> {
  const lanes: Promise<void>[] = []
  const keepOn = async (first: Promise<void>): Promise<void> => {
    for (let one: Promise<void> | undefined = first; one !== undefined; one = sendNext()) await one
  }
  for (let first = sendNext(); first !== undefined; first = sendNext()) lanes.push(keepOn(first))
  await Promise.all(lanes)
}

/** Undefined when nothing can be sent now. */
function send(
  { kept, queue, approved }: Way,
  figures: Figures,
  { startedAt, dueAt }: { readonly startedAt: number; readonly dueAt: number },
): Promise<void> | undefined {
  const connection = kept.free()
  if (connection === undefined) return undefined
  const prepared = queue.take()
  if (prepared === undefined) throw new Error('there are no more tickets')
  figures.sent++
  figures.lateMs.push(performance.now() - startedAt - dueAt)
  return connection.ask(prepared.bytes).then(
    ({ status, body }) => {
      const tookMs = performance.now() - startedAt - dueAt
      const code = /"ResultCode":"(\w+)"/.exec(body)?.[1]
      if (code === approvedCode) {
        figures.approvedDueAt.push(dueAt)
        figures.approvedMs.push(tookMs)
        approved.push(prepared.ticket.transactionId)
      } else if (code === overloadedCode && status === 200) {
        figures.refusedMs.push(tookMs)
        queue.putBack(prepared)
      } else count(figures, code ?? `HTTP ${status}`)
    },
    (cause: Error) => count(figures, cause.message),
  )
}

const count = ({ others }: Figures, what: string): void => {
  others[what] = (others[what] ?? 0) + 1
}

process.on('message', async (question: LoadQuestion) => {
  process.send?.(await runLoad(question))
})
