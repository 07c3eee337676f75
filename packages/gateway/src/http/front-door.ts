import type { RequestListener } from 'node:http'
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

/**
 * Refuses before anything is made of a request but its first lines: a flood costs the gateway so little that those who are inside are done in
 * time. Who is refused may come again on the same connection. For `listen({ around })`.
 */
export function createFrontDoor({ runtime, log, pace, path }: FrontDoorOptions) {
  // A text leaves in one write together with its head, bytes would take two: most of what a refusal costs.
  const body = refusalBody('overloaded')
  const headers = { ...jsonHeaders, 'content-length': Buffer.byteLength(body) }
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
      if (request.url?.startsWith(path) !== true || pace.hasRoom()) return answer(request, response)
      count()
      response.writeHead(200, headers).end(body)
    }
  }
}
