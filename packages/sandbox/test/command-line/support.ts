import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeThis } from '../../../../test/support/closing.ts'
import { testDatabase } from '../../../gateway/test/test-storage.ts'
import { runCommandLine } from '../../src/command-line/run.ts'
import { commands } from '../../src/commands.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox.ts'

export interface Ran {
  readonly exitCode: number
  readonly output: string
  readonly errors: string
}

export interface Typing {
  /** What is piped in. */
  readonly input?: string | Uint8Array
  readonly environment?: Readonly<Record<string, string>>
  readonly stopping?: AbortSignal
  /** Called with all that was printed so far, after each piece of it. */
  readonly onPrint?: (ran: Omit<Ran, 'exitCode'>) => void
}

/** Types one `sspay` command. */
export async function run(given: readonly string[], typing: Typing = {}): Promise<Ran> {
  const { input, environment = {}, stopping, onPrint = () => {} } = typing
  let [output, errors] = ['', '']
  const exitCode = await runCommandLine({ commands, version: '1.2.3' }, given, {
    output: {
      write(text) {
        output += text
        onPrint({ output, errors })
      },
    },
    errors: {
      write(text) {
        errors += text
        onPrint({ output, errors })
      },
    },
    environment,
    ...(input === undefined ? {} : { input: bytesOf(input) }),
    ...(stopping === undefined ? {} : { stopping }),
  })
  return { exitCode, output, errors }
}

async function* bytesOf(input: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof input === 'string' ? Buffer.from(input) : input
}

export interface StartedSandbox extends Sandbox, AsyncDisposable {
  readonly folder: string
  /** Types a command beside it. */
  type(given: readonly string[], typing?: Typing): Promise<Ran>
  /** Leaves the folder for another start. */
  stop(): Promise<void>
  /** The same with `--json`, which must succeed. */
  typeForJson(given: readonly string[]): Promise<Record<string, never>>
}

/** A real sandbox on free ports, gone with all it wrote when it is closed. */
export async function startForCommands(settings: SandboxOptions['settings'] = {}): Promise<StartedSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-commands-'))
  const ports = { shop: 0, gateway: 0, gatewayTls: 0, console: 0 }
  const sandbox = await startSandbox({
    dataFolder: folder,
    ...(await testDatabase(folder)),
    host: '127.0.0.1',
    ports,
    settings,
  })
  const environment = {
    SSPAY_CONSOLE_PORT: new URL(sandbox.urls.console).port,
    SSPAY_GATEWAY_PORT: new URL(sandbox.urls.gateway).port,
  }
  const type: StartedSandbox['type'] = (given, typing = {}) =>
    run(given, { ...typing, environment: { ...environment, ...typing.environment } })
  return {
    ...sandbox,
    folder,
    type,
    stop: sandbox.close,
    async typeForJson(given) {
      const { exitCode, output, errors } = await type([...given, '--json'])
      assert.equal(exitCode, 0, errors + output)
      return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
    },
    async close() {
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
    [Symbol.asyncDispose]: closeThis,
  }
}
