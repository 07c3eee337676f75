import { realRuntime } from '@sspay/gateway/tools'
import { UsageError } from './addresses.ts'
import { columns } from './command-line/columns.ts'
import { type Call, defineCommand, exitCodes, jsonOption } from './command-line/command.ts'
import { readFileIfThere, readPiped } from './command-line/read-input.ts'
import { type Examination, examine, isWrong } from './explain/examine.ts'
import type { Finding } from './explain/finding.ts'
import { knownMessages } from './explain/known-messages.ts'
import { explainOutcome } from './explain/outcome-words.ts'
import { readSubject } from './explain/read-subject.ts'
import { findMerchantKey, keyOptions, rejectedKeys } from './merchant-key.ts'
import type { Terminal } from './terminal.ts'

const options = { ...keyOptions, json: jsonOption } as const

type ExplainCall = Call<typeof options>

export const explainCommand = defineCommand({
  name: 'explain',
  summary: {
    ko: '전문이 무엇이고 무엇이 틀렸는지 설명합니다',
    en: 'recognizes a message and explains what is wrong with it',
  },
  verbs: { '': { operands: ['[FILE|TEXT…]'], ko: '', en: '' } },
  options,
  rejected: rejectedKeys,
  notes: [
    {
      ko: '파일, 표준 입력(-), 인자로 받습니다: 폼(HTML, urlencoded, 한 줄에 NAME=VALUE), JSON, EncData. EUC-KR도 읽습니다.\n테스트 가맹점(ssptest01m)의 것이면 키를 주지 않아도 서명까지 확인합니다. 키는 어디에도 출력하지 않습니다.',
      en: 'Takes a file, stdin (-) or arguments: a form (HTML, urlencoded, NAME=VALUE lines), JSON, EncData; EUC-KR too.\nMessages of the test merchant (ssptest01m) are checked without a key option. No key is ever printed.',
    },
  ],
  exitCodes: {
    0: { ko: '맞음, 또는 가이드와 다르지만(!) 받는 것뿐', en: 'right, or only deviations (!) that are accepted' },
    1: { ko: '틀린 것이 있음', en: 'something is wrong' },
    2: { ko: '잘못된 사용', en: 'wrong usage' },
  },
  examples: [
    { line: 'sspay explain form.html', exitCode: 1, ko: '결제 페이지의 폼', en: 'the form of a payment page' },
    { line: 'sspay explain --key-file key.txt cancel.json', ko: '취소 전문', en: 'a cancellation' },
    { line: 'sspay pay --json | sspay explain', ko: '승인 결과', en: 'an approval answer' },
    { line: 'sspay explain S002', exitCode: 1, ko: '결과코드의 뜻', en: 'what a code means' },
    { line: 'sspay explain no_ok', exitCode: 1, ko: '로그의 낱말과 할 일', en: 'a word of the log, and its cure' },
  ],
  async run(call) {
    const { terminal, operands, values } = call
    const [word = ''] = operands
    const outcome = operands.length === 1 ? explainOutcome(word) : undefined
    const examination = outcome === undefined ? await examineGiven(call) : { message: undefined, findings: [outcome] }
    terminal.output.write(values.json ? `${JSON.stringify(examination)}\n` : describe(examination, call))
    return isWrong(examination) ? exitCodes.rejected : exitCodes.done
  },
})

async function examineGiven({ terminal, operands, values }: ExplainCall): Promise<Examination> {
  const key = await findMerchantKey(values, terminal)
  const subject = readSubject(await readGiven(operands, terminal))
  if (subject === undefined)
    throw new UsageError({
      ko: '폼도 JSON도 EncData도 아닙니다',
      en: 'this is not a form, JSON or EncData',
    })
  return examine(subject, { key: key?.merchantKey, now: realRuntime.now() })
}

/** A single operand may be a file; otherwise the operands are the text. */
async function readGiven(operands: readonly string[], terminal: Terminal): Promise<Uint8Array> {
  const [only = '-'] = operands
  if (operands.length > 1) return Buffer.from(operands.join('\n'))
  if (only === '-') return readPiped(terminal)
  const bytes = await readFileIfThere(only)
  if (bytes !== undefined) return bytes
  if (/[={<]|^[0-9A-Z]{4}$/.test(only) || only.length > 60) return Buffer.from(only)
  throw new UsageError({
    ko: `${only}: 없는 파일이고, 결과코드도 로그의 낱말도 필드도 아닙니다. 이름을 확인하거나 sspay requests show ID 를 보세요`,
    en: `${only}: there is no such file, result code, word of the log or field. Check its name, or see sspay requests show ID`,
  })
}

const marks = { right: '✓', wrong: '✗', warning: '!', note: '·' } as const

function describe({ message, findings, inside }: Examination, call: ExplainCall, indent = ''): string {
  const isOneCode = findings.length === 1 && message !== 'sealedEnvelope'
  const title = message === undefined || isOneCode ? '' : `${indent}${call.t(knownMessages[message])}\n`
  const below = inside === undefined ? '' : describe(inside, call, `${indent}  `)
  return title + findings.map((finding) => describeFinding(finding, call, `${indent}  `)).join('') + below
}

function describeFinding({ tone, joined, expected, ...words }: Finding, { t }: ExplainCall, indent: string): string {
  const rows = [
    ...(joined === undefined ? [] : [[t({ ko: '이어 붙일 글', en: 'to be joined' }), joined]]),
    ...(expected === undefined ? [] : [[t({ ko: '올바른 값', en: 'right value' }), expected]]),
  ]
  return `${indent}${marks[tone]} ${t(words)}\n${columns(rows, `${indent}    `)}`
}
