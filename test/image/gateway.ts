import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { readManifest } from '../../tools/packages/manifest.ts'
import { freePort } from '../support/free-port.ts'
import { until } from '../support/until.ts'
import type { Container, Variables } from './container.ts'

const composeFile = resolve(import.meta.dirname, '../../docs/operating/compose.yml')

/** As in compose.yml, but at free ports, and without the merchants of the host. */
async function composeEnvironment(): Promise<Variables> {
  const { SSPAY_MERCHANTS: _, ...environment } = parse(readFileSync(composeFile, 'utf8')).services.gateway.environment
  const [gateway, console] = await Promise.all([freePort(), freePort()])
  const ports = { SSPAY_GATEWAY_PORT: String(gateway), SSPAY_CONSOLE_PORT: String(console) }
  return { ...environment, ...ports, SSPAY_DRAIN_SECONDS: '0' }
}

/** The gateway of compose.yml: healthy by the probe of its image, and stopped by its signal. */
export async function tryGateway({ config, start, outputOf, requireUser }: Container): Promise<void> {
  const variables = await composeEnvironment()
  const { version } = readManifest('gateway')
  const printed = await outputOf(['/usr/local/bin/sspay-gateway', '--version'], variables)
  if (!printed.includes(version)) throw new Error(`sspay-gateway --version prints ${printed}`)

  const child = start([...config.Entrypoint, ...config.Cmd], variables)
  const ended = once(child, 'exit')
  child.stdout?.resume()
  try {
    const [, ...probe] = config.Healthcheck.Test
    const here = probe.map((word) => word.replace(':4610/', `:${variables.SSPAY_GATEWAY_PORT}/`))
    const isHealthy = async () => (await outputOf(here, {}).catch(() => undefined)) !== undefined
    await until(isHealthy, { what: 'a healthy gateway' })
    requireUser(child)
    child.kill(config.StopSignal as NodeJS.Signals)
    const [exitCode] = await ended
    if (exitCode !== 0) throw new Error(`the gateway ended with ${exitCode}`)
    console.log(`sspay-gateway ${printed.trim()}: healthy, and stopped`)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}
