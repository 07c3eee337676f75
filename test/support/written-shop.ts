import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBuyer, type ReachedSandbox } from '../adapters/buyer.ts'
import { createShopClient, titleOf } from '../other-languages/shop-client.ts'
import { endGroup } from './end-group.ts'
import { freePort } from './free-port.ts'
import { waitForShop } from './wait-for-shop.ts'

/** What `sspay init --json` prints. */
export interface Written {
  readonly folder: string
  readonly commands: readonly string[]
}

/** A shop that `sspay init` wrote, on a port of its own. */
export interface WrittenShop {
  readonly origin: string
  /** The printed commands, for that port. */
  readonly commands: readonly string[]
  /** Starts the command; resolves when the shop answers. Disposing ends it. */
  start(command: string, environment?: NodeJS.ProcessEnv): Promise<AsyncDisposable>
  /** A new customer orders and pays. Returns the page that the customer sees at the end. */
  pay(sandbox: ReachedSandbox): Promise<string>
}

/** Moves a written shop from port 4700 to a free one. */
export async function moveToFreePort({ folder, commands }: Written): Promise<WrittenShop> {
  const port = String(await freePort())
  const moved = (text: string): string => text.replaceAll('4700', port)
  for (const file of ['.env', 'package.json'].map((name) => join(folder, name)).filter((path) => existsSync(path)))
    writeFileSync(file, moved(readFileSync(file, 'utf8')))
  const origin = `http://localhost:${port}`
  const isOfSdk = commands.some((command) => command.includes('/pay/notice'))
  return {
    origin,
    commands: commands.map(moved),
    async start(command, environment = process.env) {
      const child = spawn('bash', ['-c', `exec ${command}`], {
        cwd: folder,
        env: environment,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
      await waitForShop(origin, child, () => output)
      return { [Symbol.asyncDispose]: () => endGroup(child) }
    },
    async pay(sandbox) {
      if (isOfSdk) return (await createBuyer(origin, sandbox).pay()).seen.html
      const client = createShopClient(origin, sandbox.urls.console)
      const form = await client.openForm(await client.order())
      const ticket = await client.authenticate(form)
      return titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', ticket))
    },
  }
}
