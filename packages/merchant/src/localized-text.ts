import { type LocalizedText, type ResultReason, resultCodes } from '@sspay/protocol'

/** Our sentence for a known reason, else what the service said. */
export function wordsOf(reason: ResultReason | undefined, resultMessage = ''): LocalizedText {
  if (reason === undefined) return { ko: resultMessage, en: resultMessage }
  const { ko, en } = resultCodes[reason]
  return { ko, en }
}
