let isKept = false

/**
 * Keeps the exit code of a process that starts the embedded PostgreSQL, whose exit hook would end it with 0.
 */
export function keepExitCode(): void {
  if (isKept) return
  isKept = true
  let said: typeof process.exitCode
  process.prependListener('beforeExit', () => {
    said ??= process.exitCode
  })
  process.on('exit', () => {
    process.exitCode ||= said
  })
}
