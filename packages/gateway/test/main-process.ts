import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { until } from '../../../test/support/until.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** A gateway in a process of its own. */
export interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  readonly ended: Promise<number | null>
}

export function run(environment: Readonly<Record<string, string>>, ...args: string[]): Run {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const child = spawn(process.execPath, [main, ...args], { env: { PATH, NODE_COMPILE_CACHE, ...environment } })
  let output = ''
  child.stdout?.on('data', (text) => {
    output += text
  })
  child.stderr?.on('data', (text) => {
    output += text
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, output: () => output, ended }
}

export const environmentFor = (dataFolder: string, url = 'http://127.0.0.1:1') => ({
  SSPAY_DATA: dataFolder,
  SSPAY_GATEWAY_PORT: '0',
  SSPAY_CONSOLE_PORT: '0',
  SSPAY_CARD_NETWORK_URL: url,
  SSPAY_IDENTITY_URL: url,
})

export async function listeningUrl({ child, output }: Run): Promise<string> {
  const what = (): string => `the address of the gateway, in ${output()}`
  const found = await until(() => /"url":"(http:[^"]+)"/.exec(output())?.[1] ?? hasEnded(child), { what })
  if (found === true) throw new Error(`the gateway has ended without ${what()}`)
  return found
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null
