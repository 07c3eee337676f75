import type { Context } from '../context.ts'
import { approvalMarginMs } from './model.ts'

type Timed = Pick<Context, 'runtime' | 'settings'>

/** Below the ten seconds that a shop written after the guide waits for the answer. */
const readTimeoutMs = ({ settings }: Timed): number => settings.cardNetworkTimeoutMs + approvalMarginMs

/** The answer, or what is said instead when it takes longer than a shop waits. */
export async function withinReadTimeout(
  context: Timed,
  answer: Promise<string>,
  otherwise: () => string,
): Promise<string> {
  const timeout = pause(context, readTimeoutMs(context))
  try {
    return await Promise.race([answer, timeout.done.then(otherwise)])
  } finally {
    timeout.stop()
  }
}

const pollEveryMs = 100

/** Looks again and again, as long as a shop waits, for what another process will write; undefined when it never did. */
export async function pollWithinReadTimeout(
  context: Timed,
  look: () => Promise<string | undefined>,
): Promise<string | undefined> {
  for (let poll = 0; poll < Math.ceil(readTimeoutMs(context) / pollEveryMs); poll++) {
    const found = await look()
    if (found !== undefined) return found
    await pause(context, pollEveryMs).done
  }
  return undefined
}

function pause({ runtime }: Timed, durationMs: number): { readonly done: Promise<void>; stop(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { done: promise, stop: runtime.schedule(durationMs, resolve) }
}
