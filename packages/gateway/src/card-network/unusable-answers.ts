import type { Log, LogFields } from '../logging/log.ts'

/**
 * `card_network`: an impossible answer, which counts as no answer. `gateway`: an approval that does not fit the fields
 * of the answer to the shop, which is reversed.
 */
export const answerSources = ['card_network', 'gateway'] as const

export type AnswerSource = (typeof answerSources)[number]

const counts = new Map<AnswerSource, number>()

/** Logs an unusable answer, and counts it for the alert. */
export function reportUnusableAnswer(log: Log, source: AnswerSource, event: string, fields: LogFields): void {
  counts.set(source, unusableAnswers(source) + 1)
  log.error(event, fields)
}

/** Unusable answers since this process started. */
export const unusableAnswers = (source: AnswerSource): number => counts.get(source) ?? 0
