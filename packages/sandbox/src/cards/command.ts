import { columnNames, kindNames, writeCsvRow } from '@sspay/gateway/tools'
import { findCardCompany, type LocalizedText } from '@sspay/protocol'
import { koreanTime, readKoreanDay } from '@sspay/protocol/internal'
import type { Movement } from '../card-network/model.ts'
import { issuerOf, otherCards, spaced, testCards } from '../card-network/scenarios.ts'
import type { Charge } from '../card-network/store.ts'
import { askConsole, consoleUrlOf, printAnswer } from '../command-line/ask-console.ts'
import { columns, wonText } from '../command-line/columns.ts'
import {
  type Call,
  consoleOption,
  defineCommand,
  jsonOption,
  limitOption,
  matching,
  transactionOption,
  usualExitCodes,
} from '../command-line/command.ts'
import { testMerchant } from '../test-merchant.ts'

const options = {
  transaction: { ...transactionOption, verbs: ['charges'] },
  limit: { ...limitOption, fallback: '20', verbs: ['charges'] },
  day: {
    value: 'DAY',
    isRight: (text: string) => readKoreanDay(text) !== undefined,
    rule: { ko: '2026-12-01', en: '2026-12-01' },
    ko: '원장의 하루, 한국 시각(필수)',
    en: 'the day of the ledger, in Korean time (required)',
    verbs: ['ledger'],
  },
  acquirer: {
    value: 'CODE',
    ...matching(/^[0-9]{2}$/, '두 자리 코드', 'a code of two digits'),
    ko: '이 매입사만. 예: 06',
    en: 'only this acquirer, such as 06',
    verbs: ['ledger'],
  },
  console: { ...consoleOption, verbs: ['charges', 'ledger'] },
  json: jsonOption,
} as const

type CardsCall = Call<typeof options>

/** A charge as JSON. */
type WrittenCharge = {
  readonly [Name in keyof Charge]: Date extends Charge[Name] ? Exclude<Charge[Name], Date> | string : Charge[Name]
}

export const cardsCommand = defineCommand({
  name: 'cards',
  summary: {
    ko: '테스트 카드와, 가상 카드사가 실제로 청구한 금액',
    en: 'lists the test cards, and what the simulated issuers charged',
  },
  verbs: {
    list: { ko: '카드마다, 금액마다 일어나는 일', en: 'what each card and each amount does' },
    charges: {
      ko: '카드사 원장: 승인, 취소, 망취소, 남은 청구액',
      en: "the issuers' ledger: charges, refunds, reversals, remaining amounts",
    },
    ledger: {
      ko: '하루의 승인, 취소, 망취소를 매입사의 파일처럼 CSV로. sspay-gateway reconcile이 읽습니다',
      en: "approvals, refunds and reversals of one day as CSV, as an acquirer's file: sspay-gateway reconcile reads it",
    },
  },
  options,
  exitCodes: usualExitCodes,
  examples: [
    { line: 'sspay cards list', ko: '어떤 카드로 무엇을 시험할지', en: 'which card tests what' },
    { line: 'sspay cards charges', ko: '한 번만 청구되었는지', en: 'whether it was charged once' },
    {
      line: 'sspay cards charges --transaction ssptest01m01012501020304050001 --json',
      ko: '한 거래를 JSON으로',
      en: 'one transaction as JSON',
    },
    { line: 'sspay cards ledger --day 2026-12-01', ko: '대사할 파일', en: 'a file to reconcile with' },
  ],
  findProblem: ({ verb, values }) =>
    verb === 'ledger' && values.day === undefined
      ? { ko: '--day: 날짜가 필요합니다. 예: 2026-12-01', en: '--day is required, such as 2026-12-01' }
      : undefined,
  run: async (call) => {
    if (call.verb === 'list') return runList(call)
    return call.verb === 'ledger' ? runLedger(call) : runCharges(call)
  },
})

function runList(call: CardsCall): number {
  const { t } = call
  const cards = testCards.map((card) => ({ ...card, ...issuerOf(card.cardNumber) }))
  return printAnswer(call, { isDone: true, json: { cards, amounts: amountRules } }, () => {
    const cardRows = cards.map(({ cardNumber, note }) => [spaced(cardNumber), t(note)])
    const amountRows = amountRules.map(({ when, effect }) => [t(when), t(effect)])
    const title = t({ ko: '금액', en: 'amounts' })
    return `${columns(cardRows)}\n${title}\n${columns(amountRows)}\n${t(otherCards)}\n`
  })
}

