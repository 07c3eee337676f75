import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Checkout } from '../checkout/checkout.ts'
import { BodyConsumedError } from '../checkout/request-at.ts'
import { addressOf, headersOf, pathnameOf } from './node-request.ts'

const maxBodyBytes = 65_536

/**
 * Mounts a checkout in Fastify 5. Register it without a prefix, beside, not below, the plugin of the shop's session:
 * otherwise a new session cookie would replace the buyer's on the cross-site return. Its body parsers do not affect the
 * shop's.
 *
 * @returns The plugin: `app.register(fastifyCheckout(checkout))`.
 */
export const fastifyCheckout =
  (checkout: Checkout) =>
  async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) =>
      done(null, body),
    )
    app.setErrorHandler((error, request, reply) => {
      checkout.reportError(pathnameOf({ url: request.url }), error)
      return reply.send(error)
    })
    app.all(`${checkout.path}/*`, async (request, reply) => {
      const response = await checkout.fetch(toRequest(request))
      return reply
        .code(response.status)
        .headers(Object.fromEntries(response.headers))
        .send(await response.text())
    })
  }

const toRequest = ({ method, url, raw, body }: FastifyRequest): Request =>
  new Request(addressOf(url), { method, headers: headersOf(raw), ...bodyOf(body) })

/** A hook of the shop may replace the bytes of the parser above. */
function bodyOf(body: unknown): { readonly body?: Uint8Array<ArrayBuffer> } {
  if (body === undefined || body === null) return {}
  if (body instanceof Uint8Array) return { body: new Uint8Array(body) }
  throw new BodyConsumedError('Do not replace request.body in a hook before the plugin of the checkout.')
}
