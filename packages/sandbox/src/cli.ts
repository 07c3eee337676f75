#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { UsageError } from './addresses.ts'
import { exitCodes } from './command-line/command.ts'
import { runCommandLine } from './command-line/run-command-line.ts'
import { commands } from './commands.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// A reader that has seen enough, such as head, is no failure.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause
  process.exit()
})

try {
  process.exitCode = await runCommandLine({ commands, version }, process.argv.slice(2), {
    output: process.stdout,
    errors: process.stderr,
    environment: process.env,
    ...(process.stdin.isTTY ? {} : { input: process.stdin }),
    isWatched: process.stdout.isTTY === true && !process.env.NO_COLOR,
  })
} catch (cause) {
  process.stderr.write(`sspay: ${cause instanceof Error ? cause.message : String(cause)}\n`)
  // A payment that failed on the way may have been made.
  const failed = process.argv[2] === 'pay' ? exitCodes.unreachable : exitCodes.rejected
  process.exitCode = cause instanceof UsageError ? exitCodes.usage : failed
}
