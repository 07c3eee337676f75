import type { LocalizedText } from '@sspay/protocol'
import { linkNames } from './links.ts'
import { faultNames, faultPattern, readFault, writeFault } from './model.ts'
import { type FaultRule, type NewFaultRule, seedLimit } from './rules.ts'

/** A rule as JSON, a form or the command line sends it: texts or numbers. */
export type RuleFields = Readonly<Record<string, unknown>>

export type RuleReading =
  | { readonly ok: true; readonly rule: NewFaultRule }
  | { readonly ok: false; readonly problem: LocalizedText }

const maxTimes = 1_000_000

/** Empty fields count as absent. An unknown field is an error: without a misspelt condition the rule would match every payment. */
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
  const timesLeft = readNumber(texts.get('times'), /^[1-9][0-9]*$/, maxTimes)
  if (probability === 'wrong') return problem('probability', '0~1')
  if (seed === 'wrong') return problem('seed', `0~${seedLimit - 1}`)
  if (timesLeft === 'wrong') return problem('times', `1~${maxTimes}`)
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

/** A rule as JSON; `times` is the remaining number. */
export const describeRule = ({ fault, timesLeft, ...rule }: FaultRule): Readonly<Record<string, unknown>> => ({
  ...rule,
  fault: writeFault(fault),
  times: timesLeft,
})
