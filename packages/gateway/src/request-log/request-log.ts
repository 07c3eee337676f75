import type { Context } from '../context.ts'
import { randomBelow } from '../runtime.ts'
import type { CapturedCall } from './captured-call.ts'
import { describeCall } from './describe-call.ts'
import type { RecordedCall } from './model.ts'
import { insertCalls, newestCallId, removeOldCalls } from './store.ts'

/** The calls in and out, kept with masks for the console. */
export interface RequestLog {
  /** False where the settings keep no log: then nothing needs to be captured. */
  readonly isOn: boolean
  /** Takes a call and returns at once; it is written later. Never throws. */
  record(call: CapturedCall): void
  /** Writes what waits. Never rejects. */
  flush(): Promise<void>
  /** Forgets what is old, and, where no log is kept any more, everything. */
  removeOld(): Promise<void>
  /** Writes what waits, and takes nothing from then on. */
  close(): Promise<void>
}

/** How long a call may wait, so that many are written together. */
const writeEveryMs = 250
const mostWaiting = 5_000
const writtenAtOnce = 25

const silent: Omit<RequestLog, 'removeOld'> = {
  isOn: false,
  record() {},
  async flush() {},
  async close() {},
}

type Parts = Pick<Context, 'runtime' | 'storage' | 'log' | 'settings'>

/**
 * Keeps what the console shows of every call. A payment never waits for it and never fails with it: what comes too fast for it, or what it
 * cannot write, is counted, logged as lost and forgotten.
 */
export function createRequestLog(context: Parts): RequestLog {
  const { runtime, settings } = context
  const kept = settings.requestLog
  if (kept === 'off') {
    const removeOld = async () => void (await removeOldCalls(context, { startedBefore: runtime.now(), mostRows: 0 }))
    return { ...silent, removeOld }
  }
  return {
    isOn: true,
    ...createWriter(context),
    async removeOld() {
      const startedBefore = new Date(runtime.now().getTime() - kept.keepMs)
      await removeOldCalls(context, { startedBefore, mostRows: kept.mostRows })
    },
  }
}

function createWriter(context: Parts): Pick<RequestLog, 'record' | 'flush' | 'close'> {
  const { runtime, log } = context
  const write = createBatchWriter(context)
  let waiting: CapturedCall[] = []
  let tooMany = 0
  let isClosed = false
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
  /** One writes at a time; who comes meanwhile waits for it, and then for the rest. */
  const flush = async (): Promise<void> => {
    while (waiting.length > 0 || writing !== undefined) {
      writing ??= writeWaiting().finally(() => {
        writing = undefined
      })
      // biome-ignore lint/nursery/noFloatingPromises: awaited; Biome 2.5 does not see through `await` of a promise or undefined.
      await writing
    }
  }

  return {
    record(call) {
      if (isClosed) return
      if (waiting.length >= mostWaiting) {
        tooMany++
        return
      }
      waiting.push(call)
      if (waiting.length === 1) runtime.schedule(writeEveryMs, () => void flush())
    },
    flush,
    async close() {
      isClosed = true
      await flush()
    },
  }
}

/**
 * Ids grow with time, across restarts too, so that whoever has read up to one misses none. Gateways that share a database start each batch
 * somewhere in its millisecond, so that they hardly meet.
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
