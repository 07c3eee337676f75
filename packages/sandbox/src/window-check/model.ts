import type { LocalizedText } from '@sspay/protocol'

const texts = {
  script_unknown: {
    ko: '목록에 없는 스크립트가 페이지에 있습니다',
    en: 'the page has a script that the inventory does not name',
  },
  script_changed: { ko: '스크립트의 내용이 목록과 다릅니다', en: 'the script differs from the inventory' },
  script_missing: { ko: '목록에 있는 스크립트가 없습니다', en: 'a script of the inventory is missing' },
  script_without_nonce: {
    ko: '스크립트에 정책(CSP)의 nonce가 없습니다',
    en: 'the script does not carry the nonce of the policy',
  },
  handler_in_page: { ko: '태그 안에 실행되는 코드가 있습니다', en: 'a tag contains code that runs' },
  element_unexpected: { ko: '결제창에 없어야 할 요소입니다', en: 'the window must not have this element' },
  header_missing: { ko: '보안 헤더가 없습니다', en: 'a security header is missing' },
  header_differs: { ko: '보안 헤더의 값이 예상과 다릅니다', en: 'a security header has an unexpected value' },
  nonce_repeated: { ko: '두 번 열어도 nonce가 같습니다', en: 'two responses have the same nonce' },
} as const satisfies Readonly<Record<string, LocalizedText>>

interface Values {
  readonly expected?: string
  readonly found?: string
}

/** A deviation from the inventory or from the expected headers. */
export interface Difference extends LocalizedText, Values {
  readonly kind: Exclude<keyof typeof texts, 'header_missing'>
  /** Name of the header, or name or address of the script. */
  readonly subject: string
}

export const difference = (kind: Difference['kind'], subject: string, values: Values = {}): Difference => {
  const text = kind === 'header_differs' && values.found === undefined ? 'header_missing' : kind
  return { kind, subject, ...values, ...texts[text] }
}

export interface FetchedPage {
  readonly url: string
  readonly headers: Headers
  readonly text: string
}
