import { type Runtime, randomBelow } from '@sspay/gateway'
import type { Link } from './links.ts'
import type { Fault } from './model.ts'

/** Which payment a request is about, as far as it says so. */
export interface PaymentIdentity {
  readonly transactionId?: string | undefined
  readonly orderId?: string | undefined
}

/** A rule that injects faults on one link. */
export interface FaultRule extends PaymentIdentity {
  readonly ruleId: string
  readonly link: Link
  readonly fault: Fault
  /** 0 to 1: which part of the requests it strikes. */
  readonly probability: number
  /** Of the draws: the same seed strikes the same requests, counted as they come. */
  readonly seed: number
  /** Undefined: for ever. At 0 the rule is spent. */
  readonly timesLeft: number | undefined
}

/** A rule to add; the other properties have defaults. */
export type NewFaultRule = Pick<FaultRule, 'link' | 'fault' | keyof PaymentIdentity> &
  Partial<Pick<FaultRule, 'probability' | 'seed' | 'timesLeft'>>

/** The fault rules of a running sandbox. */
export interface FaultRules {
  /** Oldest first; the first one that matches a request strikes it. */
  list(): readonly FaultRule[]
  /** Throws RangeError beyond 1,000 rules. */
  add(rule: NewFaultRule): FaultRule
  remove(ruleId: string): boolean
  /** How many there were. */
  clear(): number
  /** Whether any rule may strike a request on that link. */
  concern(link: Link): boolean
  /** The fault that strikes this request, if any, counted. `identify` is asked only when a rule is about one payment. */
  take(link: Link, identify: () => Promise<PaymentIdentity>): Promise<Fault | undefined>
}

export const mostRules = 1_000
export const seedLimit = 2 ** 32

interface Entry {
  rule: FaultRule
  readonly draw: () => number
}

/** Rules live as long as the sandbox does. */
export function createFaultRules(runtime: Runtime): FaultRules {
  const entries = new Map<string, Entry>()
  let lastId = 0
  const concerning = (link: Link): readonly Entry[] =>
    [...entries.values()].filter(({ rule }) => rule.link === link && rule.timesLeft !== 0)

  return {
    list: () => [...entries.values()].map(({ rule }) => rule),
    add(given) {
      if (entries.size >= mostRules) throw new RangeError(`at most ${mostRules} rules`)
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
      const struck = concerning(link).find(({ rule, draw }) => isAbout(rule, identity) && draw() < rule.probability)
      if (struck === undefined) return undefined
      const { rule } = struck
      if (rule.timesLeft !== undefined) struck.rule = { ...rule, timesLeft: rule.timesLeft - 1 }
      return rule.fault
    },
  }
}

const isAboutOnePayment = ({ transactionId, orderId }: FaultRule): boolean =>
  transactionId !== undefined || orderId !== undefined

const isAbout = (rule: FaultRule, { transactionId, orderId }: PaymentIdentity): boolean =>
  (rule.transactionId === undefined || rule.transactionId === transactionId) &&
  (rule.orderId === undefined || rule.orderId === orderId)

/** Numbers from 0 to below 1 that depend on nothing but the seed (mulberry32). */
function seededDraws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
