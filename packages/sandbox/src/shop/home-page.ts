import { catalogue, type Goods, maxQuantity } from './goods.ts'
import { html, type SafeHtml } from './html.ts'
import { formatWon, pointsOf } from './model.ts'

const sky = html`<svg class="sky" viewBox="0 0 560 300" preserveAspectRatio="xMaxYMax slice" aria-hidden="true"><circle cx="420" cy="120" r="150" fill="#f6d77f" opacity=".06"/><circle cx="420" cy="120" r="112" fill="#f6d77f" opacity=".09"/><path d="M470 44a84 84 0 1 0 34 128 98 98 0 0 1-34-128z" fill="#f6d77f"/><path d="M0 300v-40q80-54 160-24t150-18 130 14 120-26v94z" fill="#262c60"/><path d="M0 300v-18q90-30 190-8t170-10 200-12v48z" fill="#151a3b"/><g fill="#fff"><circle cx="60" cy="60" r="1.800"/><circle cx="130" cy="130" r="1.300"/><circle cx="200" cy="46" r="1.500"/><circle cx="264" cy="110" r="2"/><circle cx="300" cy="40" r="1.200"/><circle cx="530" cy="60" r="1.600"/><circle cx="100" cy="196" r="1.200"/><circle cx="340" cy="172" r="1.300"/></g></svg>`

const shelfCard = (goods: Goods): SafeHtml => html`<li><a class="goods" href="/goods/${goods.goodsId}">${goods.picture}
<div class="goods-text"><h3>${goods.name}</h3><p class="small faint">${goods.line}</p><span class="price">${formatWon(goods.price)}</span></div></a></li>`

export const homePage = (): SafeHtml => html`<section class="hero">${sky}<div class="wide">
<h1>밤을 조금 더<br>오래 두고 싶은 사람에게</h1>
<p>달과 별을 닮은 물건 여섯 가지. 간편결제 비밀번호 여섯 자리로 끝나는 주문.</p>
<a class="button" href="/goods/postcard">1,004원 엽서로 시작하기</a>
</div></section>
<div class="wide"><div class="shelf-title"><h2>이달의 진열장</h2><span class="small faint">${catalogue.length}가지</span></div>
<ul class="shelf">${catalogue.map(shelfCard)}</ul></div>`

export const goodsPage = (goods: Goods): SafeHtml => html`<div class="wide split">
<div class="picture">${goods.picture}</div>
<div class="product">
<p class="small faint">${goods.line}</p>
<h1>${goods.name}</h1>
<p class="story">${goods.story}</p>
<p class="amount">${formatWon(goods.price)}</p>
<form action="/order" method="get">
<input type="hidden" name="goods" value="${goods.goodsId}">
<div class="field"><label for="quantity">수량</label><select id="quantity" name="quantity">${quantities.map(
  (quantity) => html`<option value="${quantity}">${quantity}개</option>`,
)}</select></div>
<div class="actions"><button class="button block" type="submit">바로 구매</button></div>
</form>
<ul class="perks">
<li><b>적립</b> 한 개에 ${pointsOf(goods.price)}점</li>
<li><b>할부</b> ${goods.price >= 50_000 ? '2~12개월 할부 가능' : '50,000원 이상 주문부터 가능'}</li>
<li><b>결제</b> SS-Pay 간편결제: 처음 한 번 등록하면 다음부터 비밀번호만</li>
</ul>
</div></div>`

const quantities = Array.from({ length: maxQuantity }, (_, index) => index + 1)
