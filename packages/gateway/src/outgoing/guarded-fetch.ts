import { type LookupAddress, lookup } from 'node:dns'
import { type IncomingMessage, request as openRequest } from 'node:http'
import { isIP, connect as openSocket, type Socket } from 'node:net'
import { connect as openTls } from 'node:tls'
import { type Schedule, within } from '../within.ts'
import { AddressRejectedError, hostOf, isWithin, portOf, type Reach, requirePublicUrl } from './address-guard.ts'
import type { OutgoingAnswer, OutgoingRequest } from './model.ts'

export interface GuardedRequest extends OutgoingRequest {
  readonly guard: NonNullable<OutgoingRequest['guard']>
}

type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) =>
    lookup(hostname, { all: true }, (cause, found) => (cause === null ? resolve(found) : reject(cause))),
  )

export interface GuardedFetchParts {
  readonly schedule: Schedule
  readonly resolve?: Resolve
}

/**
 * HTTP client with SSRF protection, for addresses that merchants choose. It checks a literal address, every address
 * that a name resolves to, and the connected peer before the first byte is sent, which defeats DNS rebinding. It
 * follows no redirects and shares no connections.
 */
export const createGuardedFetch =
  ({ schedule, resolve = resolveBySystem }: GuardedFetchParts) =>
  (text: string, request: GuardedRequest): Promise<OutgoingAnswer> => {
    const aborting = new AbortController()
    const work = exchange(text, request, resolve, aborting.signal)
    // Also closes what is still open at the end, for example the rest of a long answer.
    return within({ schedule }, request.timeoutMs, work, (error) => aborting.abort(error)).finally(() =>
      aborting.abort(),
    )
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

async function connect(url: URL, addresses: readonly LookupAddress[], reach: Reach, signal: AbortSignal) {
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
  const secure: Socket = openTls({ socket, ...(isIP(host) === 0 ? { servername: host } : {}), host })
  endWith(secure, signal)
  await eventOf(secure, 'secureConnect')
  return secure
}

function endWith(socket: Socket, signal: AbortSignal): void {
  // Later errors have no listener and would end the process.
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

/** The answer, cut to `bytes` bytes. Rejects when the connection ends before. */
function readAnswer(answer: IncomingMessage, bytes: number): Promise<OutgoingAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<OutgoingAnswer>()
  const parts: Buffer[] = []
  let length = 0
  const finish = (): void => {
    const body = new Uint8Array(Buffer.concat(parts).subarray(0, bytes))
    resolve({ status: answer.statusCode ?? 0, body })
  }
  answer.on('data', (part: Buffer) => {
    parts.push(part)
    length += part.byteLength
    // Do not wait for the end of an endless answer.
    if (length >= bytes) finish()
  })
  answer.on('end', finish)
  answer.on('error', reject)
  answer.on('close', () => reject(new Error('the connection ended within the answer')))
  return promise
}
