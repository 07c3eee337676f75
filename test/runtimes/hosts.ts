import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'
import { installCopy } from '../frameworks/install-example.ts'
import { until } from '../support/until.ts'

/** The folder `hosts` with its runtimes and the built packages, and the shop as JavaScript. */
export async function installHosts(): Promise<string> {
  const folder = await installCopy(join(import.meta.dirname, 'hosts'))
  const source = readFileSync(join(import.meta.dirname, 'shop.ts'), 'utf8')
  writeFileSync(join(folder, 'shop.js'), (await transform(source, { loader: 'ts' })).code)
  return folder
}

export const versionOf = (folder: string, dependency: string): string =>
  JSON.parse(readFileSync(join(folder, 'node_modules', dependency, 'package.json'), 'utf8')).version

interface HostProgram {
  readonly file: string
  readonly arguments: readonly string[]
  /** Where it listens. */
  readonly port: number
  readonly environment?: Readonly<Record<string, string>>
}

export interface Host {
  readonly origin: string
  close(): Promise<void>
}

/** Starts a shop in a process of its own. Resolves once it answers. */
export async function startHost(folder: string, program: HostProgram): Promise<Host> {
  const { file, arguments: given, port, environment = {} } = program
  const env = { ...process.env, ...environment, PORT: String(port) }
  const child = spawn(file, given, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  child.on('error', (error) => (printed += error))
  const origin = `http://127.0.0.1:${port}`
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  const what = (): string => `an answer of ${file} at ${origin}: ${printed}`
  try {
    await until(async () => hasEnded() || (await fetch(origin)).status > 0, { deadline: 90_000, every: 50, what })
    if (hasEnded()) throw new Error(`${file} has ended: ${printed}`)
    return { origin, close: () => end(child) }
  } catch (error) {
    await end(child)
    throw error
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** Bundles the worker and configures workerd: a Durable Object with SQLite, and a network that reaches the gateway. */
export async function writeWorker(
  folder: string,
  { port, compatibilityDate }: { readonly port: number; readonly compatibilityDate: string },
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  await build({
    entryPoints: [join(folder, 'worker.js')],
    outfile: join(folder, 'dist/worker.js'),
    bundle: true,
    format: 'esm',
    external: ['node:*', 'cloudflare:*'],
    logLevel: 'error',
  })
  const bindings = Object.entries(environment).map(([name, value]) => `(name = "${name}", text = "${value}")`)
  const storage = join(folder, `storage-${port}`)
  mkdirSync(storage, { recursive: true })
  const configuration = join(folder, 'worker.capnp')
  writeFileSync(
    configuration,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "shop", worker = .shop),
    (name = "internet", network = (allow = ["private"])),
    (name = "storage", disk = (path = "${storage}", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "shop")],
);
const shop :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "dist/worker.js")],
  compatibilityDate = "${compatibilityDate}",
  compatibilityFlags = ["nodejs_compat"],
  bindings = [(name = "SHOP", durableObjectNamespace = "Shop"), ${bindings.join(', ')}],
  durableObjectNamespaces = [(className = "Shop", uniqueKey = "shop", enableSql = true)],
  durableObjectStorage = (localDisk = "storage"),
);
`,
  )
  return configuration
}
