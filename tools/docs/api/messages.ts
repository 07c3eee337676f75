import type { FieldTable } from '../../../packages/protocol/src/field-table.ts'
import { inPlaceRequest } from '../../../packages/protocol/src/messages/accepted-request.ts'
import { approvalResult } from '../../../packages/protocol/src/messages/approval.ts'
import { authenticationReturn, callbackResult } from '../../../packages/protocol/src/messages/authentication-return.ts'
import { notification } from '../../../packages/protocol/src/messages/notification.ts'
import { type MessagePage, messagePages } from '../message-pages.ts'
import type { DescribedTable } from './field-schema.ts'

const rowsNamed = (table: FieldTable, ...names: readonly string[]): FieldTable =>
  Object.fromEntries(Object.entries(table).filter(([, { name }]) => names.includes(name)))

/** What those messages can look like beyond the guide's tables. */
const widened: Readonly<Record<string, MessagePage['table']>> = {
  // Q40: a payment with a refund has its state beside the stored answer.
  'approval-result': { ...approvalResult, ...rowsNamed(notification, 'paymentState', 'cancelledAmount') },
  // Q60: empty where the payment request has none.
  'authentication-return': { ...authenticationReturn, ...rowsNamed(inPlaceRequest, 'buyerPhone', 'buyerEmail') },
}

/** The messages by their page's name, and the argument of the Callback. */
const describedTables: ReadonlyMap<string, DescribedTable> = new Map<string, DescribedTable>([
  ...messagePages.map((page) => [page.name, { ...page, table: widened[page.name] ?? page.table }] as const),
  [
    'callback-result',
    {
      title: { ko: 'Callback의 인자', en: 'Argument of the Callback' },
      about: {
        ko: 'PC에서 결제창이 상점 페이지의 함수에 넘기는 객체입니다. HTTP 요청이 아닙니다. 아직 결제되지 않았습니다.',
        en: 'The object that the payment window passes to the function of the shop’s page on a PC. It is no HTTP request. Nothing is charged yet.',
      },
      table: callbackResult,
    },
  ],
])

export function describedTable(name: string): DescribedTable {
  const found = describedTables.get(name)
  if (found === undefined) throw new Error(`no message is called ${name}`)
  return found
}
