import { fork } from 'node:child_process'
import { once } from 'node:events'
import { basename } from 'node:path'

/**
 * A module in a process of its own, so that its CPU and its memory are its own. It ends when its parent disconnects.
 */
export interface Child {
  readonly pid: number
  /** The next message; rejects when the process ends before. */
  receive<Answer>(): Promise<Answer>
  /** Sends a question and resolves with the answer. One at a time. */
  ask<Answer>(question: object): Promise<Answer>
  stop(): Promise<void>
}

export function startChild(module: URL, args: readonly string[] = []): Child {
  const child = fork(module, args, { execArgv: ['--disable-warning=ExperimentalWarning'], serialization: 'advanced' })
  const ended = once(child, 'exit')
  const failed = ended.then(([code]) => {
    throw new Error(`${basename(module.pathname)} ended with ${code}`)
  })
  failed.catch(() => {})
  const receive = async <Answer>(): Promise<Answer> => {
    const [message] = await Promise.race([once(child, 'message'), failed])
    return message as Answer
  }
  return {
    pid: child.pid ?? Number.NaN,
    receive,
    ask(question) {
      const answer = receive<never>()
      child.send(question)
      return answer
    },
    async stop() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}
