import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '../../packages/gateway/test/test-storage.ts'
import { freePort } from '../support/free-port.ts'

const root = new URL('../..', import.meta.url).pathname
const command = join(root, 'packages/sandbox/src/cli.ts')

export interface Ports {
  readonly shop: number
  readonly gateway: number
  readonly gatewayTls: number
  readonly console: number
}

export async function freePorts(): Promise<Ports> {
  const [shop, gateway, gatewayTls, console] = [await freePort(), await freePort(), await freePort(), await freePort()]
  return { shop, gateway, gatewayTls, console }
}

export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'sspay-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

export interface Finished {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line to its end. */
export async function sspay(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const child = spawn(process.execPath, [command, ...args], { cwd: root, env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { exitCode, stdout, stderr }
}

export interface RunningSandbox {
  readonly process: ChildProcess
  readonly output: string
  stop(signal: NodeJS.Signals): Promise<void>
}

/** Starts the sandbox as `npm start` does, and waits until it has printed its four addresses. */
export async function startSandboxProcess(dataFolder: string, ports: Ports): Promise<RunningSandbox> {
  const { databaseUrl } = await testDatabase(dataFolder)
  const child = spawn(process.execPath, [command, 'sandbox'], {
    cwd: root,
    env: {
      ...process.env,
      SSPAY_DATA: dataFolder,
      SSPAY_DATABASE_URL: databaseUrl?.expose() ?? '',
      SSPAY_SHOP_PORT: String(ports.shop),
      SSPAY_GATEWAY_PORT: String(ports.gateway),
      SSPAY_GATEWAY_TLS_PORT: String(ports.gatewayTls),
      SSPAY_CONSOLE_PORT: String(ports.console),
    },
  })
  let output = ''
  child.stderr.on('data', (chunk) => (output += chunk))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (Object.values(ports).every((port) => output.includes(`:${port}`))) resolve()
    })
    child.once('exit', (exitCode) => reject(new Error(`the sandbox ended with ${exitCode}: ${output}`)))
  })
  return {
    process: child,
    output,
    async stop(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill(signal)
      await exited
    },
  }
}

/** The one JSON object that `--json` prints on the last line. */
export const lastLine = (text: string): Readonly<Record<string, string>> =>
  JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')
