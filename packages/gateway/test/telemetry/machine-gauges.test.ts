import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { createTlsFiles } from '../../../sandbox/test/faults/support.ts'
import { type MachineSources, registerMachineGauges } from '../../src/telemetry/machine-gauges.ts'
import { valueOfSeries } from './measured-gateway.ts'

const at = new Date('2026-12-01T03:00:00.500Z')
const none = { window: undefined, 'card-network': undefined, identity: undefined }

function register(sources: Partial<MachineSources>): Registry {
  const registry = new Registry()
  registerMachineGauges(registry, { now: () => at, certificates: () => none, dataFolder: undefined, ...sources })
  return registry
}

test('the clock, the end of each certificate in use, and the space beside the database are reported', async () => {
  const { cert } = await createTlsFiles()
  const { cert: renewed } = await createTlsFiles('rsa')
  let window = cert
  const registry = register({ certificates: () => ({ ...none, window }), dataFolder: tmpdir() })
  const ends = 'sspay_certificate_end_seconds{certificate="window"}'
  const endOf = (pem: string): number => Date.parse(new X509Certificate(pem).validTo) / 1_000
  const text = await registry.metrics()
  assert.equal(valueOfSeries(text, 'sspay_clock_seconds'), at.getTime() / 1_000)
  assert.equal(valueOfSeries(text, ends), endOf(cert))
  const [free, size] = ['free', 'size'].map((space) =>
    valueOfSeries(text, `sspay_data_folder_bytes{space="${space}"}`),
  ) as [number, number]
  assert.ok(free > 0 && free < size)
  window = renewed
  assert.equal(valueOfSeries(await registry.metrics(), ends), endOf(renewed), 'after a reload')
})

test('without certificates, a folder, or a folder that answers, there are no series that an alert could take for zero', async () => {
  for (const dataFolder of [undefined, '/dev/null/gone'])
    assert.doesNotMatch(await register({ dataFolder }).metrics(), /^sspay_(certificate|data_folder)/m)
})
