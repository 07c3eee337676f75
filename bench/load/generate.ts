import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { LoadAnswer, LoadQuestion } from './generator.ts'

/** A process that makes load; see `generator.ts`. */
export interface Generator {
  readonly pid: number
  run(question: LoadQuestion): Promise<LoadAnswer>
  stop(): void
}

export function startGenerator(): Generator {
  const child = fork(new URL('./generator.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
  })
  return {
    pid: child.pid ?? Number.NaN,
    async run(question) {
      child.send(question)
      const answered = once(child, 'message')
      const ended = once(child, 'exit').then(([code]) => {
        throw new Error(`the generator ended with ${code}`)
      })
      ended.catch(() => {})
      const [answer] = await Promise.race([answered, ended])
      return answer as LoadAnswer
    },
    stop: () => void (child.connected && child.disconnect()),
  }
}
