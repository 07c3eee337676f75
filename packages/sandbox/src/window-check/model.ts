import type { LocalizedText } from '@sspay/protocol'

/** One thing that is not as the inventory or the table of headers says. */
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
  /** Of a header its name, of a script its name or address. */
  readonly subject: string
  readonly expected?: string
  readonly found?: string
}

/** A page as it came over the wire. */
export interface FetchedPage {
  readonly url: string
  readonly headers: Headers
  readonly text: string
}
