import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { quickRootKey, type Ticket } from '../support/quick-payment.ts'

/** A gateway in a process of its own, as an operator starts it. */
export interface GatewayProcess {
  readonly url: string
  /** URL of its HTTPS port; undefined unless `place` names a key and a certificate. */
  readonly tlsUrl: string | undefined
  readonly pid: number
  isRunning(): boolean
  stop(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
}

/** The gateway of this version. */
const thisVersion = fileURLToPath(new URL('../../packages/gateway/src/main.ts', import.meta.url))

export interface GatewayOptions {
  /** `SSPAY_DATABASE_URL` or `SSPAY_DATA`, and any other setting. */
  readonly place: Readonly<Record<string, string>>
  readonly cardNetworkUrl: string
  /** Given to Node before the program. */
  readonly nodeOptions?: readonly string[]
  /** `main.ts` of another version. */
  readonly program?: string
  /** Receives warnings and errors of the log. */
  readonly onLine?: (line: string) => void
}

export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  const { place, cardNetworkUrl, nodeOptions = [], program = thisVersion, onLine } = options
  const args = ['--disable-warning=ExperimentalWarning', ...nodeOptions, program]
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH ?? '',
      SSPAY_LATENCY_TARGET_MS: '60000',
      ...place,
      SSPAY_ROOT_KEY: quickRootKey.expose(),
      SSPAY_CARD_NETWORK_URL: cardNetworkUrl,
      SSPAY_IDENTITY_URL: 'http://127.0.0.1:1',
      SSPAY_GATEWAY_PORT: '0',
      SSPAY_GATEWAY_TLS_PORT: '0',
      SSPAY_CONSOLE_PORT: '0',
    },
  })
  const started = Promise.withResolvers<string>()
  const startedTls = Promise.withResolvers<string | undefined>()
  startedTls.promise.catch(() => {})
  if (place.SSPAY_TLS_KEY === undefined) startedTls.resolve(undefined)
  let rest = ''
  child.stdout?.on('data', (text: Buffer) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const url = /"url":"(https?:[^"]+)"/.exec(line)?.[1]
      // The first of its ports is the public one.
      if (url !== undefined) (url.startsWith('https:') ? startedTls : started).resolve(url)
      if (/"level":(40|50|"warn"|"error")/.test(line)) onLine?.(line)
    }
  })
  child.once('exit', (code) => {
    for (const { reject } of [started, startedTls]) reject(new Error(`the gateway ended with ${code}`))
  })
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!isRunning()) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return {
    url: await started.promise,
    tlsUrl: await startedTls.promise,
    pid: child.pid ?? Number.NaN,
    isRunning,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** Posts an approval with a ticket; resolves with the answer. */
export async function approveAt(url: string, { transactionId, approvalTicket }: Ticket): Promise<string> {
  const answer = await fetch(`${url}/payment/approval/urlCallApproval.do`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Tid: transactionId, TrAuthKey: approvalTicket }),
  })
  return answer.text()
}

export const resultCodeOf = (answer: string): string =>
  (JSON.parse(answer) as { readonly ResultCode: string }).ResultCode
