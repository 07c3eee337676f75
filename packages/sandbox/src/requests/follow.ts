import { setTimeout as pause } from 'node:timers/promises'
import { askConsole } from '../command-line/ask-console.ts'
import type { WrittenCall } from './describe-call.ts'

const pollIntervalMs = 400
const maxPerPoll = 500

export interface Following {
  /** The console's list of calls, without a query. */
  readonly url: string
  /** Query parameters of the console's filter. */
  readonly filter: Readonly<Record<string, string>>
  /** Number of past calls to begin with. */
  readonly first: number
  readonly stopping: AbortSignal
  /** Called once per interruption of the console. */
  onSilence(): void
}

/** Yields past calls, then new ones by polling. Returns false when the console does not answer at the start. */
export async function* followCalls(following: Following): AsyncGenerator<WrittenCall, boolean> {
  const { first, stopping } = following
  const newest = await askCalls(following, { limit: String(first) })
  if (newest === undefined) return false
  const known = newest.toReversed()
  yield* known
  let after = known.at(-1)?.id ?? 0
  let isSilent = false
  while (!stopping.aborted) {
    await pause(pollIntervalMs, undefined, { signal: stopping }).catch(() => {})
    if (stopping.aborted) break
    const found = await askCalls(following, { after: String(after), limit: String(maxPerPoll) })
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
