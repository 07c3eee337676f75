import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { waitForShop } from '../support/wait-for-shop.ts'

/** How a shop is started: with Node, in its own folder. It takes its port from `PORT`. */
export interface ShopProgram {
  readonly name: string
  readonly folder: string
  readonly arguments: readonly string[]
}

/** A shop with its address and environment, which outlive its processes. */
export interface ShopProcess {
  /** Where it listens; its public address may be another. */
  readonly origin: string
  /** Everything it has printed, over all its lives. */
  output(): string
  start(): Promise<void>
  /** `SIGKILL` is the power cut: nothing of the shop runs on. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export function prepareShop(
  { folder, arguments: given }: ShopProgram,
  environment: Readonly<Record<string, string>> & { readonly PORT: string },
): ShopProcess {
  const origin = `http://localhost:${environment.PORT}`
  let output = ''
  let running: ChildProcess | undefined
  return {
    origin,
    output: () => output,
    async start() {
      const env = { ...process.env, ...environment }
      const child = spawn(process.execPath, given, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
      running = child
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
      await waitForShop(origin, child, () => output)
    },
    async end(signal) {
      const child = running
      running = undefined
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill(signal)
      await exited
    },
  }
}
