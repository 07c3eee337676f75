import { type LocalizedText, localEndpoints } from '@sspay/protocol'
import type { PortName } from '../addresses.ts'

/** Where a fault can strike. */
export interface LinkRow extends LocalizedText {
  readonly listeners: readonly PortName[]
  /** Exact, or a prefix when it ends with a slash. */
  readonly path: string
}

const { approval, inquiry, cancel, memberDeletion } = localEndpoints({ origin: '' })
const gatewayListeners = ['gateway', 'gatewayTls'] as const

const tool = (path: string, ko: string, en: string): LinkRow => ({
  listeners: ['console'],
  path: `/sandbox/${path}`,
  ko: `게이트웨이 → ${ko}`,
  en: `gateway → ${en}`,
})

/** Who talks to whom, by the address and path where the request comes in. */
export const links = {
  approval: { listeners: gatewayListeners, path: approval, ko: '상점 → 승인', en: 'shop → approval' },
  inquiry: { listeners: gatewayListeners, path: inquiry, ko: '상점 → 승인 조회', en: 'shop → inquiry' },
  cancel: { listeners: gatewayListeners, path: cancel, ko: '상점 → 취소', en: 'shop → cancel' },
  deletion: { listeners: gatewayListeners, path: memberDeletion, ko: '상점 → 회원 삭제', en: 'shop → member deletion' },
  notification: { listeners: ['shop'], path: '/pay/notify', ko: '재통보 → 상점', en: 'notification → shop' },
  'card-network-authorize': tool('card-network/authorize', '카드망 승인', 'card network, authorize'),
  'card-network-inquire': tool('card-network/inquire', '카드망 조회', 'card network, inquire'),
  'card-network-reverse': tool('card-network/reverse', '카드망 망취소', 'card network, reverse'),
  'card-network-cancel': tool('card-network/cancel', '카드망 취소', 'card network, cancel'),
  identity: tool('identity/', '본인확인기관', 'identity agency'),
} as const satisfies Readonly<Record<string, LinkRow>>

/** Name of a link between two parts of the sandbox. */
export type Link = keyof typeof links

export const linkNames = Object.keys(links) as readonly Link[]

/** Undefined for pages, scripts and the window, which no rule can match. */
export function findLink(listener: PortName, path: string): Link | undefined {
  return linkNames.find((name) => {
    const row: LinkRow = links[name]
    return row.listeners.includes(listener) && (row.path.endsWith('/') ? path.startsWith(row.path) : path === row.path)
  })
}
