import { type BillKeyState, billKeyEndText, billKeyStates, billKeyStateText } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { koreanTime } from '@sspay/protocol/internal'
import { askConsole, type ConsoleAnswer, consoleUrlOf, printAnswer } from '../command-line/ask-console.ts'
import { columns, wonText } from '../command-line/columns.ts'
import {
  type Call,
  consoleOption,
  defineCommand,
  jsonOption,
  limitOption,
  matching,
  oneOf,
  usualExitCodes,
} from '../command-line/command.ts'
import { untranslated } from '../command-line/language.ts'

const options = {
  merchant: {
    value: 'MID',
    verbs: ['list'],
    ...matching(/^[A-Za-z0-9]{1,30}$/, '영문과 숫자 1~30자', '1 to 30 letters and digits'),
    ko: '이 상점만',
    en: 'only this merchant',
  },
  state: {
    value: 'STATE',
    verbs: ['list'],
    ...oneOf(...billKeyStates),
    ko: `이 상태만: ${billKeyStates.join(' | ')}`,
    en: `only this state: ${billKeyStates.join(' | ')}`,
  },
  text: {
    value: 'TEXT',
    verbs: ['list'],
    ko: '등록 주문번호나 회원 번호가 이것인 것만',
    en: 'only those with this order id of the registration, or this member id',
  },
  limit: { ...limitOption, fallback: '50', verbs: ['list', 'charges'] },
  console: consoleOption,
  json: jsonOption,
} as const

type BillKeysCall = Call<typeof options>

interface Charge {
  readonly transactionId: string
  readonly orderId: string
  readonly amount: number
  readonly state: string
  readonly requestedAt: string
}

interface BillKey {
  readonly billKeyId: string
  readonly merchantId: string
  readonly orderId: string
  readonly memberId: string
  readonly state: BillKeyState
  readonly issuedAt: string
  readonly endedAt: string | null
  readonly card: { readonly maskedCardNumber: string; readonly issuerName: string } | null
  readonly lastCharge: Charge | null
}

interface Json {
  readonly billKeys?: readonly BillKey[]
  readonly billKey?: BillKey
  readonly charges?: readonly Charge[]
  readonly result?: string
  readonly message?: string
}

export const billKeysCommand = defineCommand({
  name: 'bill-keys',
  summary: {
    ko: '빌링키와 그 결제를 보고, 키를 끝냅니다',
    en: 'shows bill keys with their charges, and ends one',
  },
  verbs: {
    list: { ko: '최근에 발급한 키, 새것부터', en: 'the newest keys' },
    show: { operands: ['ID'], ko: '한 키', en: 'one key' },
    charges: { operands: ['ID'], ko: '한 키의 결제, 새것부터', en: 'the charges of a key, the newest first' },
    delete: {
      operands: ['ID'],
      ko: '운영자로서 키를 끝냄. 되돌릴 수 없음',
      en: 'ends a key permanently, as the operator',
    },
  },
  options,
  notes: [
    {
      ko: 'ID는 list 의 번호이며 빌링키(BillTokenKey)가 아닙니다. 빌링키는 발급받은 상점만 압니다.',
      en: 'The ID is that of the list, not the bill key (BillTokenKey), which only its shop knows.',
    },
  ],
  exitCodes: usualExitCodes,
  examples: [
    { line: 'sspay bill-keys list --state active', ko: '결제할 수 있는 키', en: 'those that can be charged' },
    { line: 'sspay bill-keys show 4f1c0a9e7b2d4c6f8a1b3c5d7e9f0a2b', ko: '하나를 자세히', en: 'one key' },
    { line: 'sspay bill-keys charges 4f1c0a9e7b2d4c6f8a1b3c5d7e9f0a2b', ko: '그 키의 결제', en: 'its charges' },
    {
      line: 'sspay bill-keys delete 4f1c0a9e7b2d4c6f8a1b3c5d7e9f0a2b',
      ko: '다음 결제는 S603으로 거절',
      en: 'its next charge is rejected with S603',
    },
  ],
  findProblem: ({ operands: [id] }) =>
    id === undefined || /^[0-9a-f]{32}$/.test(id)
      ? undefined
      : { ko: `${id}: 빌링키 번호가 아닙니다`, en: `${id} is not the id of a bill key` },
  async run(call) {
    const url = `${consoleUrlOf(call.values.console, call.terminal)}/api/bill-keys`
    return printAnswer(call, await ask(url, call), (json) => describe(json, call))
  },
})

