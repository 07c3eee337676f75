import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Checkout } from '../checkout/checkout.ts'
import { addressOf, headersOf } from './node-request.ts'

const maxBodyBytes = 65_536

/**
 * The checkout for Fastify 5: `app.register(fastifyCheckout(checkout))`. It knows its own path, so it is registered without a prefix. Its
 * body parsers are its own and do not change the shop's. Register it beside, not below, the plugin that holds the shop's session: a new
 * session cookie on the way back would replace the buyer's.
 */
export const fastifyCheckout =
  (checkout: Checkout) =>
  async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) =>
      done(null, body),
    )
    app.all(`${checkout.path}/*`, async (request, reply) => {
      const response = await checkout.fetch(toRequest(request))
      return reply
        .code(response.status)
        .headers(Object.fromEntries(response.headers))
        .send(await response.text())
    })
  }

const toRequest = ({ method, url, raw, body }: FastifyRequest): Request =>
  new Request(addressOf(url), {
    method,
    headers: headersOf(raw),
    ...(body instanceof Uint8Array ? { body: new Uint8Array(body) } : {}),
  })
