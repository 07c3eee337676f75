import { setTimeout as pause } from 'node:timers/promises'
import { askConsole } from '../command-line/ask-console.ts'
import type { WrittenCall } from './describe-call.ts'

const pollEveryMs = 400
const mostAtOnce = 500

export interface Following {
  /** Of the console's list, without the query. */
  readonly url: string
  /** Which calls; what the console's filter takes. */
  readonly filter: Readonly<Record<string, string>>
  /** How many of those that are there already come first. */
  readonly first: number
  readonly stopping: AbortSignal
  /** Told once when nobody answers any more, and not again before somebody has. */
  onSilence(): void
}

/** The newest calls, then each new one as it ends. Yields nothing and returns false when nobody answers at the start. */
export async function* followCalls(following: Following): AsyncGenerator<WrittenCall, boolean> {
  const { first, stopping } = following
  const newest = await askCalls(following, { limit: String(first) })
  if (newest === undefined) return false
  const known = newest.toReversed()
  yield* known
  let after = known.at(-1)?.id ?? 0
  let isSilent = false
  while (!stopping.aborted) {
    await pause(pollEveryMs, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) break
    const found = await askCalls(following, { after: String(after), limit: String(mostAtOnce) })
    if (found === undefined && !isSilent) following.onSilence()
    isSilent = found === undefined
    yield* found ?? []
    after = found?.at(-1)?.id ?? after
  }
  return true
}

async function askCalls(
  { url, filter }: Following,
  more: Readonly<Record<string, string>>,
): Promise<readonly WrittenCall[] | undefined> {
  const answer = await askConsole<{ readonly requests?: readonly WrittenCall[] }>(
    `${url}?${new URLSearchParams({ ...filter, ...more })}`,
  )
  return answer?.json.requests
}
