import { constants } from 'node:os'
import { EnvironmentError, readPlace, readRootKeys } from './environment.ts'
import { gatewayHelp } from './help.ts'
import type { Log } from './logging/log.ts'
import type { CommandProcess } from './operator-command.ts'
import { realRuntime } from './runtime.ts'
import type { StartedGateway } from './start-gateway.ts'
import { readAllowedUnsafe, rootKeyOptionsOf } from './unsafe-settings.ts'

const signals = ['SIGTERM', 'SIGINT'] as const

function stopOnSignal({ gateway, listeners, drainMs }: StartedGateway): void {
  const { log } = gateway.context
  const stop = async (signal: string): Promise<void> => {
    log.info('stopping', { signal })
    // A second signal exits immediately.
    for (const again of signals) process.once(again, () => endAtOnce(log, again))
    gateway.drain()
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

const command: CommandProcess = {
  runtime: realRuntime,
  place: () => readPlace(process.env),
  write: (text) => void process.stdout.write(text),
  report: (text) => void process.stderr.write(text),
}

if (process.argv[2] === 'archive') {
  const { runArchive } = await import('./archive-command.ts')
  process.exitCode = await runArchive(process.argv.slice(3), command)
} else if (process.argv[2] === 'report') {
  const { runReport } = await import('./report-command.ts')
  process.exitCode = await runReport(process.argv.slice(3), command)
} else if (process.argv[2] === 'reconcile') {
  const { runReconcile } = await import('./reconcile-command.ts')
  process.exitCode = await runReconcile(process.argv.slice(3), command)
} else if (process.argv[2] === 'rotate-root-key') {
  const { runRotation } = await import('./rotate-command.ts')
  process.exitCode = await runRotation(process.argv.slice(3), {
    ...command,
    rootKeys: (place) => readRootKeys(process.env, place, rootKeyOptionsOf(readAllowedUnsafe(process.env))),
  })
} else if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(gatewayHelp)
} else {
  try {
    const { startGateway } = await import('./start-gateway.ts')
    stopOnSignal(await startGateway(process.env))
  } catch (cause) {
    process.stderr.write(`sspay-gateway: ${cause instanceof Error ? cause.message : 'could not start'}\n`)
    process.exitCode = cause instanceof EnvironmentError ? 2 : 1
  }
}
