import { startChild } from '../child.ts'
import type { Load, LoadAnswer, LoadQuestion } from './generator.ts'

/** A process that makes load; see `generator.ts`. */
export interface Generator {
  readonly pid: number
  /** Resolves when its connections are open. */
  prepare(load: Load): Promise<void>
  /** Runs the load that was prepared. */
  runPrepared(): Promise<LoadAnswer>
  run(load: Load): Promise<LoadAnswer>
  stop(): Promise<void>
}

export function startGenerator(): Generator {
  const child = startChild(new URL('./generator.ts', import.meta.url))
  const ask = <Answer>(question: LoadQuestion): Promise<Answer> => child.ask(question)
  return {
    pid: child.pid,
    prepare: (load) => ask({ ask: 'prepare', load }),
    runPrepared: () => ask({ ask: 'run' }),
    async run(load) {
      await ask({ ask: 'prepare', load })
      return ask({ ask: 'run' })
    },
    stop: () => child.stop(),
  }
}
