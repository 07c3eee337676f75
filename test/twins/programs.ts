import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { java, type Language, php } from '../other-languages/languages.ts'
import type { Client, Fields, Step } from './clients.ts'
import { clientInTypeScript } from './in-typescript.ts'

/** A step with a bill key, which the clients in Java and PHP take. */
export type BillKeyStep = 'requestKey' | 'registerCard' | 'receiveKey' | 'charge' | 'deleteKey'

/** Clients of one language. */
export interface Program<Taken extends string = Step> {
  take(step: Taken, given: Fields): Promise<Fields>
  close(): Promise<void>
}

const files = { Java: 'Clients.java', PHP: 'clients.php' } as const
const commands = {
  Java: ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'],
  PHP: ['php'],
} as const

const inProcess: Program = {
  take: (step, given) => clientInTypeScript[step](given),
  close: async () => {},
}

/** One process for all clients of the language: a step is a line, a form, and so is its answer. */
export function startProgram(language: keyof typeof files): Program<Step | BillKeyStep> {
  const [command, ...options] = commands[language]
  const child = spawn(command, [...options, join(import.meta.dirname, files[language])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const waiting: PromiseWithResolvers<string>[] = []
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line))
  child.once('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`the clients in ${language} ended with ${code}`))
  })
  return {
    async take(step, given) {
      const answer = Promise.withResolvers<string>()
      waiting.push(answer)
      child.stdin.write(`${new URLSearchParams({ ...given, step })}\n`)
      const { error, ...fields } = Object.fromEntries(new URLSearchParams(await answer.promise))
      if (error !== undefined) throw new Error(error)
      return fields
    },
    async close() {
      child.stdin.end()
      await exited
    },
  }
}

const languages: Partial<Record<Client['language'], Language>> = { Java: java, PHP: php }

export const whyMissing = (language: Client['language']): string | undefined => languages[language]?.whyMissing()

/** Starts each language at its first step. */
export function openPrograms(): { of(language: Client['language']): Program; close(): Promise<void> } {
  const started = new Map<Client['language'], Program>()
  return {
    of(language) {
      if (language === 'TypeScript' || language === 'HTML') return inProcess
      const program = started.get(language) ?? startProgram(language)
      started.set(language, program)
      return program
    },
    async close() {
      for (const program of started.values()) await program.close()
    },
  }
}
