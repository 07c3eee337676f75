import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { Ticket } from '../../test/support/quick-payment.ts'
import { countOwnCpu } from '../usage.ts'
import { type ConnectionOptions, type KeptConnections, keepConnections, writeRequest } from './kept-connections.ts'
import { runOpenLoop } from './open-loop.ts'

/** Asked by messages, one load at a time. */
export type LoadQuestion = { readonly ask: 'prepare'; readonly load: Load } | { readonly ask: 'run' }

/** A load of approvals from a process of its own. */
export interface Load extends ConnectionOptions {
  readonly url: string
  /** One ticket per buyer. A ticket whose approval was shed is sent again later. */
  readonly tickets: readonly Ticket[]
  readonly connections: number
  /** One after the other, on the same connections. */
  readonly stages: readonly Stage[]
}

export interface Stage {
  readonly seconds: number
  /**
   * Requests that are due each second, whether earlier ones are answered or not. Without it a connection asks again
   * once it is answered, and the stage also ends when there are no more tickets.
   */
  readonly perSecond?: number
}

export interface LoadAnswer {
  readonly stages: readonly StageFigures[]
  /** Transaction ids of what was approved. */
  readonly approved: readonly string[]
  readonly cpuMicros: number
}

/**
 * Times in milliseconds; those of a request run from when it was due, so they hold what the generator itself was late.
 */
export interface StageFigures {
  readonly seconds: number
  readonly due: number
  /** Due, and never sent: every connection was waiting for an answer. */
  readonly unsent: number
  /** When each request that was sent was due, and how long after that it was written. */
  readonly sentDueAt: readonly number[]
  readonly lateMs: readonly number[]
  readonly approvedDueAt: readonly number[]
  readonly approvedMs: readonly number[]
  readonly shedMs: readonly number[]
  /**
   * How long each turn of the generator took. By no more than one of them it is late by itself, both to write and to
   * read.
   */
  readonly turnMs: readonly number[]
  /** How often, by code, status or the sentence of an error. */
  readonly others: Readonly<Record<string, number>>
}

const path = '/payment/approval/urlCallApproval.do'
const [approvedCode, overloadedCode] = ['3001', 'S901']

/**
 * From here on the generator looks once a millisecond, and not whenever an answer comes: to wake it would cost the
 * server more than to answer.
 */
const manyPerSecond = 1_000
const lookEveryMs = 1
const neverWoken = new Int32Array(new SharedArrayBuffer(4))

interface WrittenRequest {
  readonly ticket: Ticket
  readonly bytes: Buffer
}

type Figures = { -readonly [Name in keyof StageFigures]: StageFigures[Name] } & {
  readonly sentDueAt: number[]
  readonly lateMs: number[]
  readonly approvedDueAt: number[]
  readonly approvedMs: number[]
  readonly shedMs: number[]
  readonly others: Record<string, number>
}

const emptyFigures = (seconds: number): Figures => ({
  seconds,
  due: 0,
  unsent: 0,
  sentDueAt: [],
  lateMs: [],
  approvedDueAt: [],
  approvedMs: [],
  shedMs: [],
  turnMs: [],
  others: {},
})

interface Prepared {
  run(): Promise<LoadAnswer>
}

async function prepare({ url, tickets, connections, stages, ...options }: Load): Promise<Prepared> {
  const address = new URL(url)
  const bodyOf = ({ transactionId: Tid, approvalTicket: TrAuthKey }: Ticket): string =>
    JSON.stringify({ Tid, TrAuthKey })
  const queue = createQueue(tickets.map((ticket) => ({ ticket, bytes: writeRequest(address, path, bodyOf(ticket)) })))
  const kept = keepConnections(address, connections, options)
  await kept.openAll()
  return {
    async run() {
      const approved: string[] = []
      const ownMicros = countOwnCpu()
      const figures: Figures[] = []
      for (const stage of stages) figures.push(await runStage(stage, { kept, queue, approved }))
      const cpuMicros = ownMicros()
      kept.close()
      return { stages: figures, approved, cpuMicros }
    },
  }
}

interface Way {
  readonly kept: KeptConnections
  readonly queue: Queue
  readonly approved: string[]
}

interface Queue {
  isEmpty(): boolean
  take(): WrittenRequest | undefined
  putBack(request: WrittenRequest): void
}

function createQueue(items: readonly WrittenRequest[]): Queue {
  const all = [...items]
  let first = 0
  return {
    isEmpty: () => first === all.length,
    take: () => all[first++],
    putBack: (request) => void all.push(request),
  }
}

async function runStage({ seconds, perSecond }: Stage, way: Way): Promise<Figures> {
  const figures = emptyFigures(seconds)
  const startedAt = performance.now()
  const sendDueAt = (dueAt: number): Promise<void> | undefined => send(way, figures, { startedAt, dueAt })
  if (perSecond === undefined) {
    const isEnd = (): boolean => performance.now() - startedAt >= seconds * 1000 || way.queue.isEmpty()
    await sendInTurn(() => (isEnd() ? undefined : sendDueAt(performance.now() - startedAt)))
    return { ...figures, due: figures.sentDueAt.length, seconds: (performance.now() - startedAt) / 1000 }
  }
  const running: Promise<void>[] = []
  const counts = await runOpenLoop(
    { seconds, perSecond },
    {
      now: () => performance.now(),
      nextTurn: (turnedAt) => waitForTurn(perSecond, turnedAt),
      send(dueAt) {
        const one = sendDueAt(dueAt)
        if (one !== undefined) running.push(one)
        return one !== undefined
      },
    },
  )
  await Promise.all(running)
  return { ...figures, ...counts }
}

async function waitForTurn(perSecond: number, turnedAt: number): Promise<void> {
  if (perSecond < manyPerSecond) return pause(lookEveryMs)
  await nextTurn()
  Atomics.wait(neverWoken, 0, 0, Math.max(0, lookEveryMs - (performance.now() - turnedAt)))
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

/** Undefined when no connection is free. */
function send(
  { kept, queue, approved }: Way,
  figures: Figures,
  { startedAt, dueAt }: { readonly startedAt: number; readonly dueAt: number },
): Promise<void> | undefined {
  const connection = kept.free()
  if (connection === undefined) return undefined
  const request = queue.take()
  if (request === undefined) throw new Error('there are no more tickets')
  figures.sentDueAt.push(dueAt)
  figures.lateMs.push(performance.now() - startedAt - dueAt)
  return connection.ask(request.bytes).then(
    ({ status, body }) => {
      const tookMs = performance.now() - startedAt - dueAt
      const code = /"ResultCode":"(\w+)"/.exec(body)?.[1]
      if (code === approvedCode) {
        figures.approvedDueAt.push(dueAt)
        figures.approvedMs.push(tookMs)
        approved.push(request.ticket.transactionId)
      } else if (code === overloadedCode && status === 200) {
        figures.shedMs.push(tookMs)
        queue.putBack(request)
      } else count(figures, code ?? `HTTP ${status}`)
    },
    (cause: Error) => count(figures, cause.message),
  )
}

const count = ({ others }: Figures, what: string): void => {
  others[what] = (others[what] ?? 0) + 1
}

let prepared: Prepared | undefined
process.on('message', async (question: LoadQuestion) => {
  if (question.ask === 'prepare') {
    prepared = await prepare(question.load)
    process.send?.({})
  } else process.send?.(await prepared?.run())
})
process.once('disconnect', () => process.exit())
