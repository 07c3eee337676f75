import { readKoreanDay } from '@sspay/protocol/internal'
import { type Context, Hono } from 'hono'
import { readJsonObject } from '../own-forms.ts'
import { pause } from '../pause.ts'
import { authorize, cancel, inquire, type Ledger, type NetworkAnswer, reverse } from './ledger.ts'
import { readAuthorizeRequest, readCancelRequest, readReference, readVerifyCardRequest } from './model.ts'
import { findTestCard } from './scenarios.ts'
import { listCharges, movementsOf } from './store.ts'
import { verifyCard } from './verify-card.ts'

export interface CardNetworkOptions extends Ledger {
  /** Delay of a `late` card; longer than the gateway's timeout. */
  readonly lateAnswerMs: number
  /** Ends the delays when the sandbox stops. */
  readonly stopping: AbortSignal
}

/**
 * The simulated issuers: `POST /authorize`, `/inquire`, `/reverse`, `/cancel`, `/verify-card` for the gateway's card
 * network port, and `GET /charges?transactionId=&limit=` and `/ledger?day=` for people.
 */
export function cardNetworkRoutes(options: CardNetworkOptions): Hono {
  const answering =
    <Request>(
      read: (json: Readonly<Record<string, unknown>>) => Request | undefined,
      work: (ledger: Ledger, request: Request) => Promise<NetworkAnswer>,
    ) =>
    async (context: Context): Promise<Response> => {
      const request = read(await readJsonObject(context))
      return request === undefined ? unreadable(context) : reply(context, await work(options, request))
    }
  return new Hono()
    .post('/authorize', async (context) => {
      const request = readAuthorizeRequest(await readJsonObject(context))
      if (request === undefined) return unreadable(context)
      const behaviour = findTestCard(request.cardNumber)?.behaviour
      if (behaviour === 'silent') return silence(options, context.req.raw.signal)
      const answer = await authorize(options, request)
      if (behaviour === 'late')
        await pause(options.runtime, options.lateAnswerMs, [options.stopping, context.req.raw.signal])
      return reply(context, answer, behaviour === 'twice' ? 2 : 1)
    })
    .post('/inquire', answering(readReference, inquire))
    .post('/reverse', answering(readReference, reverse))
    .post('/cancel', answering(readCancelRequest, cancel))
    .post('/verify-card', async (context) => {
      const request = readVerifyCardRequest(await readJsonObject(context))
      if (request === undefined) return unreadable(context)
      if (findTestCard(request.cardNumber)?.registration === 'silent') return silence(options, context.req.raw.signal)
      return context.json(verifyCard(options.runtime, request))
    })
    .get('/charges', async ({ req, json }) => {
      const limit = Math.min(Number(/^[1-9][0-9]{0,3}$/.exec(req.query('limit') ?? '')?.[0] ?? 20), 500)
      return json({ charges: await listCharges(options.storage, { limit, transactionId: req.query('transactionId') }) })
    })
    .get('/ledger', async (context) => {
      const day = readKoreanDay(context.req.query('day') ?? '')
      return day === undefined
        ? unreadable(context)
        : context.json({ movements: await movementsOf(options.storage, day) })
    })
}

const unreadable = (context: Context): Response => context.json({ error: 'the request is not readable' }, 400)

function reply(context: Context, answer: NetworkAnswer, times = 1): Response {
  if (answer === 'conflict') return context.json({ error: 'this transaction was asked for with other values' }, 409)
  // Two responses in one body: one JSON text per line.
  const body = Array.from({ length: times }, () => JSON.stringify(answer)).join('\n')
  return context.body(body, 200, { 'content-type': 'application/json' })
}

const maxSilenceMs = 120_000

async function silence({ runtime, stopping }: CardNetworkOptions, gone: AbortSignal): Promise<Response> {
  await pause(runtime, maxSilenceMs, [stopping, gone])
  return new Response(null, { status: 504 })
}
