import type { Runtime } from '@sspay/gateway'
import type { LocalizedText, WireText } from '@sspay/protocol'
import type { PayOptions } from './options.ts'

/** How the command ended. `wire`: the result by wire name. */
export type PayResult =
  | { readonly exitCode: 0 | 1; readonly sentence: LocalizedText; readonly wire: WireText }
  | { readonly exitCode: 2 | 3; readonly sentence: LocalizedText; readonly wire?: WireText }

export interface PayContext {
  readonly runtime: Runtime
  readonly options: PayOptions
  readonly gatewayUrl: string
  readonly consoleUrl: string
  /** One line per step. */
  readonly t: (step: LocalizedText) => void
}

interface NotKnown {
  readonly cause: string
  readonly code?: string
  readonly transactionId: string
}

/** Money may have moved: says where to see whether it did. */
export function unknownSentence({ consoleUrl }: PayContext, { cause, code, transactionId }: NotKnown): LocalizedText {
  const why = [cause, code].filter(Boolean).join(' ')
  const place = `${consoleUrl}/payments/${transactionId}`
  return {
    ko: `결과를 알 수 없음: ${why}. 처리되었을 수 있습니다. 콘솔에서 확인하세요: ${place}`,
    en: `unknown: ${why}; it may have been done all the same, see ${place}`,
  }
}
