import type { Command } from './control.ts'

/** Tells the parent where this process listens, then does what the parent asks until it is gone. */
export function obeyParent(obey: (command: Command) => Promise<unknown>, url: string): void {
  process.on('message', async ({ id, command }: { readonly id: number; readonly command: Command }) => {
    try {
      const result = await obey(command)
      if (process.connected) process.send?.({ id, result })
    } catch (cause) {
      process.send?.({ id, error: cause instanceof Error ? cause.stack : String(cause) })
    }
  })
  // The parent ended first, however it did: nothing is left behind.
  process.on('disconnect', () => setTimeout(() => process.exit(), 3_000).unref())
  process.send?.({ url })
}
