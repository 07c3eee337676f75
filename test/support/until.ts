import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'

export interface UntilOptions {
  /** Milliseconds. Generous: it is reached only by what never happens. */
  readonly deadline?: number
  /** What is waited for, as the error names it. */
  readonly what?: string | (() => string)
  /** Milliseconds between two looks. */
  readonly every?: number
}

type Falsy = false | 0 | 0n | '' | null | undefined

/** Polls until the condition is truthy and returns its value. An error in the condition counts as "not yet". */
export async function until<Value>(
  condition: () => Value | Promise<Value>,
  { deadline = 30_000, what = 'the condition', every = 10 }: UntilOptions = {},
): Promise<Exclude<Value, Falsy>> {
  const endsAt = performance.now() + deadline
  for (;;) {
    const isLastLook = performance.now() >= endsAt
    const { value, error } = await look(condition)
    if (isTruthy(value)) return value
    if (isLastLook) {
      const last = error === undefined ? `last: ${inspect(value)}` : `last error: ${inspect(error)}`
      const name = typeof what === 'string' ? what : what()
      throw new Error(`not within ${deadline} ms: ${name} (${last})`, { cause: error })
    }
    await pause(every)
  }
}

const isTruthy = <Value>(value: Value): value is Exclude<Value, Falsy> => Boolean(value)

async function look<Value>(
  condition: () => Value | Promise<Value>,
): Promise<{ readonly value?: Value; readonly error?: unknown }> {
  try {
    return { value: await condition() }
  } catch (error) {
    return { error }
  }
}
