import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from '../support/until.ts'

/** A notification of the gateway, byte for byte. */
export interface Notification {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Stands where the shop has its notifications sent, so that a test says when they arrive. */
export interface NotificationGate {
  readonly url: string
  /** Without it every notification is kept back. */
  letThrough(isOpen: boolean): void
  /** The newest one about this order; waits for it. */
  notificationOf(orderId: string): Promise<Notification>
  close(): Promise<void>
}

const passed = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature']

export async function openNotificationGate(shopNotificationUrl: string): Promise<NotificationGate> {
  const kept: Notification[] = []
  let isOpen = false
  const server = createServer(async (incoming, outgoing) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part)
    const notification = { headers: headersOf(incoming.headers), body: Buffer.concat(parts).toString('latin1') }
    kept.push(notification)
    const answer = isOpen
      ? await deliverNotification(shopNotificationUrl, notification).catch((error) => ({
          status: 502,
          text: String(error),
        }))
      : { status: 503, text: 'not yet' }
    outgoing.writeHead(answer.status, { 'content-type': 'text/plain' }).end(answer.text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notice`,
    letThrough: (opens) => {
      isOpen = opens
    },
    async notificationOf(orderId) {
      const isAboutIt = ({ body }: Notification): boolean => new URLSearchParams(body).get('Moid') === orderId
      return until(() => kept.findLast(isAboutIt), { what: `a notification about order ${orderId}` })
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const headersOf = (headers: IncomingHttpHeaders): Readonly<Record<string, string>> =>
  Object.fromEntries(passed.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])))

export async function deliverNotification(
  url: string,
  { headers, body }: Notification,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(60_000),
  })
  return { status: answer.status, text: await answer.text() }
}
