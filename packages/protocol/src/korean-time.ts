import type { Format } from './field-table.ts'

/** Korea keeps UTC+9 all year. */
const offsetMs = 9 * 60 * 60 * 1000

const dayMs = 24 * 60 * 60 * 1000

/** Caches the text of the last day, which is the costly part. */
let lastDay = { number: Number.NaN, text: '' }

function dayText(number: number): string {
  if (number !== lastDay.number)
    lastDay = { number, text: new Date(number * dayMs).toISOString().slice(0, 10).replaceAll('-', '') }
  return lastDay.text
}

const twoDigits = (number: number): string => String(number).padStart(2, '0')

/** yyyyMMddHHmmss in Korean time; milliseconds are cut off. Throws RangeError for an invalid date. */
export function koreanTimestamp(date: Date): string {
  const ms = date.getTime() + offsetMs
  const day = Math.floor(ms / dayMs)
  const second = Math.floor((ms - day * dayMs) / 1000)
  const [hours, minutes] = [Math.floor(second / 3600), Math.floor(second / 60) % 60]
  return dayText(day) + twoDigits(hours) + twoDigits(minutes) + twoDigits(second % 60)
}

/** `2025-01-02 03:04:05`, Korean time, as people read it. Throws RangeError for an invalid date. */
export const koreanTime = (date: Date): string =>
  koreanTimestamp(date).replace(/(..)(..)(..)(..)(..)$/, '-$1-$2 $3:$4:$5')

/** The name of the Korean day of an instant, `2025-01-02`. */
export const koreanDayOf = (date: Date): string => koreanTime(date).slice(0, 10)

export interface KoreanDay {
  /** `2026-12-01`. */
  readonly name: string
  readonly start: Date
  /** The start of the next day. */
  readonly end: Date
}

/** Undefined for anything else than a day of the calendar, `2026-12-01`. */
export function readKoreanDay(text: string): KoreanDay | undefined {
  if (!/^20[0-9]{2}-[0-9]{2}-[0-9]{2}$/.test(text)) return undefined
  const start = new Date(`${text}T00:00:00+09:00`)
  if (Number.isNaN(start.getTime()) || koreanDayOf(start) !== text) return undefined
  return { name: text, start, end: new Date(start.getTime() + dayMs) }
}

const zoneToleranceMs = 15 * 60 * 1000

/** Recognizes a time that was written in UTC (`utc`), or to which the offset was added twice (`twice`). */
export function findZoneMistake(written: Date, now: Date): 'utc' | 'twice' | undefined {
  const behindMs = now.getTime() - written.getTime()
  if (Math.abs(behindMs - offsetMs) <= zoneToleranceMs) return 'utc'
  return Math.abs(behindMs + offsetMs) <= zoneToleranceMs ? 'twice' : undefined
}

const fourteenDigits = /^[0-9]{14}$/

function readKoreanTimestamp(given: string): Date | undefined {
  if (!fourteenDigits.test(given)) return undefined
  const part = (from: number, to: number): number => Number(given.slice(from, to))
  const day = new Date(0)
  // Not by `Date.UTC`, which takes the years 0 to 99 for 1900 to 1999.
  day.setUTCFullYear(part(0, 4), part(4, 6) - 1, part(6, 8))
  const date = new Date(day.setUTCHours(part(8, 10), part(10, 12), part(12, 14)) - offsetMs)
  // Rejects days that do not exist (31 June), which Date would roll over.
  return !Number.isNaN(date.getTime()) && koreanTimestamp(date) === given ? date : undefined
}

/** A time outside these years becomes text that is no timestamp, so that `writeMessage` rejects it. */
function writeBetween(firstYear: string, lastYear: string): (date: Date) => string {
  const first = new Date(`${firstYear}-01-01T00:00:00+09:00`)
  const last = new Date(`${lastYear}-12-31T23:59:59.999+09:00`)
  return (date) => (date >= first && date <= last ? koreanTimestamp(date) : 'not a time')
}

const writeOfThisCentury = writeBetween('2000', '2099')

const examples: readonly [Date, ...Date[]] = [
  new Date('2025-01-02T03:04:05+09:00'),
  new Date('2024-02-29T23:59:59+09:00'),
  new Date('2026-12-31T00:00:00+09:00'),
]

/** Fourteen digits, yyyyMMddHHmmss, Korean time. */
export const wireTimestamp: Format<Date> = {
  maxLength: 14,
  hint: { ko: 'yyyyMMddHHmmss, 한국 시각', en: 'yyyyMMddHHmmss in Korean time' },
  examples,
  pattern: fourteenDigits,
  read: readKoreanTimestamp,
  write: writeBetween('0001', '9999'),
}

/** Twelve digits, yyMMddHHmmss, Korean time, years 2000 to 2099. */
export const shortTimestamp: Format<Date> = {
  maxLength: 12,
  hint: { ko: 'yyMMddHHmmss, 한국 시각', en: 'yyMMddHHmmss in Korean time' },
  examples,
  pattern: /^[0-9]{12}$/,
  read: (given) => readKoreanTimestamp(`20${given}`),
  write: (value) => writeOfThisCentury(value).slice(2),
}
