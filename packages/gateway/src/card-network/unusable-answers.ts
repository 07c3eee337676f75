import type { Log, LogFields } from '../logging/log.ts'

/**
 * Whose answer could not be used: one of the card network that cannot be true, which counts as silence, or an approval of the
 * gateway's own that its messages cannot carry, which is reversed.
 */
export const answerSources = ['card_network', 'gateway'] as const

export type AnswerSource = (typeof answerSources)[number]

const counts = new Map<AnswerSource, number>()

/** Logs an answer that could not be used, and counts it for the alert. */
export function reportUnusableAnswer(log: Log, source: AnswerSource, event: string, fields: LogFields): void {
  counts.set(source, unusableAnswers(source) + 1)
  log.error(event, fields)
}

/** Answers that this process could not use since it started. */
export const unusableAnswers = (source: AnswerSource): number => counts.get(source) ?? 0
