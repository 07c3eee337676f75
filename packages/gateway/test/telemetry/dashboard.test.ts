import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { limitedCalls } from '../../src/admission/admit.ts'
import { securityEventNames } from '../../src/security-events/model.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { idleSources } from './idle-sources.ts'

const read = (path: string): string => readFileSync(new URL(`../../../../docs/${path}`, import.meta.url), 'utf8')

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[]
}

interface Alerts {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[]
}

const dashboard: Dashboard = JSON.parse(read('operating/grafana-dashboard.json'))
const alerts: Alerts = parse(read('operating/alerts.yml'))
const expressions = [
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...alerts.groups.flatMap(({ rules }) => rules.map(({ expr }) => expr)),
]
const guides = ['ko', 'en'].map((language) => read(`guides/${language}/operating.md`))

/** `sspay_request_duration_seconds_bucket` is a part of `sspay_request_duration_seconds`. */
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:sspay|process|nodejs)_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''))

test('the dashboard, the alerts and the guides name metrics that exist, and the guides all of ours', async () => {
  const metrics = createMetrics(idleSources)
  const known = new Set([...(await metrics.text()).matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name))
  const own = [...known].filter((name) => name.startsWith('sspay_'))
  assert.ok(own.length >= 9)
  assert.ok(expressions.length >= 20)
  for (const expression of expressions)
    for (const name of namesIn(expression)) assert.ok(known.has(name), `${name} in ${expression}`)
  for (const guide of guides)
    assert.deepEqual(
      own.filter((name) => !namesIn(guide).includes(name)),
      [],
    )
})

test('routes, reasons and outcomes in queries are among the labels that exist', () => {
  const existing: Readonly<Record<string, readonly string[]>> = {
    route: ['approval', 'inquiry', 'cancellation', 'member-deletion', 'window', 'step', 'page', 'asset', 'other'],
    to: ['card-network', 'identity', 'notification'],
    call: [
      'authorize',
      'inquire',
      'reverse',
      'cancel',
      'verify-card',
      'codes',
      'codes/check',
      'other',
      ...limitedCalls,
    ],
    result: ['ok', 'failed'],
    outcome: [
      'reversed',
      'timed_out',
      'connection_failed',
      'circuit_open',
      'address_rejected',
      'failed',
      'exhausted',
      'delivered',
      'no_endpoint',
      'success',
      'failure',
      'denied',
    ],
    resource: ['window', 'window-request', 'code', 'card-verification', 'guess', 'password', ...limitedCalls],
    limiter: [
      'overloaded',
      'in_all',
      'per_merchant',
      'per_address',
      'per_phone',
      'per_window',
      'per_form',
      'per_signature',
      'per_share',
      'per_member',
      'per_card',
    ],
    event: securityEventNames,
  }
  for (const expression of expressions)
    for (const [, label = '', , values = ''] of expression.matchAll(
      /\b(route|to|call|result|outcome|resource|limiter|event)(!?=~?)"([^"]+)"/g,
    ))
      for (const value of values.split('|')) assert.ok(existing[label]?.includes(value), expression)
})
