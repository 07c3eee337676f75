import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EnvironmentError } from '../src/environment.ts'
import { findUnknownSettings } from '../src/read-settings.ts'
import { settingsTable } from '../src/settings.ts'

/** Of shops and the sandbox, and what Kubernetes sets for a service `sspay-gateway`. */
const foreign = [
  ...['MERCHANT_KEY', 'MERCHANT_ID', 'EASY_PAY_MERCHANT_ID', 'ENVIRONMENT', 'CHECKOUT_URL', 'CANCEL_PASSWORD'],
  ...['ORDER_SIGNING_KEYS', 'WEBHOOK_KEYS', 'GATEWAY', 'WINDOW_ORIGIN', 'RECOVERY_KEY', 'LANG', 'SHOP_PORT', 'SEED'],
  ...['GATEWAY_SERVICE_HOST', 'GATEWAY_SERVICE_PORT', 'GATEWAY_SERVICE_PORT_PUBLIC', 'GATEWAY_PORT_4610_TCP_ADDR'],
].map((name) => `SSPAY_${name}`)

test('variables of others are reported, not rejected; settings and other names are not looked at', () => {
  const known = [...Object.keys(settingsTable), 'PATH', 'SSPAYX_HOST']
  const environment = Object.fromEntries([...known, ...foreign].map((name) => [name, 'x']))
  const find = () => findUnknownSettings(environment)
  assert.doesNotThrow(find)
  assert.deepEqual(find(), foreign)
})

for (const [given, meant] of [
  ['SSPAY_DAT', 'SSPAY_DATA'],
  ['SSPAY_HOSTS', 'SSPAY_HOST'],
  ['SSPAY_MERCHANT', 'SSPAY_MERCHANTS'],
  ['SSPAY_CARDNETWORK_URL', 'SSPAY_CARD_NETWORK_URL'],
  ['SSPAY_DRIAN_SECONDS', 'SSPAY_DRAIN_SECONDS'],
  ['SSPAY_proxy_hops', 'SSPAY_PROXY_HOPS'],
  ['SSPAY_DATABASE_UR', 'SSPAY_DATABASE_URL'],
] as const)
  test(`${given} is rejected as a misspelt ${meant}`, () =>
    assert.throws(
      () => findUnknownSettings({ [given]: 'canary' }),
      (cause) =>
        cause instanceof EnvironmentError && cause.message.includes(`${meant}?`) && !cause.message.includes('canary'),
    ))
