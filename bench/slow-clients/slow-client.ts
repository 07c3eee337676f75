import type { Socket } from 'node:net'
import type { Attack } from './attacks.ts'

export interface SlowClient {
  /** Sends on, or opens the connection again when the other side has closed it. To be called once a second. */
  visit(): void
  isOpen(): boolean
  close(): void
}

/** Bounds the memory of this process when the server reads slowly. */
const mostUnsentBytes = 64 * 1024

export function createSlowClient(connect: () => Socket, { first, later }: Attack): SlowClient {
  let socket: Socket | undefined
  let second = 0

  const open = (): void => {
    const opened = connect()
    socket = opened
    second = 0
    opened.on('error', () => {})
    // Only a socket that is read emits its end.
    opened.resume()
    opened.once('close', () => {
      if (socket === opened) socket = undefined
    })
    if (first !== '') opened.write(first)
  }

  return {
    visit() {
      if (socket === undefined) return open()
      second += 1
      const part = later(second)
      if (part !== '' && socket.writable && socket.writableLength < mostUnsentBytes) socket.write(part)
    },
    isOpen: () => socket?.readyState === 'open',
    close: () => void socket?.destroy(),
  }
}
