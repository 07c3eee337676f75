import { catalogue, type Goods, maxQuantity } from './goods.ts'
import { formatWon } from './model.ts'
import { html, type SafeHtml } from './page.ts'

const shelfCard = (goods: Goods): SafeHtml => html`<li><a class="goods" href="/goods/${goods.goodsId}">${goods.picture}
<div class="goods-text"><h3>${goods.name}</h3><p class="small faint">${goods.line}</p><span class="price">${formatWon(goods.price)}</span></div></a></li>`

export const homePage = (): SafeHtml => html`<section class="hero"><div class="wide">
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
</div></div>`

const quantities = Array.from({ length: maxQuantity }, (_, index) => index + 1)
