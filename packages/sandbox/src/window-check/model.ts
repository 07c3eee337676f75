import type { LocalizedText } from '@sspay/protocol'

/** A deviation from the inventory or from the expected headers. */
export interface Difference extends LocalizedText {
  readonly kind:
    | 'script_unknown'
    | 'script_changed'
    | 'script_missing'
    | 'script_without_nonce'
    | 'handler_in_page'
    | 'element_unexpected'
    | 'header_differs'
    | 'nonce_repeated'
  /** Name of the header, or name or address of the script. */
  readonly subject: string
  readonly expected?: string
  readonly found?: string
}

export interface FetchedPage {
  readonly url: string
  readonly headers: Headers
  readonly text: string
}
