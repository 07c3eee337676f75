import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { alertRules, groupNames, rules, seriesIn } from './alert-rules.ts'
import { idleSources } from './idle-sources.ts'

/** Series of others, which the guide names. */
const ofOthers: Readonly<Record<string, readonly string[]>> = {
  Prometheus: ['up'],
  node_exporter: ['node_filesystem_avail_bytes', 'node_filesystem_size_bytes'],
  postgres_exporter: ['pg_replication_lag_seconds'],
}

/** A histogram `x` has the series `x_bucket`, `x_count` and `x_sum`. */
async function knownSeries(): Promise<ReadonlySet<string>> {
  const text = await createMetrics(idleSources).text()
  const own = [...text.matchAll(/^# TYPE (\w+) (\w+)/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['bucket', 'count', 'sum'].map((part) => `${name}_${part}`) : [name],
  )
  const recorded = rules.flatMap((rule) => ('record' in rule ? [rule.record] : []))
  return new Set([...own, ...recorded, ...Object.values(ofOthers).flat()])
}

test('every rule is PromQL, of series that exist', async () => {
  const known = await knownSeries()
  for (const { expr } of rules) {
    const series = seriesIn(expr)
    assert.ok(series.length > 0, expr)
    assert.deepEqual(
      series.filter((name) => !known.has(name)),
      [],
      expr,
    )
  }
})

test('every recorded series is used, and recorded once', () => {
  const recorded = rules.flatMap((rule) => ('record' in rule ? [rule.record] : []))
  const used = new Set(rules.flatMap(({ expr }) => seriesIn(expr)))
  assert.deepEqual(
    recorded.filter((name) => !used.has(name)),
    [],
  )
  assert.deepEqual(recorded, [...new Set(recorded)])
  assert.deepEqual(groupNames, [...new Set(groupNames)])
})

test('every alert has what Prometheus and the operator on call need', () => {
  for (const rule of alertRules) {
    const { alert, for: duration = '0s', labels, annotations } = rule
    const fields = ['alert', 'expr', 'for', 'labels', 'annotations']
    assert.deepEqual(
      Object.keys(rule).filter((name) => !fields.includes(name)),
      [],
      alert,
    )
    assert.match(duration, /^\d+[smh]$/, alert)
    assert.match(labels.severity ?? '', /^(page|ticket)$/, alert)
    assert.ok((annotations.summary ?? '').length > 20, alert)
  }
})

test('injected mistakes in a rule are found', async () => {
  assert.throws(() => seriesIn('sum(rate(sspay_results_total[5m])'), SyntaxError)
  assert.throws(() => seriesIn('sspay_results_total > > 1'), SyntaxError)
  const known = await knownSeries()
  const mistaken = seriesIn('rate(sspay_result_total{route="a"}[5m]) and on (instance) sspay_build_info > 1')
  assert.deepEqual(
    mistaken.filter((name) => !known.has(name)),
    ['sspay_result_total'],
  )
})
