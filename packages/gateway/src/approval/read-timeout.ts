import type { Context } from '../context.ts'
import { pause, withinOr } from '../within.ts'
import { approvalMarginMs } from './model.ts'

type Timed = Pick<Context, 'runtime' | 'settings'>

/** Below the read time-out of ten seconds that the guide gives shops. */
const readTimeoutMs = ({ settings }: Timed): number => settings.cardNetworkTimeoutMs + approvalMarginMs

/** The answer, or `otherwise` when it takes longer than a shop waits. */
export const withinReadTimeout = (context: Timed, answer: Promise<string>, otherwise: () => string): Promise<string> =>
  withinOr(context.runtime, readTimeoutMs(context), answer, otherwise)

const pollEveryMs = 100

/** Polls, as long as a shop waits, for what another process will write; undefined when it did not. */
export async function pollWithinReadTimeout(
  context: Timed,
  read: () => Promise<string | undefined>,
): Promise<string | undefined> {
  for (let poll = 0; poll < Math.ceil(readTimeoutMs(context) / pollEveryMs); poll++) {
    const found = await read()
    if (found !== undefined) return found
    await pause(context.runtime, pollEveryMs)
  }
  return undefined
}
