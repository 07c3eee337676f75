import type { RequestListener, ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'
import { jsonHeaders, refusalBody } from './answer.ts'
import type { Pace } from './pace.ts'
import { countRefusal } from './refusals.ts'

export interface FrontDoorOptions {
  readonly runtime: Pick<Runtime, 'schedule'>
  readonly log: Log
  readonly pace: Pace
  /** Requests to it are refused while the pace has no room. */
  readonly path: string
}

const toldEveryMs = 1_000

/** A turn of the event loop that refuses a thousand holds up whoever is inside, and again with each step that they take. */
const refusedInOneTurn = 128

/**
 * Refuses before anything is made of a request but its first lines: a flood costs the gateway so little that those who are inside are done in
 * time. Who is refused may come again on the same connection. For `listen({ around })`.
 */
export function createFrontDoor({ runtime, log, pace, path }: FrontDoorOptions) {
  // A text leaves in one write together with its head, bytes would take two: most of what a refusal costs.
  const body = refusalBody('overloaded')
  const headers = { ...jsonHeaders, 'content-length': Buffer.byteLength(body) }
  const turnedAway = inTurns((response: ServerResponse) => response.writeHead(200, headers).end(body))
  let refused = 0

  const count = (): void => {
    countRefusal('approval', 'at_the_door')
    refused += 1
    if (refused > 1) return
    runtime.schedule(toldEveryMs, () => {
      log.warn('refused_at_the_door', { path, reason: 'overloaded', count: refused })
      refused = 0
    })
  }

  return (answer: RequestListener): RequestListener => {
    pace.follow()
    return (request, response) => {
      if (pathOf(request.url ?? '') !== path) return answer(request, response)
      if (pace.hasRoom() && !turnedAway.isBehind()) return answer(request, response)
      count()
      turnedAway.add(response)
    }
  }
}

/** The path as routes see it: without dot segments, escapes, query and the host of an absolute address. */
function pathOf(target: string): string {
  try {
    return decodeURI(new URL(target, 'http://gateway').pathname)
  } catch {
    return target
  }
}

/** Does `work` for what was added, so much in each turn of the event loop. */
function inTurns<Item>(work: (item: Item) => void) {
  let waiting: Item[] = []
  let isBehind = false
  const turn = (): void => {
    const now = waiting.slice(0, refusedInOneTurn)
    waiting = waiting.slice(refusedInOneTurn)
    isBehind = waiting.length > 0
    if (isBehind) setImmediate(turn)
    for (const item of now) work(item)
  }
  return {
    add(item: Item): void {
      if (waiting.length === 0) setImmediate(turn)
      waiting.push(item)
    },
    /** Whether some have waited for longer than a turn. */
    isBehind: (): boolean => isBehind,
  }
}
