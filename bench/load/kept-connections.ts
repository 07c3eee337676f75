import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  readonly body: string
}

/** Connections that stay open, one request at a time on each. Bytes in, answer out: far less work than `node:http` does for it. */
export interface KeptConnections {
  /** Undefined when every connection waits for an answer. */
  free(): KeptConnection | undefined
  /** One after the other. The others open each with its first request: a server gives up a connection that says nothing for some seconds. */
  openAll(): Promise<void>
  close(): void
}

export interface KeptConnection {
  /** Rejects when the connection breaks; the next request opens it again. */
  ask(request: Buffer): Promise<RawAnswer>
}

export function keepConnections(url: URL, count: number): KeptConnections {
  const unused: KeptConnection[] = []
  const all = Array.from({ length: count }, () => {
    const connection = createConnection(url, () => unused.push(connection))
    return connection
  })
  unused.push(...all)
  return {
    free: () => unused.pop(),
    async openAll() {
      for (const connection of all) await connection.open()
    },
    close() {
      for (const connection of all) connection.close()
    },
  }
}

interface ClosableConnection extends KeptConnection {
  open(): Promise<void>
  close(): void
}

function createConnection({ hostname, port }: URL, onFree: () => void): ClosableConnection {
  let socket: Socket | undefined
  let waiting: PromiseWithResolvers<RawAnswer> | undefined
  let received = ''

  const receive = (part: string): void => {
    received += part
    const answer = readAnswer(received)
    if (answer === undefined) return
    received = ''
    waiting?.resolve(answer)
    waiting = undefined
  }
  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const opened = connect({ host: hostname, port: Number(port), noDelay: true })
      let cause = new Error('the connection was closed')
      opened.setEncoding('latin1')
      opened.once('connect', () => resolve(opened))
      opened.on('data', receive)
      opened.on('error', (error) => {
        cause = error
      })
      opened.on('close', () => {
        reject(cause)
        if (socket !== opened) return
        socket = undefined
        received = ''
        waiting?.reject(cause)
        waiting = undefined
      })
    })

  return {
    async open() {
      socket ??= await open()
    },
    async ask(request) {
      try {
        socket ??= await open()
        waiting = Promise.withResolvers<RawAnswer>()
        socket.write(request)
        return await waiting.promise
      } finally {
        onFree()
      }
    },
    close: () => void socket?.destroy(),
  }
}

/** Undefined until all of it is there. Of chunks the marks stay in the body. */
function readAnswer(text: string): RawAnswer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = text.slice(0, end)
  const isChunked = /\r\ntransfer-encoding: *chunked/i.test(head)
  const length = isChunked ? text.length - end - 4 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  const isWhole = isChunked ? text.endsWith('\r\n0\r\n\r\n') : text.length >= end + 4 + length
  return isWhole ? { status: Number(text.slice(9, 12)), body: text.slice(end + 4, end + 4 + length) } : undefined
}

/** The bytes of one JSON request. */
export function writeRequest({ host }: URL, path: string, body: string): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  return Buffer.from(head + body)
}
