import { callKinds, callResults } from '@sspay/gateway'
import { askConsole, consoleUrlOf, sayUnreachable } from '../command-line/ask-console.ts'
import {
  type Call,
  consoleOption,
  defineCommand,
  exitCodes,
  type Options,
  usualExitCodes,
} from '../command-line/command.ts'
import { type WrittenCall, writeCall, writeCallLine } from './describe-call.ts'
import { followCalls } from './follow.ts'

const verbs = ['tail', 'list'] as const

const oneOf = <const Known extends readonly string[]>(known: Known) => ({
  verbs,
  isRight: (text: string) => known.includes(text),
  rule: { ko: known.join(' | '), en: known.join(' | ') },
})

const isId = (text: string): boolean => /^[A-Za-z0-9]{1,30}$/.test(text)
const idRule = { ko: '영문과 숫자 1~30자', en: '1 to 30 letters and digits' }

const options = {
  kind: { ...oneOf(callKinds), value: 'KIND', ko: '이 종류만(아래)', en: 'this kind alone, see below' },
  result: {
    ...oneOf(callResults),
    value: 'RESULT',
    ko: `이 결과만: ${callResults.join(' | ')}`,
    en: `this result alone: ${callResults.join(' | ')}`,
  },
  merchant: { verbs, value: 'MID', isRight: isId, rule: idRule, ko: '이 상점만', en: 'this merchant alone' },
  transaction: {
    verbs,
    value: 'TID',
    isRight: isId,
    rule: idRule,
    ko: '이 거래만',
    en: 'this transaction alone',
  },
  text: {
    verbs,
    value: 'TEXT',
    ko: '주문번호, 거래번호, 결과코드에 이 글자가 있는 것만',
    en: 'whose order, transaction or code holds this',
  },
  limit: {
    verbs,
    value: 'NUMBER',
    fallback: '20',
    isRight: (text: string) => /^[1-9][0-9]{0,2}$/.test(text) && Number(text) <= 500,
    rule: { ko: '1~500', en: '1 to 500' },
    ko: '지난 요청 몇 개, 최대 500',
    en: 'how many past ones, at most 500',
  },
  console: consoleOption,
  json: { ko: '한 줄에 JSON 하나', en: 'one JSON object a line' },
} as const satisfies Options

type RequestsCall = Call<typeof options>

export const requestsCommand = defineCommand({
  name: 'requests',
  summary: {
    ko: '게이트웨이가 받고 보낸 요청을 봅니다. 틀린 요청에는 이유가 있습니다',
    en: 'shows the calls in and out of the gateway, with the reason where one is wrong',
  },
  verbs: {
    tail: { ko: '새 요청을 계속 보여 줌(Ctrl+C로 끝)', en: 'goes on with each new one, until Ctrl+C' },
    list: { ko: '지난 요청', en: 'past ones' },
    show: {
      operands: ['ID'],
      ko: '한 요청의 전부: 값(가림), 이유, curl',
      en: 'all of one: masked fields, reason, curl',
    },
  },
  options,
  sections: [
    {
      title: { ko: '한 줄', en: 'a line' },
      rows: [
        ['→ ←', { ko: '받은 요청, 보낸 요청', en: 'in, out' }],
        ['!', { ko: '틀린 것이 있음. show 가 설명합니다', en: 'something is wrong: show explains it' }],
        ['#ID', { ko: '번호. show 에 씁니다', en: 'its number, for show' }],
      ],
    },
    { title: { ko: '종류 KIND', en: 'KIND' }, rows: [[callKinds.join(' '), { ko: '', en: '' }]] },
  ],
  exitCodes: usualExitCodes,
  examples: [
    { line: 'sspay requests tail', ko: '결제하는 동안 다른 터미널에서', en: 'in another terminal, while you pay' },
    { line: 'sspay requests list --result refused', ko: '거절한 요청', en: 'what was refused' },
    {
      line: 'sspay requests list --transaction ssptest01m01012501020304050001',
      ko: '한 결제의 모두',
      en: 'all of a payment',
    },
    { line: 'sspay requests show 1795641825691001', ko: '하나를 자세히', en: 'one of them' },
  ],
  findProblem: ({ verb, operands: [id = ''] }) =>
    verb === 'show' && !/^#?[0-9]{1,16}$/.test(id)
      ? { ko: `${id}: 요청 번호가 아닙니다`, en: `${id} is no number of a request` }
      : undefined,
  async run(call) {
    const { verb, values, terminal } = call
    const consoleUrl = consoleUrlOf(values.console, terminal)
    if (verb === 'tail') return tail(call, consoleUrl)
    return verb === 'list' ? list(call, consoleUrl) : show(call, consoleUrl)
  },
})

function filterOf({ values }: RequestsCall): Readonly<Record<string, string>> {
  const { kind, result, merchant: merchantId, transaction: transactionId, text } = values
  const chosen = Object.entries({ kind, result, merchantId, transactionId, text })
  return Object.fromEntries(chosen.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

function writeLine({ values, terminal }: RequestsCall, recorded: WrittenCall): void {
  const line = values.json ? JSON.stringify(recorded) : writeCallLine(recorded, terminal.isWatched === true)
  terminal.output.write(`${line}\n`)
}

async function tail(call: RequestsCall, consoleUrl: string): Promise<number> {
  const { values, terminal, t } = call
  const following = followCalls({
    url: `${consoleUrl}/api/requests`,
    filter: filterOf(call),
    first: Number(values.limit),
    stopping: terminal.stopping ?? new AbortController().signal,
    onSilence: () =>
      void terminal.errors.write(
        `${t({ ko: '샌드박스가 응답하지 않습니다. 다시 켜지면 이어서 보여 줍니다', en: 'the sandbox does not answer; this goes on once it does' })}\n`,
      ),
  })
  for (;;) {
    const next = await following.next()
    if (next.done === true) return next.value ? exitCodes.done : sayUnreachable(call, consoleUrl)
    writeLine(call, next.value)
  }
}

async function list(call: RequestsCall, consoleUrl: string): Promise<number> {
  const { values, terminal, t } = call
  const query = new URLSearchParams({ ...filterOf(call), limit: values.limit })
  const answer = await askConsole<{ readonly requests?: readonly WrittenCall[] }>(`${consoleUrl}/api/requests?${query}`)
  const requests = answer?.json.requests
  if (requests === undefined) return sayUnreachable(call, consoleUrl)
  for (const recorded of requests.toReversed()) writeLine(call, recorded)
  if (requests.length === 0 && !values.json)
    terminal.output.write(`${t({ ko: '그런 요청이 없습니다', en: 'no such calls' })}\n`)
  return exitCodes.done
}

async function show(call: RequestsCall, consoleUrl: string): Promise<number> {
  const { operands, values, terminal, t } = call
  const id = (operands[0] ?? '').replace('#', '')
  const answer = await askConsole<WrittenCall & { readonly curl?: string }>(`${consoleUrl}/api/requests/${id}`)
  if (answer === undefined) return sayUnreachable(call, consoleUrl)
  if (values.json) terminal.output.write(`${JSON.stringify(answer.json)}\n`)
  else if (answer.isDone) terminal.output.write(writeCall(answer.json, t, terminal.isWatched === true))
  else
    terminal.errors.write(
      `${t({ ko: `${id}: 없는 요청입니다. 보관 기간이 지났을 수 있습니다`, en: `${id}: there is no such call; it may be too old` })}\n`,
    )
  return answer.isDone ? exitCodes.done : exitCodes.rejected
}
