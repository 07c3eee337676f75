import type { Words } from '@sspay/protocol'

/** 1,004원, ₩1,004 */
export function wonWords(amount: number): Words {
  const digits = amount.toLocaleString('en-US')
  return { ko: `${digits}원`, en: `₩${digits}` }
}
