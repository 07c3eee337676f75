import { type LookupAddress, lookup } from 'node:dns'
import { type IncomingMessage, request as openRequest } from 'node:http'
import { isIP, connect as openSocket, type Socket } from 'node:net'
import { connect as openTls } from 'node:tls'
import { AddressRejectedError, hostOf, isWithin, portOf, type Reach, requirePublicUrl } from './address-guard.ts'
import type { OutgoingAnswer, OutgoingRequest, Schedule } from './model.ts'
import { readAnswer } from './read-answer.ts'
import { withTimeout } from './with-timeout.ts'

export interface GuardedRequest extends OutgoingRequest {
  readonly guard: NonNullable<OutgoingRequest['guard']>
}

/** Every address of a name. */
type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

const resolveByMachine: Resolve = (hostname) =>
  new Promise((resolve, reject) =>
    lookup(hostname, { all: true }, (cause, found) => (cause === null ? resolve(found) : reject(cause))),
  )

export interface GuardedFetchParts {
  readonly schedule: Schedule
  readonly resolve?: Resolve
}

/**
 * Outgoing HTTP to addresses that somebody else has chosen: a literal address is judged before anything happens, a name by each
 * address it has now, and the connected peer once more before a byte is sent, so that a name that changes its mind gains nothing.
 * No redirects, no shared connections.
 */
export const createGuardedFetch =
  ({ schedule, resolve = resolveByMachine }: GuardedFetchParts) =>
  (text: string, request: GuardedRequest): Promise<OutgoingAnswer> => {
    const stopping = new AbortController()
    const work = exchange(text, request, resolve, stopping.signal)
    const stop = (cause: DOMException): void => stopping.abort(cause)
    // Whatever is still open at the end, for example the rest of a long answer, ends with it.
    return withTimeout(work, { schedule, timeoutMs: request.timeoutMs, stop }).finally(() => stopping.abort())
  }

async function exchange(
  text: string,
  { method, headers = {}, body, guard }: GuardedRequest,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  const url = requirePublicUrl(text, guard.reach)
  const addresses = await allowedAddresses(hostOf(url), guard.reach, resolve)
  const socket = await connect(url, addresses, guard.reach, signal)
  const bytes = Buffer.from(body ?? '')
  const { promise, resolve: answered, reject } = Promise.withResolvers<IncomingMessage>()
  openRequest({
    createConnection: () => socket,
    method,
    path: `${url.pathname}${url.search}`,
    setHost: false,
    headers: { ...headers, host: url.host, 'content-length': bytes.byteLength, connection: 'close' },
    signal,
  })
    .on('response', answered)
    .on('error', reject)
    .end(bytes)
  return readAnswer(await promise, guard.keepBytes)
}

async function allowedAddresses(host: string, reach: Reach, resolve: Resolve): Promise<readonly LookupAddress[]> {
  if (isIP(host) !== 0) return [{ address: host, family: isIP(host) }]
  const allowed = (await resolve(host)).filter(({ address }) => isWithin(reach, address))
  if (allowed.length === 0) throw new AddressRejectedError('address')
  return allowed
}

async function connect(
  url: URL,
  addresses: readonly LookupAddress[],
  reach: Reach,
  signal: AbortSignal,
): Promise<Socket> {
  const host = hostOf(url)
  const socket = openSocket({
    host,
    port: portOf(url),
    lookup: (_hostname, options, answer) => {
      const [first] = addresses
      if (options.all === true) answer(null, [...addresses])
      else answer(null, first?.address ?? '', first?.family)
    },
  })
  endWith(socket, signal)
  await eventOf(socket, 'connect')
  if (socket.remoteAddress === undefined || !isWithin(reach, socket.remoteAddress)) {
    socket.destroy()
    throw new AddressRejectedError('address')
  }
  if (url.protocol === 'http:') return socket
  const secure = openTls({ socket, ...(isIP(host) === 0 ? { servername: host } : {}), host })
  endWith(secure, signal)
  await eventOf(secure, 'secureConnect')
  return secure
}

function endWith(socket: Socket, signal: AbortSignal): void {
  // Errors after the one that somebody waits for have no listener of their own.
  socket.on('error', () => {})
  if (signal.aborted) socket.destroy()
  else signal.addEventListener('abort', () => socket.destroy(), { once: true })
}

const eventOf = (socket: Socket, name: 'connect' | 'secureConnect'): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once(name, resolve)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the connection was closed')))
  })
