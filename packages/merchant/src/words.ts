import { type ResultReason, resultCodes, type Words } from '@sspay/protocol'

/** Our sentence for a known reason, else what the service said. */
export function wordsOf(reason: ResultReason | undefined, resultMessage = ''): Words {
  if (reason === undefined) return { ko: resultMessage, en: resultMessage }
  const { ko, en } = resultCodes[reason]
  return { ko, en }
}
