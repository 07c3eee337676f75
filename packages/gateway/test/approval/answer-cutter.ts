import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { closeThis } from '../../../../test/support/closing.ts'

export interface AnswerCutter extends AsyncDisposable {
  readonly url: string
  /** Lets the next message that holds this text through and cuts the connection before its answer. */
  cutAnswerTo(text: string): void
  /** The same, and from then on nobody connects. */
  endAtAnswerTo(text: string): void
  /** Whether it has not come yet. */
  isWaiting(): boolean
  close(): Promise<void>
}

/** Stands between a client and the server. */
export async function startAnswerCutter(target: string): Promise<AnswerCutter> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let awaited: string | undefined
  let endsThen = false
  const end = (): void => {
    proxy.close()
    for (const socket of sockets) socket.destroy()
  }
  const proxy = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let isCut = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (bytes) => {
      if (awaited !== undefined && bytes.includes(awaited)) {
        awaited = undefined
        isCut = true
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (!isCut) client.write(bytes)
      else if (endsThen) end()
      else client.destroy()
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = new URL(target)
  url.port = String(address.port)
  return {
    url: url.href,
    cutAnswerTo(text) {
      awaited = text
    },
    endAtAnswerTo(text) {
      awaited = text
      endsThen = true
    },
    isWaiting: () => awaited !== undefined,
    async close() {
      const closed = once(proxy, 'close')
      const isOpen = proxy.listening
      end()
      if (isOpen) await closed
    },
    [Symbol.asyncDispose]: closeThis,
  }
}
