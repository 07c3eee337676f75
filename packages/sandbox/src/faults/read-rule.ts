import type { LocalizedText } from '@sspay/protocol'
import { type Link, linkNames } from './links.ts'
import { faultNames, faultPattern, readFault, writeFault } from './model.ts'
import { type FaultRule, type NewFaultRule, seedLimit } from './rules.ts'

/** A rule as JSON, a form or the command line sends it: texts or numbers. */
export type RuleFields = Readonly<Record<string, unknown>>

export type RuleReading =
  | { readonly ok: true; readonly rule: NewFaultRule }
  | { readonly ok: false; readonly problem: LocalizedText }

const maxTimes = 1_000_000

type Check = readonly [isRight: (text: string) => boolean, allowed: string]

const numberAtMost = (pattern: RegExp, most: number, least: number): Check => [
  (text) => pattern.test(text) && Number(text) <= most,
  `${least}~${most}`,
]

const checks = {
  link: [(text) => linkNames.some((name) => name === text), linkNames.join(', ')],
  fault: [(text) => readFault(text) !== undefined, faultNames.map(faultPattern).join(', ')],
  orderId: [(text) => text.length <= 100, '1~100'],
  transactionId: [(text) => /^[A-Za-z0-9]{1,40}$/.test(text), 'A-Za-z0-9'],
  probability: numberAtMost(/^(0|1|0?\.[0-9]+|1\.0+|0\.0+)$/, 1, 0),
  seed: numberAtMost(/^[0-9]{1,10}$/, seedLimit - 1, 0),
  times: numberAtMost(/^[1-9][0-9]*$/, maxTimes, 1),
} as const satisfies Readonly<Record<string, Check>>

type RuleTexts = { readonly [Name in keyof typeof checks]?: string }

/**
 * Empty fields count as absent. An unknown field is an error: without a misspelt condition the rule would match every
 * payment.
 */
export function readRule(given: RuleFields): RuleReading {
  const present = Object.entries(given).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const texts: RuleTexts = Object.fromEntries(present.map(([name, value]) => [name, String(value)]))
  const unknown = Object.keys(texts).find((name) => !Object.hasOwn(checks, name))
  if (unknown !== undefined) return problem(unknown, Object.keys(checks).join(', '))
  const { link = '', fault: faultText = '', orderId, transactionId, probability, seed, times } = texts
  for (const [name, text] of Object.entries({ ...texts, link, fault: faultText })) {
    const [isRight, allowed] = checks[name as keyof RuleTexts]
    if (!isRight(text)) return problem(name, allowed)
  }
  const fault = readFault(faultText)
  if (fault === undefined) return problem('fault', checks.fault[1])
  const numbers = {
    ...(probability === undefined ? {} : { probability: Number(probability) }),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  }
  const timesLeft = times === undefined ? undefined : Number(times)
  return { ok: true, rule: { link: link as Link, fault, orderId, transactionId, timesLeft, ...numbers } }
}

const problem = (name: string, allowed: string): RuleReading => ({
  ok: false,
  problem: { ko: `${name}: 쓸 수 있는 값은 ${allowed}`, en: `${name}: one of ${allowed}` },
})

/** A rule as JSON; `times` is the remaining number. */
export const describeRule = ({ fault, timesLeft, ...rule }: FaultRule): Readonly<Record<string, unknown>> => ({
  ...rule,
  fault: writeFault(fault),
  times: timesLeft,
})
