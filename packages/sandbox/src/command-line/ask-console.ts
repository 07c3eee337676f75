import { readPort } from '../addresses.ts'
import type { Terminal } from '../terminal.ts'
import { type Call, exitCodes, type Options } from './command.ts'

const timeoutMs = 5_000

export interface ConsoleAnswer<Json> {
  readonly isDone: boolean
  readonly json: Json
}

export interface ConsoleRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly json?: unknown
}

/** The origin given by `--console`, or that of the local sandbox. Throws a usage error for an invalid port. */
export const consoleUrlOf = (given: string | undefined, { environment }: Pick<Terminal, 'environment'>): string =>
  given === undefined ? `http://localhost:${readPort('console', environment)}` : new URL(given).origin

/** Undefined when no console answers at that address. */
export async function askConsole<Json>(
  url: string,
  { json, method = json === undefined ? 'GET' : 'POST' }: ConsoleRequest = {},
): Promise<ConsoleAnswer<Json> | undefined> {
  try {
    const answer = await fetch(url, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(json === undefined ? {} : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
    })
    return { isDone: answer.ok, json: (await answer.json()) as Json }
  } catch {
    return undefined
  }
}

type ConsoleCall = Pick<Call<Options>, 'terminal' | 't'> & {
  readonly values: { readonly console?: string | undefined; readonly json: boolean }
}

/** Prints the answer: JSON with `--json`, else its description, on stderr for a rejection. Returns the exit code. */
export function printAnswer<Json>(
  call: ConsoleCall,
  answer: ConsoleAnswer<Json> | undefined,
  describe: (json: Json) => string,
): number {
  const { terminal, values } = call
  if (answer === undefined) return reportUnreachable(call)
  const { isDone, json } = answer
  if (values.json) terminal.output.write(`${JSON.stringify(json)}\n`)
  else (isDone ? terminal.output : terminal.errors).write(describe(json))
  return isDone ? exitCodes.done : exitCodes.rejected
}

/** Reports that no sandbox answers and how to start one. Returns the exit code. */
export function reportUnreachable({ terminal, values, t }: ConsoleCall): number {
  const consoleUrl = consoleUrlOf(values.console, terminal)
  const text = {
    ko: `${consoleUrl} 에서 샌드박스가 응답하지 않습니다. 다른 터미널에서 npm start 를 실행하거나 --console 로 주소를 알려 주세요.`,
    en: `No sandbox answers at ${consoleUrl}. Run npm start in another terminal, or give its address with --console.`,
  }
  terminal.errors.write(`${t(text)}\n`)
  return exitCodes.unreachable
}
