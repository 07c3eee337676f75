import type { RequestListener, ServerResponse } from 'node:http'
import { resultCodes } from '@sspay/protocol'
import { busyTexts, messageHeaders, messageHtml } from '../design/message-page.ts'
import { jsonHeaders, rejectionBody } from '../http/answer.ts'
import { addressOf } from '../http/client-address.ts'
import { isNotOffered, pathOf, type RouteName, routeOf, serverCalls } from '../http/route-name.ts'
import { countEachSecond, type Log } from '../logging/log.ts'
import type { Runtime } from '../runtime.ts'
import { createConcurrencyLimiter } from './concurrency-limiter.ts'
import type { Slot } from './fair-queue.ts'
import type { Limits } from './limits.ts'
import type { Received } from './receive-body.ts'
import { countRejection } from './rejections.ts'
import { createShedAnswers, type ShedAnswer } from './shed-answers.ts'

/** Each kind of call has a concurrency limiter of its own. Pages, scripts and unknown paths share `page`. */
export const limitedCalls = [...serverCalls, 'window', 'bill-key-window', 'step', 'page', 'console'] as const

export type LimitedCall = (typeof limitedCalls)[number]

/** Undefined for probes: a process that sheds load is still alive. */
function limitedAs(route: RouteName): LimitedCall | undefined {
  if (route === 'probe') return undefined
  return route === 'asset' || route === 'other' || isNotOffered(route) ? 'page' : route
}

export interface AdmissionOptions {
  readonly runtime: Pick<Runtime, 'now' | 'schedule'>
  readonly log: Log
  readonly limits: Pick<Limits, 'targetLatencyMs' | 'inFlight' | 'proxyHops'>
  /** The fair-queueing key of a call, from its body; undefined: its client address. */
  readonly shareOf: (call: LimitedCall, body: string) => string | undefined
}

export type Admission = ReturnType<typeof createAdmission>

const slots = new WeakMap<object, Slot>()

/** Transfers the slot of an admitted request, and the duty to release it, to the caller. */
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

/** `*`: the window may be in a shop's frame. */
const pageAnswer = (...content: Parameters<typeof messageHtml>): ShedAnswer =>
  shedAnswer(503, { ...messageHeaders('*'), 'retry-after': 2 }, messageHtml(...content))

const openingAnswer = pageAnswer(busyTexts.opening)

/** Every other page says less, because it may be anything. */
const pageAnswers: Partial<Record<LimitedCall, ShedAnswer>> = {
  window: openingAnswer,
  'bill-key-window': openingAnswer,
  step: pageAnswer(busyTexts.step, { offersRetry: true }),
}

const otherAnswer = pageAnswer(resultCodes.overloaded, { offersRetry: true })

const isApiCall = (call: LimitedCall): boolean => serverCalls.some((one) => one === call)

const answerTo = (call: LimitedCall): ShedAnswer => (isApiCall(call) ? apiAnswer : (pageAnswers[call] ?? otherAnswer))

export function createAdmission({ runtime, log, limits, shareOf }: AdmissionOptions) {
  const { targetLatencyMs, inFlight: mostInFlight, proxyHops } = limits
  const create = (call: LimitedCall) => ({
    limiter: createConcurrencyLimiter(runtime, { targetLatencyMs, mostInFlight }),
    logShed: countEachSecond(runtime, log, 'requests_shed', { call, reason: 'overloaded' }),
  })
  const created = Object.fromEntries(limitedCalls.map((call) => [call, create(call)]))
  const limiters = created as Readonly<Record<LimitedCall, ReturnType<typeof create>>>
  const shedAnswers = createShedAnswers(runtime)

  const enter = (call: LimitedCall, request: Received, response: ServerResponse, answer: RequestListener): void => {
    const { limiter, logShed } = limiters[call]
    const body = request.rawBody?.toString('latin1') ?? ''
    limiter.enter(shareOf(call, body) ?? addressOf(request, proxyHops) ?? '', {
      begin(slot) {
        slots.set(request, slot)
        // Some requests are answered before their slot is taken, for example those with an invalid Host header.
        response.on('close', () => {
          takeSlot(request)?.release()
          shedAnswers.countEnded()
        })
        answer(request, response)
      },
      shed() {
        countRejection(call, 'overloaded')
        logShed()
        shedAnswers.answer(response, answerTo(call))
      },
      isGone: () => response.destroyed,
    })
  }

  return {
    /** Wraps a listener of complete requests. */
    wrap:
      (answer: RequestListener): RequestListener =>
      (request, response) => {
        const call = limitedAs(routeOf(request.method, pathOf(request.url ?? '')))
        if (call === undefined) answer(request, response)
        else enter(call, request, response, answer)
      },
    wrapConsole:
      (answer: RequestListener): RequestListener =>
      (request, response) =>
        enter('console', request, response, answer),
    limitOf: (call: LimitedCall): number => limiters[call].limiter.limit,
  }
}
