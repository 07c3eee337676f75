import type { TokenFor } from '../own-forms.ts'
import type { Basket } from './goods.ts'
import { type Buyer, formatPoints, formatWon, type PaymentFlow, pointsOf } from './model.ts'
import { html, type SafeHtml } from './page.ts'

export const sampleBuyer: Buyer = { buyerName: '김달빛', buyerPhone: '010-1234-5678', buyerEmail: 'moon@example.com' }

export const basketCard = ({ goods, quantity, amount }: Basket): SafeHtml => html`<section class="card">
<h2 class="card-title">주문 상품</h2>
<div class="line-item">${goods.picture}<div><p class="strong">${goods.name}</p><p class="small faint">${formatWon(goods.price)} × ${quantity}개</p></div></div>
<div class="total"><span class="soft">결제 금액</span><span class="amount">${formatWon(amount)}</span></div>
<p class="hint">결제하면 ${formatPoints(pointsOf(amount))}이 적립돼요.</p>
</section>`

export interface OrderDraft extends Basket {
  readonly orderId: string
  readonly buyer: Buyer
  readonly flow: PaymentFlow
  readonly isMember: boolean
  readonly problem?: string
  readonly tokenFor: TokenFor
}

/** Preselects the page flow on a narrow screen. */
export const flowScript = `(function () {
  var narrow = window.matchMedia && window.matchMedia('(max-width: 640px)').matches
  var choice = document.querySelector('input[name=flow][value=page]')
  if (narrow && choice) choice.checked = true
})()`

const flowChoice = (value: PaymentFlow, chosen: PaymentFlow, title: string, hint: string): SafeHtml =>
  html`<label class="choice"><input type="radio" name="flow" value="${value}"${value === chosen ? html` checked` : ''}><span class="choice-title">${title}</span><br><span class="small faint">${hint}</span></label>`

export const orderPage = (draft: OrderDraft): SafeHtml => {
  const { orderId, goods, quantity, buyer, flow, isMember, problem, tokenFor } = draft
  return html`<div class="wide"><h1>주문서</h1>
<form class="split checkout" action="/orders" method="post">${tokenFor('/orders')}
<input type="hidden" name="orderId" value="${orderId}"><input type="hidden" name="goods" value="${goods.goodsId}"><input type="hidden" name="quantity" value="${quantity}">
<div>
${problem === undefined ? '' : html`<p class="notice danger" role="alert">${problem}</p>`}
<section class="card"><h2 class="card-title">주문하시는 분</h2>
<p class="small faint">연습용 값을 채워 두었어요. 결제창으로 넘길 뿐 상점에는 저장하지 않아요.</p>
<div class="field"><label for="buyerName">이름</label><input id="buyerName" name="buyerName" type="text" maxlength="30" autocomplete="name" required value="${buyer.buyerName}"></div>
<div class="field"><label for="buyerPhone">휴대폰 번호</label><input id="buyerPhone" name="buyerPhone" type="tel" maxlength="40" autocomplete="tel" required value="${buyer.buyerPhone}"></div>
<div class="field"><label for="buyerEmail">이메일</label><input id="buyerEmail" name="buyerEmail" type="email" maxlength="60" autocomplete="email" required value="${buyer.buyerEmail}"></div>
</section>
<section class="card"><h2 class="card-title">결제창을 여는 방식</h2><fieldset><legend class="visually-hidden">결제창을 여는 방식</legend>
${flowChoice('layer', flow, 'PC 방식 (레이어)', '이 화면 위에 결제창이 떠요.')}
${flowChoice('page', flow, '모바일 방식 (페이지 이동)', '결제 화면으로 옮겨 갔다가 돌아와요.')}
</fieldset></section>
</div>
<div>${basketCard(draft)}
<p class="notice ${isMember ? 'success' : 'info'} small aside">${
    isMember
      ? '다시 오셨네요. 등록한 카드와 결제 비밀번호만으로 결제해요.'
      : '처음이시면 결제창에서 약관, 본인인증, 카드, 비밀번호를 한 번 등록해요.'
  }</p>
<div class="actions"><button class="button block" type="submit">다음: 결제하기</button></div></div>
</form></div>`
}
