import { readFileSync } from 'node:fs'
import { parser } from '@prometheus-io/lezer-promql'
import { parse } from 'yaml'

interface Common {
  readonly expr: string
}

export interface RecordingRule extends Common {
  readonly record: string
}

export interface AlertRule extends Common {
  readonly alert: string
  readonly for?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

const file = new URL('../../../../docs/operating/alerts.yml', import.meta.url)

const { groups } = parse(readFileSync(file, 'utf8')) as {
  readonly groups: readonly { readonly name: string; readonly rules: readonly (RecordingRule | AlertRule)[] }[]
}

export const groupNames = groups.map(({ name }) => name)
export const rules = groups.flatMap((group) => group.rules)
export const alertRules = rules.filter((rule) => 'alert' in rule)

const strict = parser.configure({ strict: true })

/**
 * The series that a PromQL expression selects.
 *
 * @throws SyntaxError where Prometheus would not load the rule
 */
export function seriesIn(expression: string): readonly string[] {
  const found: string[] = []
  strict.parse(expression).iterate({
    enter({ node }) {
      if (node.name === 'Identifier' && node.parent?.name === 'VectorSelector')
        found.push(expression.slice(node.from, node.to))
    },
  })
  return found
}
