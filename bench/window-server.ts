import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defaultSettings, listen, openGateway } from '@sspay/gateway'
import { setPaymentPassword } from '../packages/gateway/src/members/payment-password.ts'
import { testMerchant } from '../packages/sandbox/src/test-merchant.ts'
import { memberWithCard, quickRootKey } from '../test/support/quick-payment.ts'

/** Fixed answer of the bare server, by method and kind of path. */
export interface RecordedAnswer {
  readonly kind: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Base64. */
  readonly bytes: string
}

export const shopOrigin = 'https://shop.example'
export const knownCustomer = 'quick0001'

/** One kind for the opening form, one for a window's page, one for a keypad's picture. */
function kindOf(method: string, path: string): string {
  if (path.endsWith('.png')) return 'picture'
  return method === 'POST' ? 'open' : 'page'
}

/**
 * The whole gateway with its log and its database on disk; how much one shop, address and window may ask for is the one
 * thing that is not as usual.
 */
async function serveGateway(dataFolder: string): Promise<string> {
  const unlimited = { burst: 1e9, refillEveryMs: 1 }
  const limits = {
    ...defaultSettings.limits,
    ...{ windowsPerMerchant: unlimited, windowsPerAddress: unlimited },
    ...{ windowsPerForm: unlimited, windowsPerSignature: unlimited },
    ...{ requestsPerWindow: unlimited, windowRequestsPerAddress: unlimited },
  }
  const gateway = await openGateway({
    place: { dataFolder },
    rootKey: quickRootKey,
    settings: { ...defaultSettings, limits },
    ...{ cardNetworkUrl: 'http://127.0.0.1:1', identityUrl: 'http://127.0.0.1:1', logDestination: 'stdout' },
  })
  const merchant = { ...testMerchant, allowedOrigins: [shopOrigin] }
  await gateway.saveMerchant(merchant)
  const { memberId } = await memberWithCard(gateway.context, merchant, knownCustomer, '9406000000000001')
  await setPaymentPassword(gateway.context, memberId, '739214')
  return (await listen({ fetch: gateway.fetch, host: '127.0.0.1', port: 0 })).url
}

async function serveBare(answers: readonly RecordedAnswer[]): Promise<string> {
  const known = new Map(answers.map((one) => [one.kind, { ...one, body: Buffer.from(one.bytes, 'base64') }]))
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const found = known.get(kindOf(request.method ?? '', request.url ?? ''))
      response.writeHead(found?.status ?? 404, found?.headers).end(found?.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

process.once('disconnect', () => process.exit())
process.once('message', async (asked: { readonly dataFolder: string } | readonly RecordedAnswer[]) => {
  process.send?.('dataFolder' in asked ? await serveGateway(asked.dataFolder) : await serveBare(asked))
})
