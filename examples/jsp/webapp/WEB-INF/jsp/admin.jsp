<%@ include file="head.jspf" %>
<%@ include file="body.jspf" %>
<jsp:useBean id="message" type="java.lang.String" scope="request" />
<jsp:useBean id="admin" type="sspay.Admin" scope="request" />
<jsp:useBean id="views" type="java.util.List<sspay.OrderView>" scope="request" />
<section><h1>주문 관리</h1><p class="soft">최근 주문 50건</p></section>
<% if (!message.isEmpty()) { %><section><p><%= Html.e(message) %></p></section><% } %>
<% for (var view : views) { var order = view.order(); %>
<section>
<p><%= Html.e(view.statusForAdmin()) %></p>
<%@ include file="lines.jspf" %>
<% if (order.state().equals("paid")) { %>
<form method="post" action="/admin/cancel"><input type="hidden" name="order" value="<%= Html.e(order.id()) %>"><input type="hidden" name="token" value="<%= Html.e(admin.token("cancel", order.id())) %>"><button class="plain">전액 취소</button></form>
<% } %>
<% if (order.state().equals("cancelled")) { %>
<form method="post" action="/admin/reopen"><input type="hidden" name="order" value="<%= Html.e(order.id()) %>"><input type="hidden" name="token" value="<%= Html.e(admin.token("reopen", order.id())) %>"><button class="plain">다시 결제받기</button></form>
<% } %>
<form method="post" action="/admin/member"><input type="hidden" name="customer" value="<%= Html.e(order.customer()) %>"><input type="hidden" name="token" value="<%= Html.e(admin.token("member", order.customer())) %>"><button class="plain">SS-Pay 회원 삭제</button></form>
</section>
<% } %>
<%@ include file="foot.jspf" %>
