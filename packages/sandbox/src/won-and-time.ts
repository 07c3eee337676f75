import type { LocalizedText } from '@sspay/protocol'

const wonFormat = new Intl.NumberFormat('ko-KR')

/** `1,004원`, `1,004 won`. */
export const wonText = (amount: number): LocalizedText => {
  const digits = wonFormat.format(amount)
  return { ko: `${digits}원`, en: `${digits} won` }
}

// The Swedish locale formats dates as ISO 8601 does.
const timeFormat = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul', dateStyle: 'short', timeStyle: 'medium' })

/** `2025-01-02 03:04:05` in Korean time. */
export const koreanTime = (instant: string | Date): string => timeFormat.format(new Date(instant))
