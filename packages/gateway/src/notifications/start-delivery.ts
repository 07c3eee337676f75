import { type DeliveryContext, deliver } from './deliver.ts'
import { type ClaimedNotification, claimNotifications, nextNotification, rescheduleFarFuture } from './store.ts'
import { onWake } from './wake.ts'

export interface DeliveryOptions {
  /** Concurrent attempts of this process. */
  readonly maxInFlight: number
  /** How often notifications of other processes are looked for. */
  readonly pollEveryMs: number
}

export const defaultDelivery: DeliveryOptions = { maxInFlight: 16, pollEveryMs: 1_000 }

/** Beyond the timeout of the attempt: time for the commits around it. */
const claimMarginMs = 20_000

/** After a claim that skipped merchants the worker pauses this many times as long as the claim took. */
const pauseFactor = 9

/**
 * The worker of the outbox: claims notifications that are due, delivers them and sleeps until the next one. Commits of
 * this process wake it, those of others it finds by polling. The returned function stops it gracefully: no new claims,
 * then waits for the attempts in flight.
 */
export function startDelivery(context: DeliveryContext, options: DeliveryOptions = defaultDelivery) {
  const { runtime, storage, log } = context
  const inFlight = new Map<Promise<void>, ClaimedNotification>()
  let isStopped = false
  let pausedUntil = 0
  let isWoken = false
  let cancelNext = (): void => {}

  const sleep = (durationMs: number): void => {
    cancelNext()
    if (!isStopped) cancelNext = runtime.schedule(durationMs, polling.run)
  }

  const poll = async (): Promise<void> => {
    if (isStopped) return
    const now = runtime.now()
    isWoken = false
    sleep(options.pollEveryMs)
    const { isDue, laterAt, isAnyFarFuture } = await nextNotification(context, now)
    if (isAnyFarFuture && (await rescheduleFarFuture(context, now)) > 0) polling.run()
    if (isDue) await claim(now)
    const laterMs = (laterAt?.getTime() ?? Number.POSITIVE_INFINITY) - runtime.now().getTime()
    sleep(Math.max(0, Math.min(options.pollEveryMs, laterMs, isWoken ? pauseMs() : Number.POSITIVE_INFINITY)))
  }

  const claim = async (now: Date): Promise<void> => {
    const share = fairShare(options, [...inFlight.values()])
    if (share.limit === 0) return
    const until = new Date(now.getTime() + context.settings.notificationTimeoutMs + claimMarginMs)
    const claimed = await claimNotifications(context, { ...share, now, until })
    // Such a claim reads past everything that is due for the skipped merchants: that must not take the whole processor.
    if (share.except.length > 0) {
      const endedAt = runtime.now().getTime()
      pausedUntil = endedAt + pauseFactor * (endedAt - now.getTime())
    }
    for (const notification of claimed) start(notification)
    if (claimed.length > 0 && claimed.length === share.limit) wake()
  }

  const pauseMs = (): number => Math.min(options.pollEveryMs, pausedUntil - runtime.now().getTime())

  const wake = (): void => {
    if (pauseMs() <= 0) polling.run()
    else if (!isWoken) sleep(pauseMs())
    isWoken = pauseMs() > 0
  }

  const start = (notification: ClaimedNotification): void => {
    const attempt = deliver(context, notification)
      .catch((cause: unknown) => log.error('notification_failed', { transactionId: notification.transactionId, cause }))
      .finally(() => {
        inFlight.delete(attempt)
        wake()
      })
    inFlight.set(attempt, notification)
  }

  const polling = oneAtATime(poll, (cause) => log.error('delivery_failed', { cause }))
  const unsubscribe = onWake(storage, wake)
  polling.run()

  return async (): Promise<void> => {
    isStopped = true
    unsubscribe()
    cancelNext()
    await polling.ended()
    await Promise.all(inFlight.keys())
  }
}

/** Single flight: calls during a run are merged into one further run. */
function oneAtATime(work: () => Promise<void>, onError: (cause: unknown) => void) {
  let running: Promise<void> | undefined
  let isRequested = false
  const run = (): void => {
    isRequested = true
    running ??= repeat()
  }
  const repeat = async (): Promise<void> => {
    while (isRequested) {
      isRequested = false
      await work().catch(onError)
    }
    running = undefined
  }
  return { run, ended: async (): Promise<void> => running }
}

/**
 * Fair share: a merchant may hold at most as many slots as are still free, so hanging endpoints cannot starve the
 * others. One claim takes at most half of the free slots of such a share, none for merchants that hold their share.
 */
function fairShare({ maxInFlight }: DeliveryOptions, inFlight: readonly ClaimedNotification[]) {
  const free = maxInFlight - inFlight.length
  const perMerchant = [...Map.groupBy(inFlight, ({ merchantId }) => merchantId)]
  const except = perMerchant.flatMap(([id, notifications]) => (notifications.length >= free ? [id] : []))
  const shares = perMerchant.map(([, notifications]) => notifications.length).filter((share) => share < free)
  return { limit: Math.ceil((free - Math.max(0, ...shares)) / 2), except }
}
