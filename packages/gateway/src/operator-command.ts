import { type Environment, isLasting } from './environment.ts'
import type { RootKeys } from './root-key.ts'
import type { Runtime } from './runtime.ts'
import type { StoragePlace } from './storage/open-storage.ts'

/** The process of a command that an operator runs beside the gateway. */
export interface CommandProcess {
  readonly runtime: Runtime
  /** Throws with a message for the operator. */
  place(): StoragePlace
  /** Standard output: the result. */
  write(text: string | Uint8Array): void
  /** Standard error: progress and problems. */
  report(text: string): void
}

/** The same with all that the environment says. */
export interface GatewayProcess extends CommandProcess {
  readonly environment: Environment
  /** Creates the key file where there is none. */
  rootKeys(place: StoragePlace): Promise<RootKeys>
}

/** One of `commands.ts`: resolves with its exit code. */
export type GatewayCommand = (args: readonly string[], command: GatewayProcess) => Promise<number>

/** `usage`: wrong options or settings, which another run does not heal. */
export const exitCodes = { done: 0, rejected: 1, usage: 2 } as const

export class UsageError extends Error {}

/** Reports what `work` throws, and resolves with the exit code. */
export async function runCommand(
  name: string,
  { report }: Pick<CommandProcess, 'report'>,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work()
  } catch (cause) {
    report(`sspay-gateway ${name}: ${cause instanceof Error ? cause.message : 'failed'}\n`)
    if (isLasting(cause)) return exitCodes.usage
    if (!(cause instanceof UsageError)) return exitCodes.rejected
    report(`sspay-gateway ${name} --help\n`)
    return exitCodes.usage
  }
}

/** What `parse` returns; its error is one of usage. */
export function parseOrUsageError<Parsed>(parse: () => Parsed): Parsed {
  try {
    return parse()
  } catch (cause) {
    throw new UsageError(`잘못된 옵션입니다. ${(cause as Error).message}`, { cause })
  }
}

/** True at most once a second: for progress reports. */
export function onceASecond(runtime: Pick<Runtime, 'now'>): () => boolean {
  let last = runtime.now().getTime()
  return () => {
    const now = runtime.now().getTime()
    if (now - last < 1_000) return false
    last = now
    return true
  }
}
