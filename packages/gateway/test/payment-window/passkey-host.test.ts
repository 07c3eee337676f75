import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Settings } from '../../src/context.ts'
import { canHavePasskeys } from '../../src/payment-window/passkey-offer.ts'
import { testSettings } from '../support.ts'

const strict: Settings = { ...testSettings, isSandbox: false }

const cases: readonly (readonly [host: string, settings: Settings, can: boolean])[] = [
  ['pay.example', { ...strict, publicHosts: ['pay.example'] }, true],
  ['pay.example:8443', { ...strict, publicHosts: ['pay.example'] }, true],
  ['evil.example', { ...strict, publicHosts: ['pay.example'] }, false],
  ['pay.example', strict, false],
  ['192.0.2.1', { ...strict, publicHosts: ['pay.example'] }, false],
  ['localhost:4611', strict, true],
  ['evil.example', { ...strict, isSandbox: true }, true],
]

for (const [host, settings, can] of cases)
  test(`a passkey may ${can ? '' : 'not '}belong to ${host}${settings.publicHosts ? `, of ${settings.publicHosts}` : ''}${settings.isSandbox ? ', in a sandbox' : ''}`, () =>
    assert.equal(canHavePasskeys({ settings }, new Request(`https://${host}/ssp/window/token`)), can))