/** Effects of the amount alone, for the test merchant as it is seeded. */
const amountRules: readonly Readonly<Record<'when' | 'effect', LocalizedText>>[] = [
  {
    when: { ko: `${testMerchant.minimumAmount}원 미만`, en: `below ${testMerchant.minimumAmount} won` },
    effect: { ko: '결제창이 거절(S007)', en: 'rejected by the window (S007)' },
  },
  {
    when: { ko: '50,000원 미만에 할부', en: 'below 50,000 won, with instalments' },
    effect: { ko: '결제창이 거절(S013)', en: 'rejected by the window (S013)' },
  },
  ...testMerchant.interestFree.map(({ issuerCode, months, minimumAmount }) => {
    const company = findCardCompany(issuerCode ?? '')
    const won = wonText(minimumAmount)
    const range = `${months[0]}~${months.at(-1)}`
    return {
      when: { ko: `${won.ko}부터 ${range}개월`, en: `from ${won.en}, ${range} instalments` },
      effect: {
        ko: `무이자(${company === undefined ? '모든 카드' : `${company.name}카드`})`,
        en: `interest-free (${company === undefined ? 'every card' : company.nameEn})`,
      },
    }
  }),
]

interface Json {
  readonly charges: readonly WrittenCharge[]
}

async function runCharges(call: CardsCall): Promise<number> {
  const { values, terminal, t } = call
  const query = new URLSearchParams({ limit: values.limit })
  if (values.transaction !== undefined) query.set('transactionId', values.transaction)
  const url = `${consoleUrlOf(values.console, terminal)}/sandbox/card-network/charges?${query}`
  const answer = await askConsole<Json>(url)
  const isMissing = values.transaction !== undefined && answer?.json.charges.length === 0
  return printAnswer(call, isMissing ? { isDone: false, json: { charges: [] } } : answer, ({ charges }) => {
    if (isMissing) return `${t(noSuchTransaction)}\n`
    return charges.length === 0 ? `${t(noCharges)}\n` : describe(charges, call)
  })
}

const noSuchTransaction: LocalizedText = {
  ko: '카드사에 없는 거래입니다. 청구된 금액이 없습니다',
  en: 'the issuers do not know this transaction: nothing was charged',
}
const noCharges: LocalizedText = { ko: '아직 청구가 없습니다', en: 'nothing has been charged yet' }

const outcomes: Readonly<Record<Charge['outcome'], LocalizedText>> = {
  approved: { ko: '승인', en: 'approved' },
  declined: { ko: '거절', en: 'declined' },
  barred: { ko: '막음', en: 'barred' },
}

function describe(charges: readonly WrittenCharge[], { values, t }: CardsCall): string {
  const rows = charges.flatMap((charge) => [
    [
      koreanTime(new Date(charge.answeredAt)),
      charge.transactionId,
      t(charge.reversedAt === undefined ? outcomes[charge.outcome] : { ko: '망취소', en: 'reversed' }),
      t(wonText(charge.amount)),
      charge.maskedCardNumber,
      `${t({ ko: '청구', en: 'charged' })} ${t(wonText(charge.paid))}`,
    ],
    ...charge.cancels.map(({ sequence, amount, cancelledAt }) => [
      koreanTime(new Date(cancelledAt)),
      '',
      `${t({ ko: '취소', en: 'refund' })} ${sequence}`,
      `-${t(wonText(amount))}`,
    ]),
  ])
  const paid = wonText(charges.reduce((sum, charge) => sum + charge.paid, 0))
  const isCut = values.transaction === undefined && charges.length === Number(values.limit)
  const total = t(
    isCut
      ? {
          ko: `가장 최근 거래 ${charges.length}건만의 남은 청구액 ${paid.ko}. 더 있으면 --limit 으로 늘리세요`,
          en: `${paid.en} charged after refunds in the newest ${charges.length} transactions only; see more with --limit`,
        }
      : {
          ko: `거래 ${charges.length}건, 남은 청구액 ${paid.ko}`,
          en: `${charges.length} transactions, ${paid.en} charged after refunds`,
        },
  )
  return `${columns(rows)}\n  ${total}\n`
}

/** A movement as JSON. */
type WrittenMovement = Omit<Movement, 'at'> & { readonly at: string }

async function runLedger(call: CardsCall): Promise<number> {
  const { day = '', acquirer, console } = call.values
  const query = new URLSearchParams({ day })
  const url = `${consoleUrlOf(console, call.terminal)}/sandbox/card-network/ledger?${query}`
  const answer = await askConsole<{ readonly movements: readonly WrittenMovement[] }>(url)
  const movements = answer?.json.movements.filter(
    ({ acquirerCode }) => acquirer === undefined || acquirerCode === acquirer,
  )
  return printAnswer(call, answer && movements && { isDone: answer.isDone, json: { movements } }, writeLedger)
}

const { kind, time, transactionId, amount } = columnNames

/** The columns that `sspay-gateway reconcile` reads without a mapping, and some more. */
function writeLedger({ movements }: { readonly movements: readonly WrittenMovement[] }): string {
  const rows = movements.map((movement) => [
    kindNames[movement.kind],
    koreanTime(new Date(movement.at)),
    movement.transactionId,
    movement.originalTransactionId,
    movement.approvalNumber,
    movement.amount,
    movement.issuerCode,
    movement.acquirerCode,
  ])
  const head = [kind, time, transactionId, '원거래번호', '승인번호', amount, '발급사코드', '매입사코드']
  return [head, ...rows].map(writeCsvRow).join('')
}
