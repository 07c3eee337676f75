import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { endGroup } from '../support/end-group.ts'
import { freePort } from '../support/free-port.ts'
import { waitForShop } from '../support/wait-for-shop.ts'
import type { Language } from './languages.ts'

export interface ShopProcess {
  readonly origin: string
  /** Everything the shop has printed, over all its lives. */
  output(): string
  start(): Promise<void>
  /** `SIGKILL` is the power cut: nothing of the shop runs on. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Folder of the compiled program; absent for an interpreted language. */
export interface BuiltShop {
  readonly language: Language
  readonly folder: string
  remove(): Promise<void>
}

export async function buildShop(language: Language): Promise<BuiltShop> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-built-'))
  const command = language.build?.(folder)
  if (command !== undefined) {
    const { file, args, cwd } = command
    await promisify(execFile)(file, [...args], { timeout: 240_000, cwd })
  }
  return { language, folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** One shop with its address and its environment, which outlive its processes. */
export async function prepareShop(
  { language, folder }: BuiltShop,
  environment: Readonly<Record<string, string>>,
): Promise<ShopProcess> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const env = {
    ...process.env,
    ...environment,
    PORT: String(port),
    PHP_CLI_SERVER_WORKERS: '8',
    PYTHONDONTWRITEBYTECODE: '1',
  }
  let output = ''
  let running: ChildProcess | undefined
  return {
    origin,
    output: () => output,
    async start() {
      const { recoverFirst } = language
      if (recoverFirst !== undefined) {
        const { stderr } = await promisify(execFile)(recoverFirst.file, [...recoverFirst.args], { env })
        output += stderr
      }
      const { file, args, cwd } = language.serve(folder, port)
      const child = spawn(file, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
      running = child
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
      await waitForShop(origin, child, () => output)
    },
    async end(signal) {
      const child = running
      running = undefined
      if (child !== undefined) await endGroup(child, signal)
    },
  }
}
