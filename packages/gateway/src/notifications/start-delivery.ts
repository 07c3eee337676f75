import type { Context } from '../context.ts'
import { type DeliveryContext, deliver } from './deliver.ts'
import { type ClaimedNotice, claimNotices, makeAheadDue, nextNotice } from './store.ts'
import { onWake } from './wake.ts'

export interface DeliveryOptions {
  /** How many attempts this process makes at the same time; for one merchant at most as many as it leaves free for the others. */
  readonly atOnce: number
  /** How often it looks for notices without being woken: other processes enqueue too. */
  readonly lookEveryMs: number
}

export const defaultDelivery: DeliveryOptions = { atOnce: 16, lookEveryMs: 1_000 }

/** Beyond the time-out of the attempt: what the commits around it may take. */
const claimMarginMs = 20_000

/**
 * Delivers what is due now, and from then on what falls due, each at its time. The returned function stops it and waits for the
 * attempts that are under way.
 */
export function startDelivery(
  context: DeliveryContext,
  options: DeliveryOptions = defaultDelivery,
): () => Promise<void> {
  const { runtime, storage, log } = context
  const underWay = new Map<Promise<void>, ClaimedNotice>()
  let isStopped = false
  let cancelNext = (): void => {}

  const sleep = (durationMs: number): void => {
    cancelNext()
    if (!isStopped) cancelNext = runtime.schedule(durationMs, looking.run)
  }

  const look = async (): Promise<void> => {
    if (isStopped) return
    const now = runtime.now()
    sleep(options.lookEveryMs)
    const { isDue, laterAt, isAnyAhead } = await nextNotice(context, now)
    if (isAnyAhead && (await makeAheadDue(context, now)) > 0) looking.run()
    const room = roomFor(options, [...underWay.values()])
    const claimed = isDue && room.limit > 0 ? await claimNotices(context, { ...room, ...claimTimes(context, now) }) : []
    for (const notice of claimed) start(notice)
    if (claimed.length > 0 && claimed.length === room.limit) looking.run()
    const laterMs = (laterAt?.getTime() ?? Number.POSITIVE_INFINITY) - runtime.now().getTime()
    sleep(Math.max(0, Math.min(options.lookEveryMs, laterMs)))
  }

  const start = (notice: ClaimedNotice): void => {
    const attempt = deliver(context, notice)
      .catch((cause: unknown) => log.error('notice_failed', { transactionId: notice.transactionId, cause }))
      .finally(() => {
        underWay.delete(attempt)
        looking.run()
      })
    underWay.set(attempt, notice)
  }

  const looking = oneAtATime(look, (cause) => log.error('delivery_failed', { cause }))
  const endWakes = onWake(storage, looking.run)
  looking.run()

  return async () => {
    isStopped = true
    endWakes()
    cancelNext()
    await looking.ended()
    await Promise.all(underWay.keys())
  }
}

/** Asked for while it runs, the work runs once more afterwards. */
function oneAtATime(work: () => Promise<void>, onError: (cause: unknown) => void) {
  let running: Promise<void> | undefined
  let isAskedFor = false
  const run = (): void => {
    isAskedFor = true
    running ??= repeat()
  }
  const repeat = async (): Promise<void> => {
    while (isAskedFor) {
      isAskedFor = false
      await work().catch(onError)
    }
    running = undefined
  }
  return { run, ended: async (): Promise<void> => running }
}

/**
 * So many, and for none of the merchants that have their share. A share is what is still free: however many shops hang, all of them
 * but the last leave room, and whoever the claimed ones are for, nobody gets more than that.
 */
function roomFor(
  { atOnce }: DeliveryOptions,
  underWay: readonly ClaimedNotice[],
): { readonly limit: number; readonly except: readonly string[] } {
  const free = atOnce - underWay.length
  const perMerchant = [...Map.groupBy(underWay, ({ merchantId }) => merchantId)]
  const except = perMerchant.flatMap(([id, notices]) => (notices.length >= free ? [id] : []))
  const shares = perMerchant.map(([, notices]) => notices.length).filter((share) => share < free)
  return { limit: Math.ceil((free - Math.max(0, ...shares)) / 2), except }
}

const claimTimes = ({ settings }: Context, now: Date): { readonly now: Date; readonly until: Date } => ({
  now,
  until: new Date(now.getTime() + settings.notificationTimeoutMs + claimMarginMs),
})
