import { findCardCompany } from '@sspay/protocol'

/** Instalments without interest for the buyer: the shop, or its contract with an issuer, pays it. */
export interface InterestFreeRule {
  /** Code of the card companies table; absent: every issuer. */
  readonly issuerCode?: string
  /** 2 to 12. */
  readonly months: readonly number[]
  /** Minimum amount in whole won. */
  readonly minimumAmount: number
  /** Start, inclusive; absent: no start. */
  readonly from?: Date
  /** End, exclusive; absent: no end. */
  readonly until?: Date
}

interface Purchase {
  readonly issuerCode: string
  /** 0 is a lump sum, which never bears interest. */
  readonly installmentMonths: number
  readonly amount: number
  /** When the window was opened: the terms shown then still apply at payment. */
  readonly at: Date
}

export const isInterestFree = (
  rules: readonly InterestFreeRule[],
  { issuerCode, installmentMonths, amount, at }: Purchase,
): boolean =>
  rules.some(
    (rule) =>
      rule.months.includes(installmentMonths) &&
      (rule.issuerCode === undefined || rule.issuerCode === issuerCode) &&
      amount >= rule.minimumAmount &&
      (rule.from === undefined || rule.from <= at) &&
      (rule.until === undefined || at < rule.until),
  )

const mostRules = 200

const isMonths = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((months) => Number.isInteger(months) && months >= 2 && months <= 12)

const isAmount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

const isIssuer = (value: unknown): boolean => typeof value === 'string' && findCardCompany(value) !== undefined

/** The offset is required, so that the time zone is explicit. */
export const isInstant = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
  !Number.isNaN(Date.parse(value))

const isAbsentOr =
  (isRight: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || isRight(value)

/** The JSON checks of each field of a rule. */
const fields: Readonly<Record<string, (value: unknown) => boolean>> = {
  issuerCode: isAbsentOr(isIssuer),
  months: isMonths,
  minimumAmount: isAmount,
  from: isAbsentOr(isInstant),
  until: isAbsentOr(isInstant),
}

type Written = Readonly<Record<string, unknown>>

const isWritten = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The problems of rules from JSON, such as `interestFree[0].months`; names, never values. */
export function findInterestFreeProblems(written: unknown): readonly string[] {
  if (!Array.isArray(written) || written.length > mostRules) return ['interestFree']
  return written.flatMap((rule: unknown, index) => {
    const place = `interestFree[${index}]`
    if (!isWritten(rule)) return [place]
    const wrong = Object.entries(fields).flatMap(([name, isRight]) => (isRight(rule[name]) ? [] : [`${place}.${name}`]))
    const strange = Object.keys(rule).filter((name) => !Object.hasOwn(fields, name))
    const endsFirst =
      wrong.length === 0 &&
      typeof rule.from === 'string' &&
      typeof rule.until === 'string' &&
      Date.parse(rule.until) <= Date.parse(rule.from)
    return [
      ...wrong,
      ...strange.map((name) => `${place}.${name} (no such field)`),
      ...(endsFirst ? [`${place}.until`] : []),
    ]
  })
}

/** Reads rules that {@link findInterestFreeProblems} has found valid. */
export const readInterestFree = (written: unknown): readonly InterestFreeRule[] =>
  (written as readonly Written[]).map(({ from, until, ...rule }) => ({
    ...(rule as unknown as InterestFreeRule),
    ...(from === undefined ? {} : { from: new Date(String(from)) }),
    ...(until === undefined ? {} : { until: new Date(String(until)) }),
  }))

/** The JSON that {@link readInterestFree} reads. */
export const writeInterestFree = (rules: readonly InterestFreeRule[]): string => JSON.stringify(rules)

const rulePattern = /^(?:([0-9]{2}):)?([0-9]{1,2})(?:-([0-9]{1,2}))?@([0-9]{1,9})$/

/**
 * `2-3@50000`: 2 and 3 months from 50,000 won; `04:6@50000`: 6 months with the cards of issuer 04. Undefined for
 * anything else.
 */
export function readInterestFreeRule(text: string): InterestFreeRule | undefined {
  const parts = rulePattern.exec(text)
  if (parts === null) return undefined
  const [, issuerCode, first = '', last = first, minimumAmount] = parts
  const length = Number(last) - Number(first) + 1
  if (length < 1 || Number(first) < 2 || Number(last) > 12) return undefined
  if (issuerCode !== undefined && findCardCompany(issuerCode) === undefined) return undefined
  return {
    ...(issuerCode === undefined ? {} : { issuerCode }),
    months: Array.from({ length }, (_, at) => Number(first) + at),
    minimumAmount: Number(minimumAmount),
  }
}
