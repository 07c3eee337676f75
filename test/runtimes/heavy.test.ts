import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installReleaseTools, releaseTool } from '../../tools/packages/release-tools.ts'
import { run } from '../frameworks/install-example.ts'
import { freePort } from '../support/free-port.ts'
import { type EventVersion, type LambdaHandler, sendAsEvents } from './api-gateway.ts'
import { type Runtime, runtimeContract } from './contract.ts'
import { installHosts, startHost, versionOf, writeWorker } from './hosts.ts'
import { printReport } from './report.ts'
import { sendOverSockets } from './send.ts'
import type { ShopSettings } from './shop.ts'

installReleaseTools()
const folder = await installHosts()
const module = (path: string): string => join(folder, 'node_modules', path)
const { platform, arch } = process

const environmentOf = ({ gateway, url }: ShopSettings) => ({ GATEWAY: gateway, CHECKOUT_URL: url })

/** A runtime with a server of its own. */
const serving = (name: string, file: string, given: readonly string[]): Runtime => ({
  name,
  version: versionOf(folder, name.toLowerCase()),
  async open(settings) {
    const environment = environmentOf(settings)
    const host = await startHost(folder, { file, arguments: given, port: await freePort(), environment })
    return { send: sendOverSockets(host.origin), close: host.close }
  },
})

/** Of the tools of a release, as in the suites of these versions. */
const olderNode = (name: 'node-20' | 'node-22'): Runtime => {
  const file = releaseTool(`${name}/bin/node`)
  return {
    name: `Node, Express over sockets (${name})`,
    version: execFileSync(file, ['--version'], { encoding: 'utf8' }).trim(),
    async open(settings) {
      const environment = environmentOf(settings)
      const host = await startHost(folder, { file, arguments: ['serve-node.js'], port: await freePort(), environment })
      return { send: sendOverSockets(host.origin), close: host.close }
    },
  }
}

/** Its compatibility date decides how far workerd claims to be Node. */
const workerd = (compatibilityDate: string): Runtime => ({
  name: `workerd as of ${compatibilityDate}, Durable Object`,
  version: versionOf(folder, 'workerd'),
  async open(settings) {
    const port = await freePort()
    const configuration = await writeWorker(folder, { port, compatibilityDate }, environmentOf(settings))
    const file = module(`@cloudflare/workerd-${platform}-${arch === 'x64' ? '64' : arch}/bin/workerd`)
    const host = await startHost(folder, { file, arguments: ['serve', '--experimental', configuration], port })
    return { send: sendOverSockets(host.origin), close: host.close }
  },
})

const next: Runtime = {
  name: 'Next.js with basePath and trailingSlash',
  version: versionOf(folder, 'next'),
  url: 'https://shop.example/store/pay',
  async open(settings) {
    const program = module('next/dist/bin/next')
    await run(folder, process.execPath, [program, 'build', 'next'])
    const port = await freePort()
    const host = await startHost(folder, {
      file: process.execPath,
      arguments: [program, 'start', 'next', '--port', String(port), '--hostname', '127.0.0.1'],
      port,
      environment: environmentOf(settings),
    })
    return { send: sendOverSockets(host.origin), close: host.close }
  },
}

const { handlers } = (await import(pathToFileURL(join(folder, 'serverless.js')).href)) as {
  readonly handlers: Readonly<Record<string, (settings: ShopSettings) => LambdaHandler>>
}
const onLambda = (wrapper: string, eventVersion: EventVersion): Runtime => ({
  name: `${wrapper}, API Gateway event ${eventVersion}`,
  version: versionOf(folder, wrapper.replace(/(^\w[\w-]*|^@[\w-]+\/[\w-]+).*/, '$1')),
  open: async (settings) => ({ send: sendAsEvents(handlers[wrapper]?.(settings) as LambdaHandler, eventVersion) }),
})

const runtimes: readonly Runtime[] = [
  serving('Bun', module(`@oven/bun-${platform}-${arch}/bin/bun`), ['serve.js']),
  serving('Deno', module(`@deno/${platform}-${arch}-glibc/deno`), ['run', '--allow-net', '--allow-env', 'serve.js']),
  olderNode('node-20'),
  olderNode('node-22'),
  workerd('2024-09-23'),
  workerd('2026-11-01'),
  next,
  ...Object.keys(handlers).flatMap((wrapper) => [onLambda(wrapper, '1.0'), onLambda(wrapper, '2.0')]),
]

for (const runtime of runtimes) runtimeContract(runtime)
printReport()
