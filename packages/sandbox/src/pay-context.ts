import type { Runtime } from '@sspay/gateway'
import type { WireText } from '@sspay/protocol'
import type { PayOptions } from './pay-options.ts'

/** How the command ended. `wire`: the result by wire name. */
export type PayResult =
  | { readonly exitCode: 0 | 1; readonly sentence: string; readonly wire: WireText }
  | { readonly exitCode: 2 | 3; readonly sentence: string; readonly wire?: WireText }

export interface PayContext {
  readonly runtime: Runtime
  readonly options: PayOptions
  readonly gatewayUrl: string
  readonly consoleUrl: string
  /** One line per step. */
  readonly say: (line: string) => void
}

interface NotKnown {
  readonly cause: string
  readonly code?: string
  readonly transactionId: string
}

/** Money may have moved: says where to see whether it did. */
export const unknownSentence = ({ consoleUrl }: PayContext, { cause, code, transactionId }: NotKnown): string =>
  `결과를 알 수 없음 / unknown: ${[cause, code].filter(Boolean).join(' ')}
  처리되었을 수 있습니다. 콘솔에서 확인하세요 / it may have been done all the same, see the console:
  ${consoleUrl}/payments/${transactionId}`
