import { catalogue, type Goods, maxQuantity } from './goods.ts'
import { html, type SafeHtml } from './html.ts'
import { formatWon, pointsOf } from './model.ts'

const sky = html`<svg class="sky" viewBox="0 0 1280 340" preserveAspectRatio="xMaxYMax slice" aria-hidden="true"><circle cx="990" cy="140" r="139" fill="#f6d77f" opacity=".06"/><circle cx="990" cy="140" r="117" fill="#f6d77f" opacity=".09"/><path d="M1046 56a94 94 0 1 0 38 144 110 110 0 0 1-38-144z" fill="#f6d77f"/><path d="M0 340v-30q150-34 300-12t280-26 240-30 220 26 240-30v102z" fill="#262c60"/><path d="M0 340v-14q180-22 360-8t330-14 300-22 290 4v54z" fill="#151a3b"/><g fill="#fff"><circle cx="620" cy="60" r="1.800"/><circle cx="700" cy="150" r="1.300"/><circle cx="770" cy="46" r="1.500"/><circle cx="824" cy="130" r="2"/><circle cx="860" cy="40" r="1.200"/><circle cx="1160" cy="70" r="1.600"/><circle cx="660" cy="226" r="1.200"/><circle cx="1220" cy="150" r="1.300"/><circle cx="1130" cy="30" r="1.200"/><circle cx="560" cy="120" r="1"/></g></svg>`

const shelfCard = (goods: Goods): SafeHtml => html`<li><a class="goods" href="/goods/${goods.goodsId}">${goods.picture}
<div class="goods-text"><h3>${goods.name}</h3><p class="small faint">${goods.line}</p><span class="price">${formatWon(goods.price)}</span></div></a></li>`

export const homePage = (): SafeHtml => html`<section class="hero">${sky}<div class="wide">
<h1>밤을 조금 더<br>오래 두고 싶은 사람에게</h1>
<p>달과 별을 닮은 물건 세 가지, 비밀번호 여섯 자리로 끝나는 간편결제.</p>
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
