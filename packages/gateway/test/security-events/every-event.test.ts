import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SecurityEventName, securityEventNames, securityEvents } from '../../src/security-events/model.ts'
import { securityEventCounts } from '../../src/security-events/record.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { useWindow } from '../payment-window/members.ts'
import { idleSources } from '../telemetry/idle-sources.ts'
import { canaries, provocations } from './provocations.ts'

useWindow()

interface EventLine {
  readonly event: string
  readonly level: string
  readonly name: string
  readonly outcome: string
}

const eventsIn = (lines: readonly string[]): readonly EventLine[] =>
  lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'security_event')

const countOf = (name: SecurityEventName): number =>
  securityEventCounts().find(({ event }) => event === name)?.count ?? 0

for (const name of securityEventNames) {
  test(`${name} is logged and counted, without personal data and secrets`, async () => {
    const before = countOf(name)
    const lines = await provocations[name]()
    const found = eventsIn(lines).filter((line) => line.name === name)
    assert.ok(found.length > 0, lines.join('\n'))
    for (const { level, outcome } of found) assert.deepEqual({ level, outcome }, securityEvents[name])
    assert.ok(countOf(name) - before >= found.length)
    for (const canary of canaries) assert.doesNotMatch(lines.join('\n'), canary)
    const { outcome } = securityEvents[name]
    const metrics = await createMetrics(idleSources).text()
    assert.match(
      metrics,
      new RegExp(`^sspay_security_events_total{event="${name}",outcome="${outcome}"} ${countOf(name)}$`, 'm'),
    )
    for (const canary of canaries) assert.doesNotMatch(metrics, canary)
  })
}
