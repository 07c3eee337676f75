import { groupThousands } from '@sspay/protocol/internal'
import { html } from 'hono/html'
import { mostSearched, type StateSum } from '../approval/model.ts'
import type { PaymentState } from '../approval/transitions.ts'
import type { SafeHtml } from './frame.ts'
import type { AskedPayments } from './payments-range.ts'
import { formatWon } from './wording.ts'

const charged: readonly PaymentState[] = ['approved', 'partiallyCancelled', 'cancelled']
const indeterminate: readonly PaymentState[] = ['approving', 'unresolved', 'reversing']

/** What an operator asks first: approved, refunded, declined and indeterminate, of the chosen days or of today. */
export function paymentsSums(sums: readonly StateSum[], { from, until }: AskedPayments): SafeHtml {
  const of = (states: readonly PaymentState[], name: 'count' | 'amount' | 'cancelled'): number =>
    sums.filter(({ state }) => states.includes(state)).reduce((sum, entry) => sum + entry[name], 0)
  const approved = of(charged, 'count')
  const declined = of(['declined'], 'count')
  const waiting = of(indeterminate, 'count')
  const all = sums.reduce((sum, { count }) => sum + count, 0)
  const bound = all < mostSearched ? '' : ` · 최근 ${groupThousands(mostSearched)}건`
  const rate = approved + declined === 0 ? '–' : `${((100 * approved) / (approved + declined)).toFixed(1)}%`
  return html`<dl class="sums" aria-label="${from + until === '' ? '오늘' : '고른 기간'}">
<div><dt>${from + until === '' ? '오늘' : '고른 기간'}의 승인${bound}</dt><dd class="number">${formatWon(of(charged, 'amount'))}<small>${groupThousands(approved)}건</small></dd></div>
<div><dt>취소</dt><dd class="number">${formatWon(of(charged, 'cancelled'))}<small>${groupThousands(of(['partiallyCancelled', 'cancelled'], 'count'))}건</small></dd></div>
<div><dt>승인 성공률</dt><dd class="number">${rate}<small>거절 ${groupThousands(declined)}건</small></dd></div>
<div><dt>결과 확인 중</dt><dd class="number">${groupThousands(waiting)}건<small>${waiting === 0 ? '밀린 결제가 없습니다' : formatWon(of(indeterminate, 'amount'))}</small></dd></div>
</dl>`
}
