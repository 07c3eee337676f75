/** Prints the message of an error without its stack. */
export async function reportFailure(check: () => Promise<void>): Promise<void> {
  try {
    await check()
  } catch (cause) {
    console.error(`FAILED: ${cause instanceof Error ? cause.message : String(cause)}`)
    process.exitCode = 1
  }
}
