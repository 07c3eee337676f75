import type { LocalizedText } from '../../packages/protocol/src/field-table.ts'
import type { Language } from './language.ts'

const lanes = ['buyer', 'shop', 'gateway', 'cards'] as const

type Lane = (typeof lanes)[number]

const laneText: Readonly<Record<Lane, LocalizedText>> = {
  buyer: { ko: '구매자', en: 'Buyer' },
  shop: { ko: '쇼핑몰 서버', en: 'Shop’s server' },
  gateway: { ko: 'SS-Pay', en: 'SS-Pay' },
  cards: { ko: '카드사', en: 'Issuer' },
}

interface Step extends LocalizedText {
  readonly from: Lane
  readonly to: Lane
  /** The SDK function of the step. */
  readonly by?: string
  readonly movesMoney?: boolean
}

const steps: readonly Step[] = [
  { from: 'buyer', to: 'shop', ko: '결제하기', en: 'Pay' },
  { from: 'shop', to: 'gateway', ko: '서명한 주문', en: 'signed order', by: 'createPaymentForm' },
  {
    from: 'buyer',
    to: 'gateway',
    ko: '결제창에서 인증: 본인, 카드, 비밀번호',
    en: 'authenticates: identity, card, password',
  },
  { from: 'gateway', to: 'shop', ko: '거래번호, 인증키', en: 'transaction, ticket', by: 'receiveAuthentication' },
  { from: 'shop', to: 'gateway', ko: '승인 요청', en: 'approval', by: 'approve' },
  { from: 'gateway', to: 'cards', ko: '청구', en: 'charge', movesMoney: true },
  { from: 'gateway', to: 'shop', ko: '결과 3001', en: 'result 3001', by: 'journal.markPaid' },
  { from: 'shop', to: 'buyer', ko: '영수증', en: 'receipt' },
  {
    from: 'gateway',
    to: 'shop',
    ko: '재통보, OK라고 할 때까지',
    en: 'notification, until OK',
    by: 'readNotification',
  },
]

const width = 480
const laneX: Readonly<Record<Lane, number>> = { buyer: 44, shop: 172, gateway: 330, cards: 442 }
const top = 54
const rowHeight = 44

const title: LocalizedText = {
  ko: '결제 한 번: 인증에서는 돈이 움직이지 않고, 쇼핑몰 서버가 승인을 요청할 때 청구됩니다',
  en: 'One payment: authentication charges nothing; the charge follows when the shop’s server requests the approval',
}

const moneyText: LocalizedText = { ko: '돈이 움직이는 곳', en: 'charged here' }

/** Styles of the standalone file; on the site the theme's style sheet defines the same classes. */
const style = `<style>
.pay{font:14px system-ui,-apple-system,"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","Noto Sans CJK KR",sans-serif}
.pay text{stroke:#fff;stroke-width:5px;stroke-linejoin:round;paint-order:stroke}.pay .pay-head+text{stroke:none}.pay-ground{fill:#fff}.pay-lane{stroke:#c9d1dc}.pay-head{fill:#f1f4f8;stroke:#c9d1dc}.pay-ink{fill:#191f28}.pay-soft{fill:#56606d;font-size:11.5px}
.pay-arrow{stroke:#56606d;fill:none}.pay-tip{fill:#56606d}.pay-money{fill:#c2410c}.pay-money-line{stroke:#c2410c;fill:none;stroke-width:2.5}
@media (prefers-color-scheme:dark){.pay text{stroke:#10151d}.pay .pay-head+text{stroke:none}.pay-ground{fill:#10151d}.pay-lane{stroke:#3a4658}.pay-head{fill:#1a212c;stroke:#3a4658}.pay-ink{fill:#eef1f6}
.pay-soft{fill:#a9b4c4}.pay-arrow{stroke:#a9b4c4}.pay-tip{fill:#a9b4c4}.pay-money{fill:#fb923c}.pay-money-line{stroke:#fb923c}}
</style>`

/** `page`: inside HTML, styled by the page. `file`: a standalone SVG, light and dark. */
export function renderPaymentPicture(language: Language, place: 'page' | 'file'): string {
  const height = top + steps.length * rowHeight + 16
  const heads = lanes.map((lane) => renderLane(lane, laneText[lane][language], height))
  const rows = steps.map((step, index) => renderStep(step, step[language], language, top + 30 + index * rowHeight))
  const alone = place === 'file' ? `${style}\n<rect class="pay-ground" width="${width}" height="${height}"/>\n` : ''
  return `<svg class="pay" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title[language]}">
${alone}${heads.join('\n')}
${rows.join('\n')}
</svg>
`
}

function renderLane(lane: Lane, words: string, height: number): string {
  const x = laneX[lane]
  const half = lane === 'shop' ? 56 : 36
  return `<line class="pay-lane" x1="${x}" y1="36" x2="${x}" y2="${height - 6}"/><rect class="pay-head" x="${x - half}" y="8" width="${half * 2}" height="30" rx="8"/><text class="pay-ink" x="${x}" y="28" text-anchor="middle">${words}</text>`
}

function renderStep(step: Step, words: string, language: Language, y: number): string {
  const [from, to] = [laneX[step.from], laneX[step.to]]
  const tip = to > from ? to - 1 : to + 1
  const back = to > from ? tip - 8 : tip + 8
  const line = step.movesMoney ? 'pay-money-line' : 'pay-arrow'
  const ink = step.movesMoney ? 'pay-money' : 'pay-ink'
  const head = step.movesMoney ? 'pay-money' : 'pay-tip'
  const arrow = `<line class="${line}" x1="${from}" y1="${y}" x2="${back}" y2="${y}"/><path class="${head}" d="M${tip} ${y}L${back} ${y - 4.5}V${y + 4.5}Z"/>`
  const label = `<text class="${ink}" x="${(from + to) / 2}" y="${y - 7}" text-anchor="middle">${words}</text>`
  const below = step.movesMoney ? moneyText[language] : step.by
  const belowX = step.movesMoney ? to + 34 : (from + to) / 2
  const anchor = step.movesMoney ? 'end' : 'middle'
  const note =
    below === undefined
      ? ''
      : `<text class="${step.movesMoney ? 'pay-money' : 'pay-soft'}" x="${belowX}" y="${y + 15}" text-anchor="${anchor}">${below}</text>`
  return arrow + label + note
}
