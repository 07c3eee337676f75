import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { approvalResult, findResultReason, type LocalizedText, resultCodes, writeMessage } from '@sspay/protocol'
import { type Environment, readPort, UsageError } from '../addresses.ts'
import { WindowRejection } from '../buyer/walk-window.ts'
import { runtimeAt } from '../clock/command.ts'
import { defineCommand, exitCodes } from '../command-line/command.ts'
import { t, untranslated } from '../command-line/language.ts'
import { explainSystemError, SandboxStartError } from '../system-error.ts'
import { findPayProblem, type PayOptions, payFlags, payOptionsOf } from './options.ts'
import { type PayResult, pay } from './pay.ts'

const probeTimeoutMs = 1_500

export const payCommand = defineCommand({
  name: 'pay',
  summary: {
    ko: '브라우저 없이 한 번 결제합니다. 구매자와 상점이 한 명령에 있습니다',
    en: 'makes one payment without a browser, as buyer and shop',
  },
  verbs: { '': { ko: '', en: '' } },
  options: payFlags,
  exitCodes: {
    0: { ko: '승인·인증·취소·삭제', en: 'done' },
    1: { ko: '거절', en: 'declined' },
    2: { ko: '잘못된 사용', en: 'wrong usage' },
    3: { ko: '알 수 없음', en: 'unknown' },
  },
  examples: [
    { line: 'sspay pay', ko: '새 고객이 1,004원 결제', en: 'a new customer pays 1,004 won' },
    { line: 'sspay pay --amount 50000 --installments 3', ko: '3개월 할부', en: 'three instalments' },
    {
      line: 'sspay pay --customer user0001',
      ko: '두 번째부터는 비밀번호만',
      en: 'from the second time only the password',
    },
    { line: 'sspay pay --mobile --euc-kr --json', ko: '모바일 연동, EUC-KR', en: 'the mobile flow in EUC-KR' },
    { line: 'sspay pay --amount 1004 --cancel-amount 504', ko: '결제 뒤 부분 취소', en: 'pays, then refunds a part' },
    { line: 'sspay pay --customer user0001 --delete-member', ko: '회원 삭제', en: 'deletes the member' },
    {
      line: 'sspay pay --card 9406000030810007',
      exitCode: 1,
      ko: '한도가 부족한 카드',
      en: 'a card with insufficient balance',
    },
  ],
  findProblem: ({ values }) => findPayProblem(values),
  async run({ values, terminal, language }) {
    const options = payOptionsOf(values)
    // With --json, stdout carries nothing but the result.
    const steps = options.printsJson ? terminal.errors : terminal.output
    const report = (text: LocalizedText): void => void steps.write(`${t(language, text)}\n`)
    const services = await findServices(options, terminal.environment, report)
    if (services === undefined) return exitCodes.unreachable
    try {
      const { gatewayUrl, consoleUrl } = services
      const runtime = await runtimeAt(consoleUrl)
      const result = await pay({ runtime, options, gatewayUrl, consoleUrl, report }).catch(resultOfFailure)
      const { sentence, wire = {}, exitCode } = result
      report(sentence)
      if (options.printsJson) terminal.output.write(`${JSON.stringify(wire)}\n`)
      else for (const [name, value] of Object.entries(wire)) terminal.output.write(`  ${name.padEnd(16)} ${value}\n`)
      return exitCode
    } finally {
      await services.close()
    }
  },
})

/** A payment rejected by the window charged nothing; after any other error the outcome is unknown. */
function resultOfFailure(cause: unknown): PayResult {
  if (cause instanceof UsageError) throw cause
  if (cause instanceof WindowRejection) {
    const { resultCode, message, reason: explained = untranslated('') } = cause
    const reason = findResultReason(resultCode ?? '')
    const why = reason === undefined ? untranslated(message) : resultCodes[reason]
    const code = resultCode === undefined ? '' : `${resultCode} `
    const sentence = {
      ko: `결제창에서 멈춤: ${code}${why.ko} ${explained.ko}`.trim(),
      en: `stopped in the window: ${code}${why.en} ${explained.en}`.trim(),
    }
    if (resultCode === undefined) return { exitCode: 3, sentence }
    const resultMessage = resultCodes[reason ?? 'internal'].ko
    return { exitCode: 1, sentence, wire: writeMessage(approvalResult, { resultCode, resultMessage }) }
  }
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
  return { exitCode: 3, sentence: { ko: `결과를 알 수 없음: ${reason}`, en: `unknown: ${reason}` } }
}

interface Services {
  readonly gatewayUrl: string
  readonly consoleUrl: string
  close(): Promise<void>
}

async function findServices(
  { gatewayUrl: chosen, consoleUrl: chosenConsole }: PayOptions,
  environment: Environment,
  report: (text: LocalizedText) => void,
): Promise<Services | undefined> {
  const gatewayUrl = chosen ?? `http://localhost:${readPort('gateway', environment)}`
  const consoleUrl = chosenConsole ?? `http://localhost:${readPort('console', environment)}`
  if (await answers(gatewayUrl)) return { gatewayUrl, consoleUrl, close: async () => {} }
  if (chosen !== undefined) {
    report({
      ko: `--gateway: ${gatewayUrl} 에서 응답이 없습니다. 게이트웨이가 켜져 있는지, 주소와 포트가 맞는지 확인하거나, --gateway 를 빼세요(http://localhost:4610 또는 SSPAY_GATEWAY_PORT, 없으면 임시 샌드박스)`,
      en: `--gateway: ${gatewayUrl} does not answer. Check that the gateway runs, and its address and port, or leave --gateway out (http://localhost:4610 or SSPAY_GATEWAY_PORT, else a temporary sandbox)`,
    })
    return undefined
  }
  report({
    ko: `${gatewayUrl} 에서 응답이 없어 임시 샌드박스를 띄웁니다`,
    en: `${gatewayUrl} does not answer: starting a temporary sandbox`,
  })
  return startTemporarySandbox().catch((cause) => {
    const text = cause instanceof SandboxStartError ? cause.text : explainSystemError(cause, anotherTemporaryFolder)
    if (text === undefined) throw cause
    report(text)
    return undefined
  })
}

const anotherTemporaryFolder: LocalizedText = {
  ko: '다른 임시 폴더를 지정하세요(TMPDIR, Windows는 TEMP)',
  en: 'choose another folder for temporary files (TMPDIR, on Windows TEMP)',
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`, { signal: AbortSignal.timeout(probeTimeoutMs) }).then(
    async (answer) => answer.ok && (await answer.text()).startsWith('ok'),
    () => false,
  )

async function startTemporarySandbox(): Promise<Services> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-pay-'))
  const { startSandbox } = await import('../sandbox.ts')
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({ dataFolder: folder, host: '127.0.0.1', ports })
  return {
    gatewayUrl: sandbox.urls.gateway,
    consoleUrl: sandbox.urls.console,
    async close() {
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
