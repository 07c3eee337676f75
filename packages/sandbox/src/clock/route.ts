import { Hono } from 'hono'
import { onlyOwnJson, readJsonObject } from '../own-forms.ts'
import type { Clock } from './shifted-runtime.ts'

/** The sandbox's time in ISO 8601, and how far it is ahead of the real time. */
export interface ClockReading {
  readonly now: string
  readonly aheadMs: number
}

/** `/sandbox/clock`: GET reads it, POST with `aheadMs` sets it. */
export const clockRoutes = (clock: Clock): Hono =>
  new Hono()
    .use(onlyOwnJson)
    .get('/', (context) => context.json(readingOf(clock)))
    .post('/', async (context) => {
      const { aheadMs } = await readJsonObject(context)
      if (!isShift(aheadMs, clock)) {
        const error = { ko: 'aheadMs: 2000년부터 2099년까지', en: 'aheadMs: years 2000 to 2099' }
        return context.json({ error }, 400)
      }
      clock.setAhead(aheadMs)
      return context.json(readingOf(clock))
    })

/** The wire has two-digit years, so the clock stays within one century. */
function isShift(value: unknown, { runtime, aheadMs }: Clock): value is number {
  const moved = new Date(runtime.now().getTime() - aheadMs + Number(value))
  const year = Number.isSafeInteger(value) ? moved.getUTCFullYear() : Number.NaN
  return year >= 2000 && year <= 2099
}

const readingOf = ({ runtime, aheadMs }: Clock): ClockReading => ({ now: runtime.now().toISOString(), aheadMs })
