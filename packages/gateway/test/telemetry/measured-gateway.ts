import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeThis } from '../../../../test/support/closing.ts'
import { quickRootKey } from '../../../../test/support/quick-payment.ts'
import { startSimulatedNetwork } from '../../../../test/support/simulated-network.ts'
import { testMerchant } from '../../../sandbox/src/test-merchant.ts'
import { type OpenedGateway, openGateway } from '../../src/open-gateway.ts'
import { defaultSettings } from '../../src/settings.ts'
import { testPlace } from '../test-storage.ts'

export interface MeasuredGateway extends AsyncDisposable {
  readonly gateway: OpenedGateway
  /** What a shop's server asks, with these fields. */
  approve(fields: Readonly<Record<string, string>>): Promise<Response>
  /** What the operator's Prometheus reads. */
  readMetrics(): Promise<string>
  close(): Promise<void>
}

/** Of the series of that name and those labels. */
export function valueOfSeries(metrics: string, series: string): number {
  const line = metrics.split('\n').find((line) => line.startsWith(`${series} `))
  assert.ok(line !== undefined, `${series} is not there`)
  return Number(line.split(' ').at(-1))
}

/**
 * A gateway as an operator opens it, without work in the background, with a card network that answers; the test
 * merchant is there.
 */
export async function openMeasuredGateway(
  limits: Partial<typeof defaultSettings.limits> = {},
): Promise<MeasuredGateway> {
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'sspay-measured-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const network = await startSimulatedNetwork()
  opened.defer(() => network.close())
  const gateway = await openGateway({
    place: await testPlace(folder),
    rootKey: quickRootKey,
    settings: { ...defaultSettings, isSandbox: true, limits: { ...defaultSettings.limits, ...limits } },
    cardNetworkUrl: network.url,
    identityUrl: 'http://127.0.0.1:1',
    logDestination: { file: join(folder, 'gateway.log') },
    hasWorkers: false,
  })
  opened.defer(() => gateway.close())
  await gateway.saveMerchant(testMerchant)
  const closing = opened.move()
  return {
    gateway,
    approve: (fields) =>
      gateway.fetch(
        new Request('http://127.0.0.1/payment/approval/urlCallApproval.do', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(fields),
        }),
      ),
    readMetrics: async () => (await gateway.console(new Request('http://127.0.0.1/metrics'))).text(),
    close: () => closing.disposeAsync(),
    [Symbol.asyncDispose]: closeThis,
  }
}
