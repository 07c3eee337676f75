import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { rejectionCounts } from '../../src/admission/rejections.ts'
import { securityEventNames, securityEvents } from '../../src/security-events/model.ts'

const read = (path: string): string => readFileSync(new URL(`../../../../docs/${path}`, import.meta.url), 'utf8')

interface AlertGroup {
  readonly name: string
  readonly rules: readonly {
    readonly alert: string
    readonly expr: string
    readonly labels: { readonly severity: string }
  }[]
}

const { groups }: { readonly groups: readonly AlertGroup[] } = parse(read('operating/alerts.yml'))
const rules = groups.find(({ name }) => name === 'sspay-security')?.rules ?? []

for (const language of ['ko', 'en']) {
  const guide = read(`guides/${language}/security-events.md`)

  test(`the ${language} runbook has each event once, in one row, and no other`, () => {
    const rows = [...guide.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \| [^|]+ \| [^|]+ \|$/gm)].map(
      ([, first = '']) => first,
    )
    const listed = rows.flatMap((first) => [...first.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name))
    assert.deepEqual(listed.toSorted(), securityEventNames.toSorted())
  })

  test(`the ${language} runbook names every rule of the security alerts`, () => {
    assert.ok(rules.length > 10)
    for (const { alert } of rules) assert.ok(guide.includes(`\`${alert}\``), alert)
  })

  test(`the ${language} table of limits has every bound of windows, codes and guesses`, () => {
    const limited = ['window', 'window-request', 'code', 'guess']
    for (const { resource, limiter } of rejectionCounts().filter((one) => limited.includes(one.resource))) {
      const row = guide.split('\n').find((line) => line.includes(`\`${resource}\`,`) && line.includes(`\`${limiter}\``))
      assert.ok(row !== undefined || limiter === 'overloaded', `${resource} ${limiter}`)
    }
  })
}

test('each event of level warn has an alert', () => {
  const watched = rules.map(({ expr }) => expr).join('\n')
  const unwatched = securityEventNames.filter(
    (name) => securityEvents[name].level === 'warn' && !new RegExp(`\\b${name}\\b`).test(watched),
  )
  assert.deepEqual(unwatched, [])
})
