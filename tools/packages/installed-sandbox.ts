import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { environmentWith } from './node-versions.ts'

export interface InstalledSandbox {
  readonly gateway: string
  readonly console: string
  /** From the start of the command until all its addresses are printed. */
  readonly startMs: number
  close(): Promise<void>
}

const startLimitMs = 60_000

/** The addresses, in the order in which the sandbox prints them: shop, gateway, gateway over TLS, console. */
async function readAddresses(child: ChildProcess): Promise<readonly string[]> {
  let printed = ''
  child.stdout?.setEncoding('utf8')
  for await (const text of child.stdout ?? []) {
    printed += text
    const addresses = printed.match(/https?:\/\/localhost:\d+(?=\s)/g) ?? []
    if (addresses.length >= 4) return addresses
  }
  throw new Error(`the sandbox ended with ${child.exitCode} before it had started: ${printed}`)
}

/** Starts the command that npm has put into the folder, on free ports, by the Node that the environment finds first. */
export async function startInstalled(folder: string, node: string): Promise<InstalledSandbox> {
  const ports = ['SHOP', 'GATEWAY', 'GATEWAY_TLS', 'CONSOLE'].map((name) => [`SSPAY_${name}_PORT`, '0'])
  const startedAt = performance.now()
  const child = spawn(join(folder, 'node_modules/.bin/sspay'), ['sandbox'], {
    cwd: folder,
    env: { ...environmentWith(node), ...Object.fromEntries(ports) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), startLimitMs)
  try {
    const [, gateway = '', , console = ''] = await readAddresses(child)
    const startMs = performance.now() - startedAt
    const close = async (): Promise<void> => {
      child.kill('SIGTERM')
      const [exitCode] = await ended
      if (exitCode !== 0) throw new Error(`the sandbox ended with ${exitCode}`)
    }
    child.stdout?.resume()
    return { gateway, console, startMs, close }
  } catch (cause) {
    child.kill('SIGKILL')
    throw cause
  } finally {
    clearTimeout(timer)
  }
}
