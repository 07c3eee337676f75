import { findResultReason, resultCodes } from '@sspay/protocol'
import type { TokenFor } from '../../own-forms.ts'
import { formatTime, formatWon } from '../model.ts'
import { html, raw, type SafeHtml } from '../page.ts'
import { clubFee } from './renew.ts'
import type { Charge, Subscription } from './store.ts'

export interface ClubPage {
  readonly subscription: Subscription | undefined
  readonly charges: readonly Charge[]
  /** Opens the window that registers the card. */
  readonly cardForm: { readonly action: string; html(): string }
  readonly tokenFor: TokenFor
}

const day = (at: number): string => formatTime(new Date(at)).slice(0, 10)

export const clubPage = (page: ClubPage): SafeHtml => html`<div class="column"><div class="verdict"><h1>달빛 클럽</h1>
<p class="soft">매달 ${formatWon(clubFee)}에 그달의 달을 닮은 물건 하나를 보내 드려요.</p></div>
${page.subscription === undefined ? '' : subscriptionSheet(page.subscription, page.charges)}
${page.subscription?.state === 'active' ? leaveSheet(page.tokenFor) : joinSheet(page)}</div>`

const badges: Readonly<Record<Charge['state'], readonly [label: string, tone: string]>> = {
  requested: ['확인 중', 'info'],
  paid: ['결제 완료', 'success'],
  declined: ['거절', 'danger'],
  refunded: ['취소됨', ''],
}

const subscriptionSheet = (subscription: Subscription, charges: readonly Charge[]): SafeHtml => html`
${problemOf(subscription)}
<section class="card sheet"><dl class="facts">
<div><dt>상태</dt><dd>${subscription.state === 'active' ? html`<span class="badge success">이용 중</span>` : html`<span class="badge">끝남</span>`}</dd></div>
<div><dt>카드</dt><dd class="number">${subscription.maskedCardNumber}</dd></div>
${subscription.state === 'active' ? html`<div><dt>다음 결제</dt><dd class="strong number">${day(subscription.dueAt)}</dd></div>` : ''}
</dl></section>
<section class="card sheet"><h2 class="card-title">결제 내역</h2><dl class="facts">${charges.map(chargeRow)}</dl></section>`

const chargeRow = ({ cycle, requestedAt, state }: Charge): SafeHtml => {
  const [label, tone] = badges[state]
  return html`<div data-charge="${state}"><dt>${cycle + 1}번째 달 <span class="faint small number">${day(requestedAt)}</span></dt><dd><span class="number">${formatWon(clubFee)}</span> <span class="badge ${tone}">${label}</span></dd></div>`
}

function problemOf({ state, rejection }: Subscription): SafeHtml {
  if (rejection === null) return html``
  const reason = findResultReason(rejection)
  const why = reason === undefined ? '' : resultCodes[reason].ko
  const next = state === 'active' ? '며칠 안에 다시 결제해 볼게요.' : '카드를 다시 등록하면 이어서 이용할 수 있어요.'
  return html`<p class="notice warning sheet" role="status">지난 결제가 되지 않았어요. ${why} (코드 ${rejection}) ${next}</p>`
}

const joinSheet = ({
  cardForm,
}: ClubPage): SafeHtml => html`<section class="card sheet"><h2 class="card-title">시작하기</h2>
<p class="soft small">카드를 한 번 등록하면 오늘 첫 달을 결제하고, 다음 달부터 같은 날에 저절로 결제해요. 언제든 그만둘 수 있어요.</p>
<form method="post" action="${cardForm.action}">${raw(cardForm.html())}<div class="actions"><button class="button block" type="submit">카드 등록하고 시작하기</button></div></form></section>`

const leaveSheet = (
  tokenFor: TokenFor,
): SafeHtml => html`<section class="card sheet"><h2 class="card-title">그만두기</h2>
<p class="soft small">더 결제하지 않고, 등록한 카드를 지워요. 이미 결제한 달은 그대로예요.</p>
<form method="post" action="/club/leave">${tokenFor('/club/leave')}<div class="actions"><button class="button secondary block leave" type="submit">달빛 클럽 그만두기</button></div></form></section>`
