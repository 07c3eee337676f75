import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { repository } from '../source/files.ts'
import { endGroup } from '../support/end-group.ts'
import { freePort } from '../support/free-port.ts'

interface Service {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** The services of `shops-compose.yml` as processes of this machine. */
export interface Services {
  /** Origins by port of the file, such as 4700, for programs outside of the network. */
  at(port: number): string
  start(name: string): void
  /** Everything the services have printed. */
  output(): string
  stop(): Promise<void>
}

const folderOf = (path: string): string => resolve(repository, path)

/** An address in a private network, as those of containers are, if this machine has one. */
function privateAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const found = all.find(({ address, internal }) => !internal && /^(10\.|192\.168\.|f[cd])/.test(address))
  return found?.family === 'IPv6' ? `[${found.address}]` : found?.address
}

const rewrite = (text: string, replacements: readonly (readonly [string, string])[]): string =>
  replacements.reduce((rewritten, [from, to]) => rewritten.replaceAll(from, to), text)

/**
 * Rewrites only what containers bring: free ports for those of the file, addresses for the names of services, folders
 * of `folder` for volumes.
 */
export async function composeServices(folder: string): Promise<Services> {
  const ports = new Map<number, number>()
  for (const port of [4600, 4610, 4611, 4620, 4700, 4701]) ports.set(port, await freePort())
  const network = privateAddress() ?? '127.0.0.1'
  const names = ['php', 'java'].map((name) => [`http://${name}:`, `http://${network}:`] as const)
  const portTexts = Array.from(ports, ([port, free]) => [String(port), String(free)] as const)
  const merchants = join(folder, 'merchants.json')
  const places = [
    ['http://sandbox:', 'http://127.0.0.1:'],
    // 0.0.0.0 is IPv4 only.
    ...(network.startsWith('[')
      ? ([
          ['0.0.0.0:', '[::]:'],
          ['HOST: 0.0.0.0', "HOST: '::'"],
        ] as const)
      : []),
    ['/etc/merchants.json', merchants],
    ['/orders/', `${folder}/`],
    ['/tmp/classes', `${folder}/classes`],
  ] as const
  const operating = folderOf('docs/operating')
  const read = (name: string): string => rewrite(readFileSync(join(operating, name), 'utf8'), portTexts)
  writeFileSync(merchants, rewrite(read('shops-merchants.json'), names))
  const { services } = parse(rewrite(read('shops-compose.yml'), places)) as { services: Record<string, Service> }
  let output = ''
  const running: ReturnType<typeof spawn>[] = []
  /** What the image sets by itself. */
  const imageEnvironment = {
    SSPAY_DATA: join(folder, 'data'),
    SSPAY_HOST: '0.0.0.0',
    ...Object.fromEntries(
      Object.entries({ SHOP: 4600, GATEWAY: 4610, GATEWAY_TLS: 4611, CONSOLE: 4620 }).map(([name, port]) => [
        `SSPAY_${name}_PORT`,
        String(ports.get(port)),
      ]),
    ),
  }
  mkdirSync(imageEnvironment.SSPAY_DATA)
  const entrypoint = [process.execPath, folderOf('packages/sandbox/src/bin.ts')]
  return {
    at: (port) => `http://localhost:${ports.get(port)}`,
    output: () => output,
    start(name) {
      const { command = [], environment = {} } = services[name] ?? {}
      const isSandbox = name === 'sandbox'
      const [file = '', ...args] = isSandbox ? [...entrypoint, ...command] : command
      const child = spawn(file, args, {
        cwd: isSandbox ? folder : folderOf(`examples/${name}`),
        env: { PATH: process.env.PATH, ...(isSandbox ? imageEnvironment : {}), ...environment },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
      running.push(child)
    },
    async stop() {
      for (const child of running.splice(0)) await endGroup(child)
    },
  }
}
