import { type Environment, readPlace, readRootKeys } from '../src/environment.ts'
import type { GatewayCommand } from '../src/operator-command.ts'
import { type Runtime, realRuntime } from '../src/runtime.ts'
import type { StoragePlace } from '../src/storage/open-storage.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly bytes: Buffer
  readonly reported: string
}

export interface Surroundings {
  readonly environment?: Environment
  /** Default: what the environment says. */
  readonly place?: () => StoragePlace
  readonly runtime?: Runtime
}

/** Runs a command of `sspay-gateway` as the operator's shell would, in this process. */
export async function runCommand(
  command: GatewayCommand,
  { environment = {}, place = () => readPlace(environment), runtime = realRuntime }: Surroundings,
  ...args: readonly string[]
): Promise<Ran> {
  const written: Uint8Array[] = []
  let reported = ''
  const code = await command(args, {
    runtime,
    environment,
    place,
    rootKeys: (where) => readRootKeys(environment, where),
    write: (text) => void written.push(Buffer.from(text)),
    report: (text) => {
      reported += text
    },
  })
  const bytes = Buffer.concat(written)
  return { code, out: bytes.toString('utf8'), bytes, reported }
}

/** The place of a command that must not look for a database. */
export const nowhere = (): never => {
  throw new Error('the database was looked for')
}
