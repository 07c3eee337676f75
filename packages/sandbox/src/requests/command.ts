import { callKinds, callResults } from '@sspay/gateway/tools'
import { askConsole, consoleUrlOf, printAnswer, reportUnreachable } from '../command-line/ask-console.ts'
import {
  type Call,
  consoleOption,
  defineCommand,
  exitCodes,
  limitOption,
  matching,
  type Options,
  oneOf,
  transactionOption,
  usualExitCodes,
} from '../command-line/command.ts'
import { type WrittenCall, writeCall, writeCallLine } from './describe-call.ts'
import { followCalls } from './follow.ts'

const verbs = ['tail', 'list'] as const

const options = {
  kind: { verbs, value: 'KIND', ...oneOf(...callKinds), ko: '이 종류만(아래 참고)', en: 'only this kind, see below' },
  result: {
    verbs,
    value: 'RESULT',
    ...oneOf(...callResults),
    ko: `이 결과만: ${callResults.join(' | ')}`,
    en: `only this result: ${callResults.join(' | ')}`,
  },
  merchant: {
    verbs,
    value: 'MID',
    ...matching(/^[A-Za-z0-9]{1,30}$/, '영문과 숫자 1~30자', '1 to 30 letters and digits'),
    ko: '이 상점만',
    en: 'only this merchant',
  },
  transaction: { ...transactionOption, verbs },
  text: {
    verbs,
    value: 'TEXT',
    ko: '주문번호, 거래번호, 결과코드에 이 글자가 있는 것만',
    en: 'only those whose order id, transaction id or result code contains it',
  },
  limit: {
    ...limitOption,
    verbs,
    fallback: '20',
    ko: '지난 요청 몇 개, 최대 500',
    en: 'number of past calls, at most 500',
  },
  console: consoleOption,
  json: { ko: '한 줄에 JSON 하나', en: 'one JSON object a line' },
} as const satisfies Options

type RequestsCall = Call<typeof options>

export const requestsCommand = defineCommand({
  name: 'requests',
  summary: {
    ko: '게이트웨이가 받고 보낸 요청을 봅니다. 틀린 요청에는 이유가 있습니다',
    en: 'shows the calls to and from the gateway, with the reason for a wrong one',
  },
  verbs: {
    tail: { ko: '새 요청을 계속 보여 줌(Ctrl+C로 끝)', en: 'follows new calls until Ctrl+C' },
    list: { ko: '지난 요청', en: 'past calls' },
    show: {
      operands: ['ID'],
      ko: '한 요청의 전부: 값(가림), 이유, curl',
      en: 'one call in full: masked fields, reason, curl',
    },
  },
  options,
  sections: [
    {
      title: { ko: '한 줄', en: 'a line' },
      rows: [
        ['→ ←', { ko: '받은 요청, 보낸 요청', en: 'in, out' }],
        ['!', { ko: '틀린 것이 있음. show 가 설명합니다', en: 'wrong; show explains it' }],
        ['#ID', { ko: '번호. show 에 씁니다', en: 'the id for show' }],
      ],
    },
    { title: { ko: '종류 KIND', en: 'KIND' }, rows: [[callKinds.join(' '), { ko: '', en: '' }]] },
  ],
  exitCodes: usualExitCodes,
  examples: [
    { line: 'sspay requests tail', ko: '결제하는 동안 다른 터미널에서', en: 'in another terminal, while you pay' },
    { line: 'sspay requests list --result rejected', ko: '거절한 요청', en: 'rejected calls' },
    {
      line: 'sspay requests list --transaction ssptest01m01012501020304050001',
      ko: '한 결제의 모두',
      en: 'all calls of a payment',
    },
    { line: 'sspay requests show 1795641825691001', ko: '하나를 자세히', en: 'one call' },
  ],
  findProblem: ({ verb, operands: [id = ''] }) =>
    verb === 'show' && !/^#?[0-9]{1,16}$/.test(id)
      ? { ko: `${id}: 요청 번호가 아닙니다`, en: `${id} is not the id of a call` }
      : undefined,
  async run(call) {
    const { verb, values, terminal } = call
    const url = `${consoleUrlOf(values.console, terminal)}/api/requests`
    if (verb === 'tail') return tail(call, url)
    return verb === 'list' ? list(call, url) : show(call, url)
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

async function tail(call: RequestsCall, url: string): Promise<number> {
  const { values, terminal, t } = call
  const following = followCalls({
    url,
    filter: filterOf(call),
    first: Number(values.limit),
    stopping: terminal.stopping ?? new AbortController().signal,
    onSilence: () =>
      void terminal.errors.write(
        `${t({ ko: '샌드박스가 응답하지 않습니다. 다시 켜지면 이어서 보여 줍니다', en: 'the sandbox does not answer; following continues when it does' })}\n`,
      ),
  })
  for (;;) {
    const next = await following.next()
    if (next.done === true) return next.value ? exitCodes.done : reportUnreachable(call)
    writeLine(call, next.value)
  }
}

async function list(call: RequestsCall, url: string): Promise<number> {
  const { values, terminal, t } = call
  const query = new URLSearchParams({ ...filterOf(call), limit: values.limit })
  const answer = await askConsole<{ readonly requests?: readonly WrittenCall[] }>(`${url}?${query}`)
  const requests = answer?.json.requests
  if (requests === undefined) return reportUnreachable(call)
  for (const recorded of requests.toReversed()) writeLine(call, recorded)
  if (requests.length === 0 && !values.json)
    terminal.output.write(`${t({ ko: '그런 요청이 없습니다', en: 'no such calls' })}\n`)
  return exitCodes.done
}

async function show(call: RequestsCall, url: string): Promise<number> {
  const { operands, terminal, t } = call
  const id = (operands[0] ?? '').replace('#', '')
  const answer = await askConsole<WrittenCall & { readonly curl?: string }>(`${url}/${id}`)
  const missing = {
    ko: `${id}: 없는 요청입니다. 보관 기간이 지났을 수 있습니다`,
    en: `${id}: there is no such call; it may have expired`,
  }
  return printAnswer(call, answer, (recorded) =>
    answer?.isDone ? writeCall(recorded, t, terminal.isWatched === true) : `${t(missing)}\n`,
  )
}
