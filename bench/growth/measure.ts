import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import type { Ticket } from '../../test/support/quick-payment.ts'
import { ask, askApproval } from '../http-client.ts'
import { load, quantile } from '../stats.ts'
import type { Question, Started } from './server.ts'

export interface Gateway extends Started {
  readonly child: ChildProcess
}

/** A gateway in a process of its own. */
export async function startGateway(serverArgs: readonly string[]): Promise<Gateway> {
  const child = fork(new URL('./server.ts', import.meta.url), [...serverArgs], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const started = await Promise.race([
    once(child, 'message').then(([message]) => message as Started),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the gateway ended with ${code}`)
    }),
  ])
  return { child, ...started }
}

export async function question<Answer>({ child }: Gateway, asked: Question): Promise<Answer> {
  child.send(asked)
  const [answer] = await once(child, 'message')
  return answer as Answer
}

export async function stop(gateway: Gateway): Promise<void> {
  gateway.child.send({ ask: 'end' } satisfies Question)
  await once(gateway.child, 'exit')
}

/** Middle and slowest hundredth, in milliseconds, and what one costs the gateway's process in milliseconds of CPU. */
export type Figure = readonly [p50Ms: number, p99Ms: number, cpuMs: number]

export const kinds = [
  'first approvals',
  'approval',
  'window page',
  'inquiry',
  'console',
  'claim of notifications',
] as const

export type Figures = Readonly<Record<(typeof kinds)[number], Figure>>

export interface Measuring {
  readonly requests: number
  readonly atOnce: number
}

const firstApprovals = 100
const warmUpApprovals = 500
const warmUpPages = 100
const timesOfClaims = 100

/** How many payments a measurement adds to those that are stored. */
export const addedBy = ({ requests }: Measuring): number =>
  firstApprovals + warmUpApprovals + requests + warmUpPages + requests

/** The first ones after a gateway has been started are figures of their own, and warm up what comes after them. */
export async function measure(gateway: Gateway, { requests, atOnce }: Measuring): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const { url, consoleUrl } = gateway
  const timed = async (count: number, work: (index: number) => Promise<unknown>): Promise<Figure> => {
    await question<number>(gateway, { ask: 'cpu' })
    const { p50Ms, p99Ms } = await load(count, atOnce, work)
    return [p50Ms, p99Ms, (await question<number>(gateway, { ask: 'cpu' })) / 1000 / count]
  }
  const approvals = firstApprovals + warmUpApprovals + requests
  const tickets = await question<readonly Ticket[]>(gateway, { ask: 'tickets', count: approvals })
  const forms = await question<readonly string[]>(gateway, { ask: 'forms', count: warmUpPages + requests })
  const approveFrom = (first: number) => async (index: number) =>
    says(await askApproval(agent, url, tickets[first + index] as Ticket), '"3001"')
  const openFrom = (first: number) => async (index: number) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = forms[first + index] ?? ''
    const opened = await ask(agent, `${url}/ssp/reqPay.do`, { method: 'POST', headers, body })
    const cookie = opened.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const page = await ask(agent, new URL(opened.headers.location ?? '', url).href, { headers: { cookie } })
    says(page.body, 'data-step')
  }
  const inquire = async (index: number): Promise<void> => {
    const { transactionId: Tid, approvalTicket: TrAuthKey } = tickets[index] as Ticket
    const headers = { 'content-type': 'application/json' }
    const sent = { method: 'POST', headers, body: JSON.stringify({ Tid, TrAuthKey }) } as const
    says((await ask(agent, `${url}/payment/approval/approvalInquiry.do`, sent)).body, '"3001"')
  }
  const operate = async (index: number): Promise<void> =>
    says((await ask(agent, `${consoleUrl}${index % 2 === 0 ? '/' : '/notifications'}`, {})).body, '<table')

  const first = await timed(firstApprovals, approveFrom(0))
  await timed(warmUpApprovals, approveFrom(firstApprovals))
  const approval = await timed(requests, approveFrom(firstApprovals + warmUpApprovals))
  await timed(warmUpPages, openFrom(0))
  const windowPage = await timed(requests, openFrom(warmUpPages))
  const inquiry = await timed(requests, inquire)
  const operator = await timed(Math.ceil(requests / 10), operate)
  agent.destroy()
  const claim = await timeClaims(gateway)
  return {
    'first approvals': first,
    approval,
    'window page': windowPage,
    inquiry,
    console: operator,
    'claim of notifications': claim,
  }
}

async function timeClaims(gateway: Gateway): Promise<Figure> {
  await question<number>(gateway, { ask: 'cpu' })
  const claims = await question<readonly number[]>(gateway, { ask: 'claims', count: timesOfClaims })
  const cpuMs = (await question<number>(gateway, { ask: 'cpu' })) / 1000 / timesOfClaims
  return [quantile(claims, 0.5), quantile(claims, 0.99), cpuMs]
}

function says(body: string, expected: string): void {
  if (!body.includes(expected)) throw new Error(`unexpected answer: ${body.slice(0, 300)}`)
}
