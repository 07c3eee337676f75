import { connect, type Socket } from 'node:net'
import { connect as connectSecurely, createSecureContext, type SecureContext } from 'node:tls'

export interface RawAnswer {
  readonly status: number
  readonly body: string
}

/**
 * Connections that stay open, one request at a time on each. Bytes in, answer out: far less work than `node:http` does
 * for it.
 */
export interface KeptConnections {
  /** Undefined when every connection waits for an answer. */
  free(): KeptConnection | undefined
  /**
   * One after the other; none where each is for one request. The others open each with its first request: a server
   * gives up a connection that says nothing for some seconds.
   */
  openAll(): Promise<void>
  close(): void
}

export interface KeptConnection {
  /** Rejects when the connection breaks; the next request opens it again. */
  ask(request: Buffer): Promise<RawAnswer>
}

export interface ConnectionOptions {
  /** Local address from which the connections are opened. */
  readonly localAddress?: string
  /** Trusted CA of an `https:` address, PEM. */
  readonly ca?: string
  /** Opens a connection for each request and closes it afterwards, as a shop does that approves now and then. */
  readonly isSingleUse?: boolean
}

/** A shop gives up a connection of its own after so long without an answer. */
const singleUseTimeoutMs = 15_000

export function keepConnections(url: URL, count: number, options: ConnectionOptions = {}): KeptConnections {
  const unused: KeptConnection[] = []
  const isSingleUse = options.isSingleUse ?? false
  const opener = {
    open: createOpener(url, options),
    openedBy: url.protocol === 'https:' ? 'secureConnect' : 'connect',
    isSingleUse,
  }
  const all = Array.from({ length: count }, () => {
    const connection = createConnection(opener, () => unused.push(connection))
    return connection
  })
  unused.push(...all)
  return {
    free: () => unused.pop(),
    async openAll() {
      for (const connection of isSingleUse ? [] : all) await connection.open()
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

/** One context for all connections: to make it costs more than a handshake. */
function createOpener({ protocol, hostname, port }: URL, { localAddress, ca, isSingleUse }: ConnectionOptions) {
  const place = { host: hostname, port: Number(port), ...(localAddress === undefined ? {} : { localAddress }) }
  const secured: SecureContext | undefined = protocol === 'https:' ? createSecureContext({ ca }) : undefined
  return (): Socket => {
    const socket = secured === undefined ? connect(place) : connectSecurely({ ...place, secureContext: secured })
    socket.setNoDelay(true).setEncoding('latin1')
    if (isSingleUse) {
      const tooLate = new Error(`no answer within ${singleUseTimeoutMs} ms`)
      socket.setTimeout(singleUseTimeoutMs, () => socket.destroy(tooLate))
    }
    return socket
  }
}

interface Opener {
  readonly open: () => Socket
  /** The event after which bytes travel. */
  readonly openedBy: string
  readonly isSingleUse: boolean
}

function createConnection(opener: Opener, onFree: () => void): ClosableConnection {
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
      const opened = opener.open()
      let cause = new Error('the connection was closed')
      opened.once(opener.openedBy, () => resolve(opened))
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

  const close = (): void => {
    const closing = socket
    socket = undefined
    closing?.destroy()
  }

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
        if (opener.isSingleUse) close()
        onFree()
      }
    },
    close,
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
