import type { Context } from '../context.ts'
import { randomBelow } from '../runtime.ts'
import { describeCall } from './describe-call.ts'
import type { CapturedCall, RecordedCall } from './model.ts'
import { insertCalls, newestCallId, removeOldCalls } from './store.ts'

export type RequestLog = ReturnType<typeof createRequestLog>

const writeEveryMs = 250
const mostWaiting = 5_000
const writtenAtOnce = 25

type Parts = Pick<Context, 'runtime' | 'storage' | 'log' | 'settings'>

/**
 * The calls in and out, stored masked, for the console: a bounded queue with a batch writer. Payments never wait for it
 * and never fail with it: calls beyond the bound, or of a batch that cannot be written, are dropped, counted and
 * logged.
 */
export function createRequestLog(context: Parts) {
  const { runtime, log } = context
  const kept = context.settings.requestLog
  const write = createBatchWriter(context)
  let waiting: CapturedCall[] = []
  let tooMany = 0
  let isOpen = kept !== 'off'
  let writing: Promise<void> | undefined

  const lose = (lost: number, cause?: unknown): void => log.error('requests_not_recorded', { lost, cause })

  const writeWaiting = async (): Promise<void> => {
    if (tooMany > 0) lose(tooMany)
    tooMany = 0
    while (waiting.length > 0) {
      const batch = waiting.slice(0, writtenAtOnce)
      await write(batch).catch((cause: unknown) => lose(batch.length, cause))
      waiting = waiting.slice(batch.length)
    }
  }
  /** Writes the queue; never rejects. Single flight: other callers wait for the running write, then for the rest. */
  const flush = async (): Promise<void> => {
    while (waiting.length > 0 || writing !== undefined) {
      writing ??= writeWaiting().finally(() => {
        writing = undefined
      })
      // biome-ignore lint/nursery/noFloatingPromises: awaited, but Biome 2.5 does not see it through the union.
      await writing
    }
  }

  return {
    /** False when the settings turn the log off: nothing needs to be captured. */
    isOn: kept !== 'off',
    /** Queues a call and returns at once. Never throws. */
    record(call: CapturedCall): void {
      if (!isOpen) return
      if (waiting.length >= mostWaiting) {
        tooMany++
        return
      }
      waiting.push(call)
      if (waiting.length === 1) runtime.schedule(writeEveryMs, () => void flush())
    },
    flush,
    /** Applies the retention period; deletes everything when the log is off. */
    async removeOld(): Promise<void> {
      const { keepMs, mostRows } = kept === 'off' ? { keepMs: 0, mostRows: 0 } : kept
      await removeOldCalls(context, { startedBefore: new Date(runtime.now().getTime() - keepMs), mostRows })
    },
    /** Writes the queue and ignores later calls. */
    async close(): Promise<void> {
      isOpen = false
      await flush()
    },
  }
}

/**
 * Ids ascend with time, across restarts too, so that a reader can continue after the last one. Gateways that share a
 * database start each batch at a random place within its millisecond, so that ids rarely collide.
 */
function createBatchWriter(context: Parts): (calls: readonly CapturedCall[]) => Promise<void> {
  let newest: number | undefined
  return async (calls) => {
    newest = Math.max(
      newest ?? (await newestCallId(context)),
      context.runtime.now().getTime() * 1_000 + randomBelow(context.runtime, 1_000),
    )
    const described: RecordedCall[] = []
    for (const call of calls) {
      try {
        described.push({ ...describeCall(call), id: ++newest })
      } catch (cause) {
        context.log.error('requests_not_recorded', { lost: 1, cause })
      }
    }
    await insertCalls(context, described)
  }
}
