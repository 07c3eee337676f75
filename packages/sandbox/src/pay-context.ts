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
