import { readPort } from '../addresses.ts'
import type { Terminal } from '../terminal.ts'
import { exitCodes } from './command.ts'
import { type Language, t } from './language.ts'

const timeoutMs = 5_000

export interface ConsoleAnswer<Json> {
  readonly isDone: boolean
  readonly json: Json
}

export interface ConsoleCall {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly json?: unknown
}

/** The console that was named, else the one of the sandbox that runs here. Throws a usage error for a port that is none. */
export const consoleUrlOf = (given: string | undefined, { environment }: Terminal): string =>
  given === undefined ? `http://localhost:${readPort('console', environment)}` : new URL(given).origin

/** Undefined when nobody answers there, or somebody who is no console. */
export async function askConsole<Json>(
  url: string,
  { json, method = json === undefined ? 'GET' : 'POST' }: ConsoleCall = {},
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

/** Says that nobody answers and what to do about it. Returns the exit code. */
export function sayUnreachable(
  { terminal, language }: { readonly terminal: Terminal; readonly language: Language },
  consoleUrl: string,
): number {
  const words = {
    ko: `${consoleUrl} 에서 샌드박스가 응답하지 않습니다. 다른 터미널에서 npm start 를 실행하거나 --console 로 주소를 알려 주세요.`,
    en: `No sandbox answers at ${consoleUrl}. Run npm start in another terminal, or say where it is by --console.`,
  }
  terminal.errors.write(language === 'both' ? `${words.ko}\n${words.en}\n` : `${t(language, words)}\n`)
  return exitCodes.unreachable
}
