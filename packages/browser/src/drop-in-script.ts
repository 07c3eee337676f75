import type { WireText } from '@sspay/protocol'

/** The global that the drop-in script sets (guide, STEP 2). Its property names are the guide's. */
export interface DropInScript {
  init(settings: DropInSettings): void
  payment(payment: DropInPayment): void
}

/** What `smartropay.init` of the guide's script takes. */
export interface DropInSettings {
  /** STG: 테스트, REAL: 운영. */
  readonly mode: 'STG' | 'REAL'
  /** Path of the window; the guide knows only `/ssp/reqPay.do`. */
  readonly actionUri: string
}

/** What `smartropay.payment` of the guide's script takes. */
export interface DropInPayment {
  /** The `id` of the form in the page. */
  readonly FormId: string
  /** PC only: gets what `authenticationResult` describes, by wire name. */
  readonly Callback?: (fields: WireText) => void
  /** PC only: the layer is gone and there is no result. Ours: the guide has no such option. */
  readonly Closed?: () => void
}

declare global {
  interface Window {
    smartropay?: DropInScript
  }
}
