import type { LocalizedText } from '@sspay/protocol'

const { format } = new Intl.NumberFormat('en-US')

/** 1,004원, ₩1,004 */
export function wonText(amount: number): LocalizedText {
  const digits = format(amount)
  return { ko: `${digits}원`, en: `₩${digits}` }
}
