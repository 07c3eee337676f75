import { type FileMapping, readFileMapping } from '@sspay/gateway/tools'

/** What an order of the export may be. `unpaid`: never paid, such as open or declined. */
export const orderStates = ['paid', 'partiallyRefunded', 'refunded', 'unpaid'] as const

export type OrderState = (typeof orderStates)[number]

/**
 * How a shop's export is read. Without a column for the state every order is paid. Rows of the kind `ignored` are left
 * out, such as those with sums.
 */
export type OrderMapping = FileMapping<
  'orderId' | 'amount' | 'refunded' | 'state',
  'orderId' | 'amount',
  OrderState | 'ignored'
>

export const usualOrderMapping: OrderMapping = {
  delimiter: ',',
  columns: { orderId: '주문번호', amount: '금액', refunded: '취소금액', state: '상태' },
  kinds: {
    paid: ['결제완료', 'paid'],
    partiallyRefunded: ['부분취소', 'partiallyRefunded'],
    refunded: ['취소', '환불', 'refunded'],
    unpaid: ['결제대기', '결제실패', 'open', 'closed', 'unpaid'],
    ignored: [],
  },
}

/** @throws UnreadableFileError with the wrong entry and the rule for it */
export const readOrderMapping = (json: unknown): OrderMapping =>
  readFileMapping(json, usualOrderMapping, ['orderId', 'amount'])
