import { notificationStates } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { koreanTime } from '@sspay/protocol/internal'
import { askConsole, type ConsoleAnswer, consoleUrlOf, printAnswer } from '../command-line/ask-console.ts'
import {
  type Call,
  consoleOption,
  defineCommand,
  jsonOption,
  limitOption,
  matching,
  oneOf,
  transactionOption,
  usualExitCodes,
} from '../command-line/command.ts'
import { untranslated } from '../command-line/language.ts'

const options = {
  state: {
    value: 'STATE',
    verbs: ['list'],
    ...oneOf(...notificationStates),
    ko: `이 상태만: ${notificationStates.join(' | ')}`,
    en: `only this state: ${notificationStates.join(' | ')}`,
  },
  transaction: { ...transactionOption, verbs: ['list'] },
  limit: { ...limitOption, fallback: '50', verbs: ['list'] },
  sequence: {
    value: 'NUMBER',
    verbs: ['resend'],
    ...matching(/^[1-9][0-9]{0,8}$/, '숫자', 'a number'),
    ko: '마지막 통보 말고 이것을',
    en: 'this one instead of the newest',
  },
  console: consoleOption,
  json: jsonOption,
} as const

type NotificationsCall = Call<typeof options>

interface ListedNotification {
  readonly transactionId: string
  readonly sequence: number
  readonly state: string
  readonly attempts: number
  readonly lastResult?: string
  readonly shopAnswer?: string
  readonly nextAttemptAt?: string
  readonly deliveredAt?: string
}

interface Json {
  readonly notifications?: readonly ListedNotification[]
  readonly result?: string
  readonly message?: string
}

export const notificationsCommand = defineCommand({
  name: 'notifications',
  summary: {
    ko: '상점에 보내는 재통보를 보고 다시 보냅니다',
    en: 'lists and resends the notifications (webhooks) to shops',
  },
  verbs: {
    list: { ko: '최근 통보, 새것부터', en: 'the newest notifications' },
    resend: {
      operands: ['TRANSACTION_ID'],
      ko: '마지막 통보를 다시 보냄',
      en: 'resends the newest notification of that payment',
    },
  },
  options,
  exitCodes: usualExitCodes,
  examples: [
    { line: 'sspay notifications list --state exhausted', ko: '모든 시도가 실패한 통보', en: 'every attempt failed' },
    {
      line: 'sspay notifications resend ssptest01m01012501020304050001',
      ko: '이 결제의 통보를 다시',
      en: 'resends the notification of this payment',
    },
  ],
  findProblem: ({ verb, operands: [transactionId = ''] }) =>
    verb === 'resend' && !transactionOption.isRight(transactionId)
      ? { ko: `${transactionId}: 거래번호가 아닙니다`, en: `${transactionId} is not a transaction id` }
      : undefined,
  async run(call) {
    const { terminal, verb, operands, values } = call
    const consoleUrl = consoleUrlOf(values.console, terminal)
    const answer = await (verb === 'list'
      ? askConsole<Json>(`${consoleUrl}/api/notifications?${queryOf(values)}`)
      : resend(consoleUrl, operands[0] ?? '', values.sequence))
    return printAnswer(call, answer, (json) => describe(json, call))
  },
})

function queryOf({ state, transaction, limit }: NotificationsCall['values']): string {
  const query = new URLSearchParams({ limit })
  if (state !== undefined) query.set('state', state)
  if (transaction !== undefined) query.set('transactionId', transaction)
  return String(query)
}

async function resend(
  consoleUrl: string,
  transactionId: string,
  sequence: string | undefined,
): Promise<ConsoleAnswer<Json> | undefined> {
  const known = await askConsole<Json>(`${consoleUrl}/api/notifications?transactionId=${transactionId}`)
  if (known === undefined) return undefined
  const newest = known.json.notifications?.at(-1)?.sequence ?? 1
  const json = { transactionId, sequence: Number(sequence ?? newest) }
  return askConsole<Json>(`${consoleUrl}/api/notifications/resend`, { json })
}

const resendText: Readonly<Record<string, LocalizedText>> = {
  pending: { ko: '지금 다시 통보합니다', en: 'it is being sent again' },
  unknown: { ko: '없는 통보입니다', en: 'there is no such notification' },
  no_endpoint: { ko: '상점에 통보 URL이 없습니다', en: 'the merchant has no notification URL' },
  in_flight: { ko: '지금 전송하는 중입니다', en: 'a delivery attempt is in flight' },
}

function describe({ notifications, message, result = '' }: Json, { t }: NotificationsCall): string {
  if (notifications === undefined) return `${t(resendText[result] ?? untranslated(message ?? result))}\n`
  if (notifications.length === 0) return `${t({ ko: '통보가 없습니다', en: 'no notifications' })}\n`
  const isAnyWithoutTarget = notifications.some(({ state }) => state === 'no_endpoint')
  const cure = isAnyWithoutTarget ? `${t(noTarget)}\n` : ''
  return notifications.map((notification) => `${describeNotification(notification)}\n`).join('') + cure
}

const noTarget: LocalizedText = {
  ko: 'no_endpoint: 통보할 주소가 정해지지 않아 보내지 않았습니다. sspay merchants set MID --notify-url URL 로 내 쇼핑몰을 정하세요',
  en: 'no_endpoint: not sent, no URL is set for it. Set that of your shop with sspay merchants set MID --notify-url URL',
}

const describeNotification = ({ transactionId, sequence, state, attempts, ...rest }: ListedNotification): string => {
  const { lastResult = '-', shopAnswer, nextAttemptAt, deliveredAt } = rest
  const at = deliveredAt ?? nextAttemptAt
  const time = at === undefined ? '' : `${deliveredAt === undefined ? '→ ' : ''}${koreanTime(new Date(at))}`
  const answer = shopAnswer === undefined ? '' : `\n    ${shopAnswer}`
  return (
    `${transactionId} ${String(sequence).padStart(2)}  ${state.padEnd(11)} ${attempts}  ${lastResult}  ${time}`.trimEnd() +
    answer
  )
}
