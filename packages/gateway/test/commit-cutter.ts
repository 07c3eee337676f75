import { connect, createServer, type Socket } from 'node:net'

export interface CommitCutter {
  readonly url: string
  /** Lets the next commit through and cuts the connection before its answer. */
  cutNextCommit(): void
  close(): Promise<void>
}

/** Stands between a client and the server. */
export async function startCommitCutter(target: string): Promise<CommitCutter> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let isArmed = false
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
      if (isArmed && bytes.includes('commit\0')) {
        isArmed = false
        isCut = true
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (isCut) client.destroy()
      else client.write(bytes)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = new URL(target)
  url.port = String(address.port)
  return {
    url: url.href,
    cutNextCommit() {
      isArmed = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
