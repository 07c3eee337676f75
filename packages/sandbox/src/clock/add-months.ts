const koreanOffsetMs = 9 * 60 * 60_000

/**
 * The same day and time of a later month in Korea, or the last day of a month without that day: 31 January, 28
 * February, and from January again 31 March.
 */
export function addMonths(date: Date, months: number): Date {
  const korean = new Date(date.getTime() + koreanOffsetMs)
  const day = korean.getUTCDate()
  korean.setUTCDate(1)
  korean.setUTCMonth(korean.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(korean.getUTCFullYear(), korean.getUTCMonth() + 1, 0)).getUTCDate()
  korean.setUTCDate(Math.min(day, lastDay))
  return new Date(korean.getTime() - koreanOffsetMs)
}
