<%@ include file="head.jspf" %>
<%@ include file="body.jspf" %>
<h1>오늘의 상품</h1>
<% for (var goods : Goods.ALL.entrySet()) { %>
<section>
<h2><%= Html.e(goods.getValue().name()) %></h2>
<p><%= Html.won(goods.getValue().price()) %></p>
<form method="post" action="/orders"><input type="hidden" name="goods" value="<%= Html.e(goods.getKey()) %>"><button>주문하기</button></form>
</section>
<% } %>
<%@ include file="foot.jspf" %>
