import type { Context } from '../context.ts'
import { type DeliveryContext, deliver } from './deliver.ts'
import { type ClaimedNotification, claimNotifications, makeAheadDue, nextNotification } from './store.ts'
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

/** How many times as long as a claim took the next one waits, where it had to read past shops that have their share. */
const restFactor = 9

/**
 * Delivers what is due now, and from then on what falls due, each at its time. The returned function stops it and waits for the
 * attempts that are under way.
 */
export function startDelivery(
  context: DeliveryContext,
  options: DeliveryOptions = defaultDelivery,
): () => Promise<void> {
  const { runtime, storage, log } = context
  const underWay = new Map<Promise<void>, ClaimedNotification>()
  let isStopped = false
  let restUntil = 0
  let isWoken = false
  let cancelNext = (): void => {}

  const sleep = (durationMs: number): void => {
    cancelNext()
    if (!isStopped) cancelNext = runtime.schedule(durationMs, looking.run)
  }

  const look = async (): Promise<void> => {
    if (isStopped) return
    const now = runtime.now()
    isWoken = false
    sleep(options.lookEveryMs)
    const { isDue, laterAt, isAnyAhead } = await nextNotification(context, now)
    if (isAnyAhead && (await makeAheadDue(context, now)) > 0) looking.run()
    if (isDue) await claim(now)
    const laterMs = (laterAt?.getTime() ?? Number.POSITIVE_INFINITY) - runtime.now().getTime()
    sleep(Math.max(0, Math.min(options.lookEveryMs, laterMs, isWoken ? restMs() : Number.POSITIVE_INFINITY)))
  }

  const claim = async (now: Date): Promise<void> => {
    const room = roomFor(options, [...underWay.values()])
    if (room.limit === 0) return
    const claimed = await claimNotifications(context, { ...room, ...claimTimes(context, now) })
    // All that a shop with its share has due is read to find the others: that must not take the whole processor.
    if (room.except.length > 0) restUntil = restEnd(now, runtime.now())
    for (const notification of claimed) start(notification)
    if (claimed.length > 0 && claimed.length === room.limit) wake()
  }

  const restMs = (): number => Math.min(options.lookEveryMs, restUntil - runtime.now().getTime())

  const wake = (): void => {
    if (restMs() <= 0) looking.run()
    else if (!isWoken) sleep(restMs())
    isWoken = restMs() > 0
  }

  const start = (notification: ClaimedNotification): void => {
    const attempt = deliver(context, notification)
      .catch((cause: unknown) => log.error('notification_failed', { transactionId: notification.transactionId, cause }))
      .finally(() => {
        underWay.delete(attempt)
        wake()
      })
    underWay.set(attempt, notification)
  }

  const looking = oneAtATime(look, (cause) => log.error('delivery_failed', { cause }))
  const endWakes = onWake(storage, wake)
  looking.run()

  return async () => {
    isStopped = true
    endWakes()
    cancelNext()
    await looking.ended()
    await Promise.all(underWay.keys())
  }
}

const restEnd = (startedAt: Date, endedAt: Date): number =>
  endedAt.getTime() + restFactor * (endedAt.getTime() - startedAt.getTime())

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
  underWay: readonly ClaimedNotification[],
): { readonly limit: number; readonly except: readonly string[] } {
  const free = atOnce - underWay.length
  const perMerchant = [...Map.groupBy(underWay, ({ merchantId }) => merchantId)]
  const except = perMerchant.flatMap(([id, notifications]) => (notifications.length >= free ? [id] : []))
  const shares = perMerchant.map(([, notifications]) => notifications.length).filter((share) => share < free)
  return { limit: Math.ceil((free - Math.max(0, ...shares)) / 2), except }
}

const claimTimes = ({ settings }: Context, now: Date): { readonly now: Date; readonly until: Date } => ({
  now,
  until: new Date(now.getTime() + settings.notificationTimeoutMs + claimMarginMs),
})
