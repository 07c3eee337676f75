let isKept = false

/**
 * The exit hook of the embedded PostgreSQL ends a process with 0, whatever the process has said: for whoever starts
 * one.
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
