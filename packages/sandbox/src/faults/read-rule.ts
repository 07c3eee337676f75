import type { LocalizedText } from '@sspay/protocol'
import { linkNames } from './links.ts'
import { faultNames, faultPattern, readFault, writeFault } from './model.ts'
import { type FaultRule, type NewFaultRule, seedLimit } from './rules.ts'

/** A rule as JSON, form and command line have it: texts, or numbers where they are numbers. */
export type RuleFields = Readonly<Record<string, unknown>>

export type RuleReading =
  | { readonly ok: true; readonly rule: NewFaultRule }
  | { readonly ok: false; readonly problem: LocalizedText }

const mostTimes = 1_000_000

/** Empty fields are absent ones; an unknown field is a problem, so that a misspelt condition never strikes every payment. */
export function readRule(given: RuleFields): RuleReading {
  const texts = new Map(
    Object.entries(given)
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([name, value]) => [name, String(value)]),
  )
  const unknown = [...texts.keys()].find((name) => !ruleFields.includes(name))
  if (unknown !== undefined) return problem(unknown, ruleFields.join(', '))

  const link = linkNames.find((name) => name === texts.get('link'))
  if (link === undefined) return problem('link', linkNames.join(', '))
  const fault = readFault(texts.get('fault') ?? '')
  if (fault === undefined) return problem('fault', faultNames.map(faultPattern).join(', '))

  const [orderId, transactionId] = [texts.get('orderId'), texts.get('transactionId')]
  const probability = readNumber(texts.get('probability'), /^(0|1|0?\.[0-9]+|1\.0+|0\.0+)$/, 1)
  const seed = readNumber(texts.get('seed'), /^[0-9]{1,10}$/, seedLimit - 1)
  const timesLeft = readNumber(texts.get('times'), /^[1-9][0-9]*$/, mostTimes)
  if (probability === 'wrong') return problem('probability', '0~1')
  if (seed === 'wrong') return problem('seed', `0~${seedLimit - 1}`)
  if (timesLeft === 'wrong') return problem('times', `1~${mostTimes}`)
  if (orderId !== undefined && orderId.length > 100) return problem('orderId', '1~100')
  if (transactionId !== undefined && !/^[A-Za-z0-9]{1,40}$/.test(transactionId))
    return problem('transactionId', 'A-Za-z0-9')
  return {
    ok: true,
    rule: {
      link,
      fault,
      orderId,
      transactionId,
      timesLeft,
      ...(probability === undefined ? {} : { probability }),
      ...(seed === undefined ? {} : { seed }),
    },
  }
}

const ruleFields = ['link', 'fault', 'orderId', 'transactionId', 'probability', 'seed', 'times']

function readNumber(text: string | undefined, pattern: RegExp, most: number): number | 'wrong' | undefined {
  if (text === undefined) return undefined
  return pattern.test(text) && Number(text) <= most ? Number(text) : 'wrong'
}

const problem = (name: string, allowed: string): RuleReading => ({
  ok: false,
  problem: { ko: `${name}: 쓸 수 있는 값은 ${allowed}`, en: `${name}: one of ${allowed}` },
})

/** What the JSON API and the command line show of a rule; `times` is what is left. */
export const describeRule = ({ fault, timesLeft, ...rule }: FaultRule): Readonly<Record<string, unknown>> => ({
  ...rule,
  fault: writeFault(fault),
  times: timesLeft,
})
