import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ticket } from '../support/quick-payment.ts'

/** Commands of the parent process to a child. */
export type Command =
  | { readonly verb: 'begin'; readonly flow: string }
  | { readonly verb: 'arm'; readonly target?: string | number | undefined }
  | { readonly verb: 'report' }
  | { readonly verb: 'advance'; readonly durationMs: number }
  | { readonly verb: 'run-due' }
  | {
      readonly verb: 'pay'
      readonly amount: number
      readonly orderId: string
      readonly customerId: string
      readonly cardNumber: string
    }
  | {
      readonly verb: 'register'
      readonly customerId: string
      readonly cardNumber: string
      readonly password: string
    }
  | { readonly verb: 'order'; readonly orderId: string; readonly amount: number }
  | { readonly verb: 'give-up'; readonly orderId: string }
  | { readonly verb: 'recover' }
  | { readonly verb: 'stop' }

// biome-ignore lint/suspicious/noConfusingVoidType: a verb without an answer has none.
type Nothing = void

export interface Answers {
  readonly begin: Nothing
  readonly arm: Nothing
  readonly report: readonly string[]
  readonly advance: Nothing
  readonly 'run-due': Nothing
  readonly pay: Ticket
  readonly register: Nothing
  readonly order: Nothing
  readonly 'give-up': Nothing
  /** Open work and its reason. */
  readonly recover: readonly string[]
  readonly stop: Nothing
}

/** The child was killed while something was asked of it. */
export class Killed extends Error {
  constructor() {
    super('the process was killed')
    this.name = 'Killed'
  }
}

export interface Child {
  readonly url: string
  isGone(): boolean
  /** Rejects with {@link Killed} when the child dies over it. */
  ask<C extends Command>(command: C): Promise<Answers[C['verb']]>
  /** Resolves when the process has ended; throws when it ended in another way than by SIGKILL. */
  gone(): Promise<void>
  stop(): Promise<void>
}

const { NODE_COMPILE_CACHE = join(tmpdir(), 'sspay-compile-cache') } = process.env

/** Starts a program of this folder with one JSON argument and waits for its address. */
export async function startChild(program: URL, options: unknown): Promise<Child> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', program.pathname, JSON.stringify(options)],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, NODE_COMPILE_CACHE, NODE_TEST_CONTEXT: '' },
    },
  )
  const ended = once(child, 'exit')
  const waiting = new Map<number, { resolve(result: never): void; reject(cause: unknown): void }>()
  const started = Promise.withResolvers<string>()
  child.on('message', (message: { url?: string; id?: number; result?: never; error?: string }) => {
    if (message.url !== undefined) return started.resolve(message.url)
    const asked = waiting.get(message.id ?? 0)
    waiting.delete(message.id ?? 0)
    if (message.error === undefined) asked?.resolve(message.result as never)
    else asked?.reject(new Error(message.error))
  })
  child.on('exit', (exitCode, signal) => {
    const fault = new Error(`the process ended with ${exitCode ?? signal} before it had started`)
    started.reject(signal === 'SIGKILL' ? new Killed() : fault)
    for (const { reject } of waiting.values()) reject(new Killed())
    waiting.clear()
  })
  return { ...remote(child, waiting, ended), url: await started.promise }
}

function remote(
  child: ChildProcess,
  waiting: Map<number, { resolve(result: never): void; reject(cause: unknown): void }>,
  ended: Promise<unknown>,
): Omit<Child, 'url'> {
  let asked = 0
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null
  const ask = <C extends Command>(command: C): Promise<Answers[C['verb']]> =>
    new Promise((resolve, reject) => {
      if (isGone() || !child.connected) return reject(new Killed())
      asked += 1
      waiting.set(asked, { resolve: resolve as (result: never) => void, reject })
      child.send({ id: asked, command }, (error) => {
        if (error !== null) reject(new Killed())
      })
    })
  return {
    isGone,
    ask,
    async gone() {
      await ended
      if (child.signalCode !== 'SIGKILL')
        throw new Error(`the process ended with ${child.exitCode ?? child.signalCode}`)
    },
    async stop() {
      if (isGone()) return
      await ask({ verb: 'stop' }).catch(() => undefined)
      const stuck = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(stuck)
    },
  }
}
