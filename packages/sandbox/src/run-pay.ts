import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realRuntime } from '@sspay/gateway'
import { approvalResult, findResultReason, resultCodes, writeMessage } from '@sspay/protocol'
import { type Environment, readPort } from './addresses.ts'
import { WindowRefusal } from './buyer/walk-window.ts'
import { pay } from './pay.ts'
import type { PayResult } from './pay-context.ts'
import { type PayOptions, payHelp, readPayCommand } from './pay-options.ts'
import { startSandbox } from './sandbox.ts'
import type { Output, Terminal } from './terminal.ts'

const probeTimeoutMs = 1_500

/** The command `sspay pay`. Returns the exit code: 0 done, 1 declined, 2 wrong options, 3 unknown. */
export async function runPay(given: readonly string[], { output, errors, environment }: Terminal): Promise<number> {
  const command = readPayCommand(given)
  if (command.kind === 'help') {
    output.write(payHelp)
    return 0
  }
  if (command.kind === 'problem') {
    errors.write(`${command.sentence}\nnpm run pay -- --help\n`)
    return 2
  }

  const { options } = command
  const people = options.printsJson ? errors : output
  const say = (line: string): void => void people.write(`${line}\n`)
  const services = await findServices(options, environment, say)
  if (services === undefined) return 3
  try {
    const { gatewayUrl, consoleUrl } = services
    const result = await pay({ runtime: realRuntime, options, gatewayUrl, consoleUrl, say }).catch(resultOfFailure)
    report(result, options.printsJson, say, output)
    return result.exitCode
  } finally {
    await services.close()
  }
}

function report(result: PayResult, printsJson: boolean, say: (line: string) => void, output: Output): void {
  say(result.sentence)
  if (printsJson) output.write(`${JSON.stringify(result.wire ?? {})}\n`)
  else if (result.wire !== undefined) say(describeWire(result.wire))
}

const describeWire = (wire: NonNullable<PayResult['wire']>): string =>
  Object.entries(wire)
    .map(([name, value = '']) => `  ${name.padEnd(16)} ${value}`)
    .join('\n')

/** A window that refuses has charged nothing; whatever else goes wrong leaves the outcome open. */
function resultOfFailure(cause: unknown): PayResult {
  if (cause instanceof WindowRefusal) {
    const sentence = `결제창에서 멈춤 / stopped in the window: ${cause.message}`
    const { resultCode } = cause
    if (resultCode === undefined) return { exitCode: 3, sentence }
    const resultMessage = resultCodes[findResultReason(resultCode) ?? 'internal'].ko
    return { exitCode: 1, sentence, wire: writeMessage(approvalResult, { resultCode, resultMessage }) }
  }
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
  return { exitCode: 3, sentence: `결과를 알 수 없음 / unknown: ${reason}` }
}

interface Services {
  readonly gatewayUrl: string
  readonly consoleUrl: string
  close(): Promise<void>
}

async function findServices(
  { gatewayUrl: chosen, consoleUrl: chosenConsole }: PayOptions,
  environment: Environment,
  say: (line: string) => void,
): Promise<Services | undefined> {
  const gatewayUrl = chosen ?? `http://localhost:${readPort('gateway', environment)}`
  const consoleUrl = chosenConsole ?? `http://localhost:${readPort('console', environment)}`
  if (await answers(gatewayUrl)) return { gatewayUrl, consoleUrl, close: async () => {} }
  if (chosen !== undefined) {
    say(`--gateway: ${gatewayUrl} 에서 응답이 없습니다 / nobody answers there`)
    return undefined
  }
  say(
    `${gatewayUrl} 에서 응답이 없어 임시 샌드박스를 띄웁니다 / nobody answers there: a private sandbox runs for this command`,
  )
  return startPrivateSandbox()
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`, { signal: AbortSignal.timeout(probeTimeoutMs) }).then(
    async (answer) => answer.ok && (await answer.text()).startsWith('ok'),
    () => false,
  )

async function startPrivateSandbox(): Promise<Services> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-pay-'))
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
