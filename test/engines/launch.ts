import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** Seconds after which a browser ends by itself: it would outlive a test that is killed. */
const longestRun = 900

/**
 * A program and all that it starts, as one group of processes: `timeout` passes on the signal it gets.
 * An error that says what to install where there is no such program.
 */
export async function launch(
  words: readonly string[],
  { environment = {}, install }: { readonly environment?: NodeJS.ProcessEnv; readonly install: string },
): Promise<{ end(): Promise<void> }> {
  const child: ChildProcess = spawn('timeout', ['--kill-after=5', String(longestRun), ...words], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  })
  const exit = once(child, 'exit')
  const early = await Promise.race([exit, new Promise<undefined>((resolve) => setTimeout(resolve, 300))])
  if (early !== undefined) throw new Error(`${words.join(' ')} ended with ${early[0]}: apt-get install ${install}`)
  return {
    async end() {
      child.kill('SIGTERM')
      await exit
    },
  }
}
