import { createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** A real server on loopback that does with a whole HTTP request what the test says. Ends with the test. */
export async function answering(
  t: TestContext,
  respond: (socket: Socket, request: string) => unknown,
): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let received = ''
    socket.on('data', (part) => {
      received += part.toString('utf8')
      if (isWhole(received)) void respond(socket, received)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

function isWhole(received: string): boolean {
  const [head = '', ...body] = received.split('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  return length !== undefined && Buffer.byteLength(body.join('\r\n\r\n')) >= Number(length)
}

export const bodyOf = (request: string): string => request.slice(request.indexOf('\r\n\r\n') + 4)

interface HttpAnswer {
  readonly status?: string
  readonly contentType?: string
  readonly body: string | Uint8Array
}

export function httpAnswer({ status = '200 OK', contentType = 'application/json', body }: HttpAnswer): Buffer {
  const bytes = Buffer.from(body as string)
  const head = `HTTP/1.1 ${status}\r\nContent-Type: ${contentType}\r\nContent-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes])
}

/** A server that answers every request with this. */
export const answeringWith = (t: TestContext, answer: HttpAnswer): Promise<string> =>
  answering(t, (socket) => socket.end(httpAnswer(answer)))

/** An origin where nobody listens. */
export async function nobody(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}
