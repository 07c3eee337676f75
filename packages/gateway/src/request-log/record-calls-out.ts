import type { WireText } from '@sspay/protocol'
import { decodeForm } from '@sspay/protocol/charset'
import { textValues } from '@sspay/protocol/sealed-body'
import { callFailure } from '../outgoing/failure.ts'
import type { OutgoingAnswer, OutgoingRequest } from '../outgoing/model.ts'
import type { Runtime } from '../runtime.ts'
import type { CallKind } from './model.ts'
import { currentCall } from './notes.ts'
import { withoutQuery } from './record-calls-in.ts'
import type { RequestLog } from './request-log.ts'

type CallOutKind = Extract<CallKind, 'card-network' | 'identity' | 'notification'>

export interface CallsOut {
  readonly kind: CallOutKind
  readonly nameAnswer: (answer: OutgoingAnswer) => string
}

/** Wraps `runtime.fetch`: records every call and its outcome. */
export function recordCallsOut(requestLog: RequestLog, runtime: Runtime, { kind, nameAnswer }: CallsOut): Runtime {
  if (!requestLog.isOn) return runtime
  const fetch: Runtime['fetch'] = async (url, request) => {
    const startedAt = runtime.now()
    const notes = currentCall.getStore() ?? {}
    const record = (answer: OutgoingAnswer | undefined, nameOutcome: () => string): void => {
      requestLog.record({
        kind,
        startedAt,
        notes: notes.transactionId === undefined ? {} : { transactionId: notes.transactionId },
        durationMs: runtime.now().getTime() - startedAt.getTime(),
        method: request.method,
        address: withoutQuery(url),
        contentType: request.headers?.['content-type'],
        charset: charsetOf(request),
        status: answer?.status,
        fields: () => fieldsSent(request),
        answer: () => (answer === undefined || kind === 'notification' ? {} : jsonFields(answer.body)),
        outcome: nameOutcome(),
      })
    }
    try {
      const answer = await runtime.fetch(url, request)
      record(answer, () => nameAnswer(answer))
      return answer
    } catch (cause) {
      record(undefined, () => callFailure(cause))
      throw cause
    }
  }
  return { ...runtime, fetch }
}

const isForm = ({ headers = {} }: OutgoingRequest): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true

const charsetOf = ({ headers = {} }: OutgoingRequest): 'utf-8' | 'euc-kr' =>
  /charset=euc-kr/i.test(headers['content-type'] ?? '') ? 'euc-kr' : 'utf-8'

function fieldsSent(request: OutgoingRequest): WireText {
  const body = Buffer.from(request.body ?? '')
  return isForm(request) ? decodeForm(body, charsetOf(request)).fields : jsonFields(body)
}

/** Empty unless the body is a flat JSON object. */
function jsonFields(body: Uint8Array): WireText {
  try {
    return textValues(JSON.parse(new TextDecoder().decode(body))) ?? {}
  } catch {
    return {}
  }
}

const jsonOutcome = ({ status, body }: OutgoingAnswer, found: (fields: WireText) => string | undefined): string =>
  status === 200 ? (found(jsonFields(body)) ?? 'answer_unreadable') : `http_${status}`

export const cardNetworkCalls: CallsOut = {
  kind: 'card-network',
  nameAnswer: (answer) => jsonOutcome(answer, ({ outcome }) => outcome),
}

export const identityCalls: CallsOut = {
  kind: 'identity',
  nameAnswer: (answer) =>
    jsonOutcome(answer, ({ result, verificationId }) => result ?? (verificationId ? 'code_sent' : undefined)),
}
