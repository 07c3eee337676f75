/** What is thrown is what a person is told; the stack of a check helps nobody. */
export async function tellFailure(check: () => Promise<void>): Promise<void> {
  try {
    await check()
  } catch (cause) {
    console.error(`FAILED: ${cause instanceof Error ? cause.message : String(cause)}`)
    process.exitCode = 1
  }
}