function ask(
  url: string,
  { verb, operands: [billKeyId = ''], values }: BillKeysCall,
): Promise<ConsoleAnswer<Json> | undefined> {
  const { merchant: merchantId = '', state = '', text = '', limit } = values
  switch (verb) {
    case 'list':
      return askConsole(`${url}?${new URLSearchParams({ merchantId, state, text, limit })}`)
    case 'delete':
      return askConsole(`${url}/end`, { json: { billKeyId } })
    default:
      return askConsole(`${url}/${billKeyId}${verb === 'charges' ? `/charges?limit=${limit}` : ''}`)
  }
}

const endText: Readonly<Record<string, LocalizedText>> = billKeyEndText

function describe({ billKeys, billKey, charges, result = '', message = result }: Json, call: BillKeysCall): string {
  const { t } = call
  if (billKeys !== undefined)
    return billKeys.length === 0
      ? `${t({ ko: '빌링키가 없습니다', en: 'no bill keys' })}\n`
      : columns(
          billKeys.map((key) => rowOf(key, call)),
          '',
        )
  if (charges !== undefined)
    return charges.length === 0
      ? `${t({ ko: '결제가 없습니다', en: 'no charges' })}\n`
      : columns(
          charges.map((charge) => [charge.transactionId, charge.orderId, ...chargeCells(charge, call)]),
          '',
        )
  if (billKey !== undefined) return describeKey(billKey, call)
  return `${t(endText[result] ?? untranslated(message))}\n`
}

const timeText = (text: string): string => koreanTime(new Date(text))

const chargeCells = ({ amount, state, requestedAt }: Charge, { t }: BillKeysCall): readonly string[] => [
  t(wonText(amount)),
  state,
  timeText(requestedAt),
]

const cardText = ({ card }: BillKey, { t }: BillKeysCall): string =>
  card === null ? t({ ko: '삭제한 카드', en: 'deleted card' }) : `${card.issuerName} ${card.maskedCardNumber}`

const rowOf = (key: BillKey, call: BillKeysCall): readonly string[] => [
  key.billKeyId,
  key.state,
  key.merchantId,
  key.orderId,
  cardText(key, call),
  timeText(key.issuedAt),
]

function describeKey(key: BillKey, call: BillKeysCall): string {
  const { t } = call
  const { state, lastCharge, endedAt } = key
  const rows: readonly (readonly [LocalizedText, string])[] = [
    [{ ko: '번호', en: 'id' }, key.billKeyId],
    [{ ko: '상태', en: 'state' }, `${state}  ${t(billKeyStateText[state])}`],
    [{ ko: '상점', en: 'merchant' }, key.merchantId],
    [{ ko: '등록 주문번호', en: 'order id' }, key.orderId],
    [{ ko: '회원', en: 'member' }, key.memberId],
    [{ ko: '카드', en: 'card' }, cardText(key, call)],
    [{ ko: '발급', en: 'issued' }, timeText(key.issuedAt)],
    ...(endedAt === null ? [] : [[{ ko: '종료', en: 'ended' }, timeText(endedAt)] as const]),
    [
      { ko: '마지막 결제', en: 'last charge' },
      lastCharge === null
        ? t({ ko: '없음', en: 'none' })
        : `${chargeCells(lastCharge, call).join('  ')}  ${lastCharge.transactionId}`,
    ],
  ]
  return columns(rows.map(([title, value]) => [t(title), value]))
}
