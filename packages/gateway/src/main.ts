import { constants } from 'node:os'
import { readCommandLine } from './commands.ts'
import { isLasting, readPlace, readRootKeys } from './environment.ts'
import { gatewayHelp } from './help.ts'
import type { Log } from './logging/log.ts'
import { exitCodes, type GatewayProcess } from './operator-command.ts'
import { realRuntime } from './runtime.ts'
import type { StartedGateway } from './start-gateway.ts'
import { readAllowedUnsafe, rootKeyOptionsOf } from './unsafe-settings.ts'
import { readVersion } from './version.ts'

const signals = ['SIGTERM', 'SIGINT'] as const

/** SIGHUP: before the start has ended it asks for a reload after it, and while the gateway stops it does nothing. */
function createHangup() {
  let isAsked = false
  let reload = async (): Promise<void> => {
    isAsked = true
  }
  process.on('SIGHUP', () => void reload())
  return {
    begin(work: () => Promise<void>): void {
      reload = work
      if (isAsked) void reload()
    },
    end(): void {
      reload = async () => {}
    },
  }
}

async function runGateway(): Promise<void> {
  const hangup = createHangup()
  const { startGateway } = await import('./start-gateway.ts')
  const started = await startGateway(process.env)
  hangup.begin(started.reload)
  stopOnSignal(started, hangup.end)
}

function stopOnSignal({ gateway, listeners, drainMs }: StartedGateway, onStop: () => void): void {
  const { log } = gateway.context
  const stop = async (signal: string): Promise<void> => {
    log.info('stopping', { signal })
    // A second signal exits immediately.
    for (const again of signals) process.once(again, () => endAtOnce(log, again))
    onStop()
    gateway.drain()
    for (const listener of listeners) listener.drain()
    await new Promise<void>((resolve) => void realRuntime.schedule(drainMs, resolve))
    await Promise.all(listeners.map((listener) => listener.close()))
    await gateway.close()
    log.info('stopped')
  }
  for (const signal of signals) process.once(signal, () => void stop(signal))
  // Last: a supervisor that reads the address may send a signal at once.
  for (const { url } of listeners) log.info('listening', { url })
}

/** Exit code as if killed by the signal: 128 + its number. */
function endAtOnce(log: Log, signal: (typeof signals)[number]): never {
  log.warn('stopped_at_once', { signal })
  process.exit(128 + constants.signals[signal])
}

const gatewayProcess: GatewayProcess = {
  runtime: realRuntime,
  environment: process.env,
  place: () => readPlace(process.env),
  rootKeys: (place) => readRootKeys(process.env, place, rootKeyOptionsOf(readAllowedUnsafe(process.env))),
  write: (text) => void process.stdout.write(text),
  report: (text) => void process.stderr.write(text),
}

const { write, report } = gatewayProcess
const { version, node } = readVersion()
const line = readCommandLine(process.argv.slice(2))
if (line.kind === 'help') write(gatewayHelp)
else if (line.kind === 'version') write(`sspay-gateway ${version} (Node.js ${node})\n`)
else if (line.kind === 'problem') {
  report(`sspay-gateway: ${line.message}\nsspay-gateway --help\n`)
  process.exitCode = exitCodes.usage
} else if (line.kind === 'command') {
  const run = await line.load()
  process.exitCode = await run(line.args, gatewayProcess)
} else {
  try {
    await runGateway()
  } catch (cause) {
    report(`sspay-gateway: ${cause instanceof Error ? cause.message : 'could not start'}\n`)
    process.exitCode = isLasting(cause) ? exitCodes.usage : exitCodes.rejected
  }
}
