#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { UsageError } from './addresses.ts'
import { exitCodes } from './command-line/command.ts'
import { withSystemLanguage } from './command-line/language.ts'
import { runCommandLine } from './command-line/run.ts'
import { commands } from './commands.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// A closed pipe, as behind `head`, is not an error.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause
  process.exit()
})

try {
  process.exitCode = await runCommandLine({ commands, version }, process.argv.slice(2), {
    output: process.stdout,
    errors: process.stderr,
    environment: withSystemLanguage(process.env, process.platform, Intl.DateTimeFormat().resolvedOptions().locale),
    ...(process.stdin.isTTY ? {} : { input: process.stdin }),
    isWatched: process.stdout.isTTY === true && !process.env.NO_COLOR,
  })
} catch (cause) {
  process.stderr.write(`sspay: ${cause instanceof Error ? cause.message : String(cause)}\n`)
  // A payment that failed half-way has an unknown outcome.
  const failed = process.argv[2] === 'pay' ? exitCodes.unreachable : exitCodes.rejected
  process.exitCode = cause instanceof UsageError ? exitCodes.usage : failed
}
