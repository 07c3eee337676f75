import type { Runtime } from '@sspay/gateway'
import { randomBelow } from '@sspay/gateway/tools'
import type { Link } from './links.ts'
import type { Fault } from './model.ts'

/** The payment that a request names, if any. */
export interface PaymentIdentity {
  readonly transactionId?: string | undefined
  readonly orderId?: string | undefined
}

/** A rule that injects faults on one link. */
export interface FaultRule extends PaymentIdentity {
  readonly ruleId: string
  readonly link: Link
  readonly fault: Fault
  /** 0 to 1: the share of the matching requests that fail. */
  readonly probability: number
  /** The same seed selects the same requests, by their order. */
  readonly seed: number
  /** Undefined: unlimited. At 0 the rule no longer applies. */
  readonly timesLeft: number | undefined
}

/** A rule to add; the other properties have defaults. */
export type NewFaultRule = Pick<FaultRule, 'link' | 'fault' | keyof PaymentIdentity> &
  Partial<Pick<FaultRule, 'probability' | 'seed' | 'timesLeft'>>

/** The fault rules of a running sandbox. */
export interface FaultRules {
  /** Oldest first; the first matching rule applies. */
  list(): readonly FaultRule[]
  /** Throws RangeError beyond `maxRules`. */
  add(rule: NewFaultRule): FaultRule
  remove(ruleId: string): boolean
  /** Returns the number of removed rules. */
  clear(): number
  /** Whether a rule may apply to a request on that link. */
  concern(link: Link): boolean
  /** Finds the fault for a request and counts it. `identify` is called only when a rule names a payment. */
  take(link: Link, identify: () => Promise<PaymentIdentity>): Promise<Fault | undefined>
}

export const maxRules = 1_000
export const seedLimit = 2 ** 32

interface Entry {
  rule: FaultRule
  readonly draw: () => number
}

/** In memory, until the sandbox stops. */
export function createFaultRules(runtime: Runtime): FaultRules {
  const entries = new Map<string, Entry>()
  let lastId = 0
  const concerning = (link: Link): readonly Entry[] =>
    [...entries.values()].filter(({ rule }) => rule.link === link && rule.timesLeft !== 0)

  return {
    list: () => [...entries.values()].map(({ rule }) => rule),
    add(given) {
      if (entries.size >= maxRules) throw new RangeError(`at most ${maxRules} rules`)
      const seed = given.seed ?? randomBelow(runtime, seedLimit)
      const { probability = 1, timesLeft } = given
      const rule: FaultRule = { ...given, ruleId: String(++lastId), probability, seed, timesLeft }
      entries.set(rule.ruleId, { rule, draw: seededDraws(seed) })
      return rule
    },
    remove: (ruleId) => entries.delete(ruleId),
    clear() {
      const { size } = entries
      entries.clear()
      return size
    },
    concern: (link) => concerning(link).length > 0,
    async take(link, identify) {
      const identity = concerning(link).some(({ rule }) => isAboutOnePayment(rule)) ? await identify() : {}
      const matching = concerning(link).find(({ rule, draw }) => isAbout(rule, identity) && draw() < rule.probability)
      if (matching === undefined) return undefined
      const { rule } = matching
      if (rule.timesLeft !== undefined) matching.rule = { ...rule, timesLeft: rule.timesLeft - 1 }
      return rule.fault
    },
  }
}

const isAboutOnePayment = ({ transactionId, orderId }: FaultRule): boolean =>
  transactionId !== undefined || orderId !== undefined

const isAbout = (rule: FaultRule, { transactionId, orderId }: PaymentIdentity): boolean =>
  (rule.transactionId === undefined || rule.transactionId === transactionId) &&
  (rule.orderId === undefined || rule.orderId === orderId)

/** A seeded random number generator (mulberry32), from 0 to below 1. */
function seededDraws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
