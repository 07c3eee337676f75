import { closeSync, fdatasync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'

const flush = promisify(fdatasync)

/**
 * The floor: a file of its full length, to which waiting transactions append together, with one flush. Nothing is
 * looked up and nothing can be found again; a database does more.
 */
export function openRawLog(file: string, length: number): { append(text: string): Promise<void>; close(): void } {
  const descriptor = openSync(file, 'w')
  ftruncateSync(descriptor, length)
  writeSync(descriptor, Buffer.alloc(length), 0, length, 0)
  let at = 0
  let waiting: { readonly text: string; readonly done: () => void }[] = []
  let running = false

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      at += writeSync(
        descriptor,
        Buffer.from(group.map(({ text }) => text).join('')),
        0,
        undefined,
        at % (length - 4_000_000),
      )
      await flush(descriptor)
      for (const { done } of group) done()
    }
    running = false
  }
  return {
    append: (text) =>
      new Promise((done) => {
        waiting.push({ text, done })
        if (running) return
        running = true
        setImmediate(() => void drain())
      }),
    close: () => closeSync(descriptor),
  }
}
