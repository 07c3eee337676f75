import type { Format } from './field-table.ts'

/** Korea keeps UTC+9 all year. */
const offsetMs = 9 * 60 * 60 * 1000

/** yyyyMMddHHmmss in Korean time; milliseconds are cut off. Throws RangeError for an invalid date. */
export function koreanTimestamp(date: Date): string {
  return new Date(date.getTime() + offsetMs).toISOString().slice(0, 19).replace(/[-T:]/g, '')
}

function readKoreanTimestamp(given: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(given)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}+09:00`)
  // A day that does not exist (31 June) rolls over; it must not be read as another day.
  return !Number.isNaN(date.getTime()) && koreanTimestamp(date) === given ? date : undefined
}

const notATime = 'not a time'

/** Text that no timestamp reads, where there is no such year: `writeMessage` refuses it. */
function writeTimestamp(date: Date, years: 'yyyy' | '20yy'): string {
  if (Number.isNaN(date.getTime())) return notATime
  const timestamp = koreanTimestamp(date)
  return years === 'yyyy' || timestamp.startsWith('20') ? timestamp : notATime
}

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
  read: readKoreanTimestamp,
  write: (value) => writeTimestamp(value, 'yyyy'),
}

/** Twelve digits, yyMMddHHmmss, Korean time, years 2000 to 2099. */
export const shortTimestamp: Format<Date> = {
  maxLength: 12,
  hint: { ko: 'yyMMddHHmmss, 한국 시각', en: 'yyMMddHHmmss in Korean time' },
  examples,
  read: (given) => readKoreanTimestamp(`20${given}`),
  write: (value) => writeTimestamp(value, '20yy').slice(2),
}
