import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { test } from 'node:test'
import { createMetrics } from '../../packages/gateway/src/telemetry/metrics.ts'
import { type AlertRule, alertRules } from '../../packages/gateway/test/telemetry/alert-rules.ts'
import { idleSources } from '../../packages/gateway/test/telemetry/idle-sources.ts'
import { languages } from '../../tools/docs/language.ts'
import { headingsOf, linksOf } from '../../tools/docs/markdown.ts'
import { repository } from '../source/files.ts'

const read = (path: string): string => readFileSync(resolve(repository, path), 'utf8')
const source = globSync('packages/gateway/src/**/*.ts', { cwd: repository }).map(read).join('\n')
const known = source + (await createMetrics(idleSources).text())

const names = [...new Set(alertRules.map(({ alert }) => alert))]
const pageOf = (alert: string): string => alert.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase()

const severitiesOf = (alert: string): readonly string[] =>
  [...new Set(alertRules.filter((rule) => rule.alert === alert).map(({ labels }) => labels.severity ?? ''))].sort()

const sections = { ko: ['뜻', '확인', '조치'], en: ['Meaning', 'Look at', 'Do'] }

/** Log events, metrics and reasons: words in code that are joined by underscores. */
const wordsIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`\n]+)`|grep (\w+)$/gm)].flatMap(([, code, pattern]) =>
    [...(code ?? pattern ?? '').matchAll(/\b[a-z]+(?:_[a-z]+)+\b/g)].map(([word]) => word),
  )

/** Of PostgreSQL and of Node.js. */
const ofOthers = /^(pg_\w+|nodejs_\w+|process_\w+|max_connections|max_standby_streaming_delay|wait_event_type)$/
const alsoOfOthers = /^(replay_lag|archive_command|node_exporter|postgres_exporter)$/

const unknownWordsIn = (text: string): readonly string[] =>
  wordsIn(text).filter((word) => !ofOthers.test(word) && !alsoOfOthers.test(word) && !known.includes(word))

const linkFault = ({ alert, annotations }: AlertRule): string | undefined => {
  const address = `https://docs.example/runbooks/${pageOf(alert)}`
  return annotations.runbook_url === address ? undefined : `${alert}: ${annotations.runbook_url}, not ${address}`
}

test('every rule leads to its page', () => {
  assert.deepEqual(
    alertRules.map(linkFault).filter((fault) => fault !== undefined),
    [],
  )
})

for (const language of languages)
  test(`every rule has its page, and every page its rule (${language})`, () => {
    const pages = globSync(`docs/runbooks/${language}/*.md`, { cwd: repository })
    assert.deepEqual(
      pages
        .map((path) => basename(path, '.md'))
        .filter((name) => name !== 'index')
        .sort(),
      names.map(pageOf).sort(),
    )
    const linked = linksOf(read(`docs/runbooks/${language}/index.md`)).map(({ target }) => target)
    for (const alert of names) {
      assert.ok(linked.includes(`${pageOf(alert)}.md`), `the index leads to ${alert}`)
      const page = read(`docs/runbooks/${language}/${pageOf(alert)}.md`)
      assert.deepEqual(
        headingsOf(page).map(({ text }) => text),
        [alert, ...sections[language]],
      )
      const severities = /^(?:심각도|Severity): (.*)$/m.exec(page)?.[1]
      assert.equal(
        severities,
        severitiesOf(alert)
          .map((one) => `\`${one}\``)
          .join(', '),
        alert,
      )
      assert.match(page, /^```sh\n/m, alert)
      assert.deepEqual(unknownWordsIn(page), [], alert)
    }
  })

test('an injected rule without its page, and an injected event, are found', () => {
  const [rule] = alertRules
  assert.ok(rule)
  assert.match(linkFault({ ...rule, alert: 'PaymentsVanish' }) ?? '', /^PaymentsVanish: .*, not .*\/payments-vanish$/)
  assert.deepEqual(unknownWordsIn('`card_network_silent` `payment_vanished`\ncurl | grep circuit_shut'), [
    'payment_vanished',
    'circuit_shut',
  ])
})
