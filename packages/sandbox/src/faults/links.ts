import { type LocalizedText, localEndpoints } from '@sspay/protocol'
import type { PortName } from '../addresses.ts'

interface LinkRow extends LocalizedText {
  readonly doors: readonly PortName[]
  /** Of the request; everything below it when it ends with a slash. */
  readonly path: string
}

const { approval, inquiry, cancel, memberDeletion } = localEndpoints({ origin: '' })
const gatewayDoors = ['gateway', 'gatewayTls'] as const
const network = '/sandbox/card-network'

/** Which service calls which. */
export type Link =
  | 'approval'
  | 'inquiry'
  | 'cancel'
  | 'deletion'
  | 'notification'
  | `card-network-${'authorize' | 'inquire' | 'reverse' | 'cancel'}`
  | 'identity'

/** Who talks to whom, by the address and path where the request comes in. */
export const links = {
  approval: { doors: gatewayDoors, path: approval, ko: '상점 → 승인', en: 'shop → approval' },
  inquiry: { doors: gatewayDoors, path: inquiry, ko: '상점 → 승인 조회', en: 'shop → inquiry' },
  cancel: { doors: gatewayDoors, path: cancel, ko: '상점 → 취소', en: 'shop → cancel' },
  deletion: { doors: gatewayDoors, path: memberDeletion, ko: '상점 → 회원 삭제', en: 'shop → member deletion' },
  notification: { doors: ['shop'], path: '/pay/notify', ko: '재통보 → 상점', en: 'notification → shop' },
  'card-network-authorize': {
    doors: ['console'],
    path: `${network}/authorize`,
    ko: '게이트웨이 → 카드망 승인',
    en: 'gateway → card network, authorize',
  },
  'card-network-inquire': {
    doors: ['console'],
    path: `${network}/inquire`,
    ko: '게이트웨이 → 카드망 조회',
    en: 'gateway → card network, inquire',
  },
  'card-network-reverse': {
    doors: ['console'],
    path: `${network}/reverse`,
    ko: '게이트웨이 → 카드망 망취소',
    en: 'gateway → card network, reverse',
  },
  'card-network-cancel': {
    doors: ['console'],
    path: `${network}/cancel`,
    ko: '게이트웨이 → 카드망 취소',
    en: 'gateway → card network, cancel',
  },
  identity: {
    doors: ['console'],
    path: '/sandbox/identity/',
    ko: '게이트웨이 → 본인확인기관',
    en: 'gateway → identity agency',
  },
} as const satisfies Readonly<Record<Link, LinkRow>>

export const linkNames = Object.keys(links) as readonly Link[]

/** Undefined where no rule can stand: pages, scripts, the window. */
export function findLink(door: PortName, path: string): Link | undefined {
  return linkNames.find((name) => {
    const row: LinkRow = links[name]
    return row.doors.includes(door) && (row.path.endsWith('/') ? path.startsWith(row.path) : path === row.path)
  })
}
