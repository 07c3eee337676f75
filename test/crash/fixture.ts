import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen, type Merchant, realRuntime } from '@sspay/gateway'
import { createAgency } from '../../packages/sandbox/src/phone/agency.ts'
import { createInbox, type Inbox } from '../../packages/sandbox/src/phone/inbox.ts'
import { identityRoutes } from '../../packages/sandbox/src/phone/route.ts'
import { type SimulatedNetwork, startSimulatedNetwork } from '../support/simulated-network.ts'
import { type Child, Killed, startChild } from './control.ts'
import { type GatewayOptions, openCrashGateway } from './crash-gateway.ts'
import type { GatewayBug } from './injected-bugs.ts'

export type Profile = Merchant['repeatedApproval']

/** One data folder and everything outside the gateway that lives on when the gateway is killed. */
export interface Fixture {
  readonly profile: Profile
  readonly databaseFile: string
  readonly network: SimulatedNetwork
  readonly inbox: Inbox
  /** The bodies of the notifications that arrived, newest last. */
  readonly notifications: readonly string[]
  /** How often the gateway was killed so far. */
  kills(): number
  /** By the gateway's clock, which the stories advance. */
  now(): Date
  child(): Child
  begin(flow: string): Promise<void>
  advance(durationMs: number): Promise<void>
  runDue(): Promise<void>
  /** Runs `work`, and again on a new gateway whenever the gateway is killed over it. */
  until<Result>(work: () => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export interface FixtureOptions {
  readonly profile: Profile
  /** The first gateway on the new folder dies at this point of its start; the one that comes after it is not killed. */
  readonly diesAtStart?: string
  /** Runs on the new gateway after each kill. */
  readonly onRestart: (fixture: Fixture) => Promise<void>
  readonly injectedBug?: GatewayBug | undefined
}

const program = new URL('./gateway-child.ts', import.meta.url)

/** A gateway that dies looks like a broken connection to its client. */
export class ConnectionBroken extends Error {}

export async function openFixture({ profile, diesAtStart, onRestart, injectedBug }: FixtureOptions): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-crash-'))
  const network = await startSimulatedNetwork({ lateAnswerMs: 1_200 })
  const inbox = createInbox(realRuntime)
  const agencyApp = identityRoutes(createAgency(realRuntime, inbox))
  const agency = await listen({ fetch: async (request) => agencyApp.fetch(request), host: '127.0.0.1', port: 0 })
  const notifications: string[] = []
  const shop = await listen({
    fetch: (request) => receiveNotification(request, notifications),
    host: '127.0.0.1',
    port: 0,
  })
  let aheadMs = 0
  let kills = 0

  const options = (): GatewayOptions => ({
    folder,
    profile,
    cardNetworkUrl: network.url,
    identityUrl: agency.url,
    notificationUrl: `${shop.url}/notify`,
    startsAt: Date.now() + aheadMs,
    injectedBug,
  })
  const start = (): Promise<Child> => startChild(program, options())
  if (diesAtStart !== undefined && (await isKilled(startChild(program, { ...options(), armed: diesAtStart }))))
    kills += 1
  const closeAround = async (): Promise<void> => {
    await Promise.all([agency.close(), shop.close(), network.close()])
    await rm(folder, { recursive: true, force: true })
  }
  const starting = diesAtStart === undefined ? start() : startHere(options())
  let child = await starting.catch(async (cause: unknown) => {
    await closeAround()
    throw cause
  })

  const restart = async (): Promise<void> => {
    await child.gone()
    kills += 1
    child = await start()
    await onRestart(fixture)
  }

  const fixture: Fixture = {
    profile,
    databaseFile: join(folder, 'gateway.db'),
    network,
    inbox,
    notifications,
    kills: () => kills,
    now: () => new Date(Date.now() + aheadMs),
    child: () => child,
    begin: (flow) => child.ask({ verb: 'begin', flow }),
    async advance(durationMs) {
      aheadMs += durationMs
      await child.ask({ verb: 'advance', durationMs })
    },
    runDue: () => child.ask({ verb: 'run-due' }),
    async until(work) {
      for (;;) {
        try {
          return await work()
        } catch (cause) {
          if (!(await diedOver(child, cause))) throw cause
          await restart()
        }
      }
    },
    async close() {
      await child.stop()
      await closeAround()
    },
  }
  return fixture
}

async function isKilled(starting: Promise<Child>): Promise<boolean> {
  try {
    await (await starting).stop()
    return false
  } catch (cause) {
    if (cause instanceof Killed) return true
    throw cause
  }
}

/** The gateway after a kill runs in this process, which saves a start: it is not killed. */
async function startHere(options: GatewayOptions): Promise<Child> {
  const { url, obey } = await openCrashGateway(options)
  return {
    url,
    isGone: () => false,
    ask: (command) => obey(command) as never,
    gone: () => Promise.reject(new Error('this gateway lives as long as its test')),
    stop: async () => void (await obey({ verb: 'stop' })),
  }
}

async function receiveNotification(request: Request, notifications: string[]): Promise<Response> {
  notifications.push(await request.text())
  return new Response('OK')
}

/** A broken connection is the child's death or a fault of the test: the process tells, a moment later. */
async function diedOver(child: Child, cause: unknown): Promise<boolean> {
  if (cause instanceof Killed) return true
  const isBroken = cause instanceof ConnectionBroken || (cause instanceof TypeError && cause.message === 'fetch failed')
  if (!isBroken && !String(cause).includes('terminated')) return false
  for (let waits = 0; waits < 100 && !child.isGone(); waits++) await new Promise((resolve) => setTimeout(resolve, 10))
  return child.isGone()
}
