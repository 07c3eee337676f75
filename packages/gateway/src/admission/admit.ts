import type { RequestListener, ServerResponse } from 'node:http'
import { resultCodes } from '@sspay/protocol'
import { jsonHeaders, rejectionBody } from '../http/answer.ts'
import { addressOf } from '../http/client-address.ts'
import type { Limits } from '../http/limits.ts'
import { countRejection } from '../http/rejections.ts'
import { pathOf, type RouteName, routeOf } from '../http/route-name.ts'
import { sentenceHeaders, sentenceHtml } from '../http/sentence-page.ts'
import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'
import { createConcurrencyLimiter } from './concurrency-limiter.ts'
import { countEachSecond } from './count-each-second.ts'
import type { Slot } from './fair-queue.ts'
import type { Received } from './receive-body.ts'
import { createShedAnswers, type ShedAnswer } from './shed-answers.ts'

/** What each limiter is for. Pages, scripts and addresses that do not exist share one. */
export const limitedCalls = [
  ...(['approval', 'inquiry', 'cancellation', 'member-deletion', 'window', 'step', 'page'] as const),
  'console',
] as const

export type LimitedCall = (typeof limitedCalls)[number]

/** Undefined for probes: a process that sheds calls is alive, and its balancer must hear so. */
function limitedAs(route: RouteName): LimitedCall | undefined {
  if (route === 'probe') return undefined
  return route === 'asset' || route === 'other' ? 'page' : route
}

export interface AdmissionOptions {
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  readonly log: Log
  readonly limits: Pick<Limits, 'latencyTargetMs' | 'inFlight' | 'proxyHops'>
  /** Whose share of the places a call takes, from its body; undefined where that is its address. */
  readonly shareOf: (call: LimitedCall, body: string) => string | undefined
}

/** Limits calls before anything is made of them but their first lines and their bytes. */
export interface Admission {
  /** For `listen({ around })`, inside the body receiver. */
  around(answer: RequestListener): RequestListener
  aroundConsole(answer: RequestListener): RequestListener
  limitOf(call: LimitedCall): number
}

const slots = new WeakMap<object, Slot>()

/** The slot of an admitted request of `node:http`; who takes it releases it. */
export function takeSlot(request: object): Slot | undefined {
  const slot = slots.get(request)
  slots.delete(request)
  return slot
}

const shedAnswer = (status: number, headers: ShedAnswer['headers'], body: string): ShedAnswer => ({
  status,
  headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  body,
})

const apiAnswer = shedAnswer(200, jsonHeaders, rejectionBody('overloaded'))

/** The window may be in a shop's frame. */
const pageAnswer = shedAnswer(503, { ...sentenceHeaders('*'), 'retry-after': 2 }, sentenceHtml(resultCodes.overloaded))

const apiCalls: readonly LimitedCall[] = ['approval', 'inquiry', 'cancellation', 'member-deletion']

export function createAdmission({ runtime, log, limits, shareOf }: AdmissionOptions): Admission {
  const { latencyTargetMs: targetMs, inFlight: mostInFlight, proxyHops } = limits
  const limiters = perCall((call) => ({
    limiter: createConcurrencyLimiter(runtime, { targetMs, mostInFlight }),
    logShed: countEachSecond(runtime, log, 'requests_shed', { call, reason: 'overloaded' }),
  }))
  const shedAnswers = createShedAnswers(runtime)

  const enter = (call: LimitedCall, request: Received, response: ServerResponse, answer: RequestListener): void => {
    const { limiter, logShed } = limiters[call]
    const body = request.rawBody?.toString('latin1') ?? ''
    limiter.enter(shareOf(call, body) ?? addressOf(request, proxyHops) ?? '', {
      begin(slot) {
        slots.set(request, slot)
        // A request that is answered without anybody taking its slot, for instance because its host is no host.
        response.on('close', () => {
          takeSlot(request)?.release()
          shedAnswers.countEnded()
        })
        answer(request, response)
      },
      shed() {
        countRejection(call, 'overloaded')
        logShed()
        shedAnswers.answer(response, apiCalls.includes(call) ? apiAnswer : pageAnswer)
      },
      isGone: () => response.destroyed,
    })
  }

  return {
    around: (answer) => (request, response) => {
      const call = limitedAs(routeOf(request.method, pathOf(request.url ?? '')))
      if (call === undefined) answer(request, response)
      else enter(call, request, response, answer)
    },
    aroundConsole: (answer) => (request, response) => enter('console', request, response, answer),
    limitOf: (call) => limiters[call].limiter.limit,
  }
}

const perCall = <Value>(make: (call: LimitedCall) => Value): Readonly<Record<LimitedCall, Value>> =>
  Object.fromEntries(limitedCalls.map((call) => [call, make(call)])) as Record<LimitedCall, Value>
