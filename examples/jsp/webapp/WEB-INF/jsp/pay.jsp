<%@ include file="head.jspf" %>
<jsp:useBean id="view" type="sspay.OrderView" scope="request" />
<jsp:useBean id="form" type="sspay.PaymentForm" scope="request" />
<script src="<%= Html.e(form.library()) %>"></script>
<%@ include file="body.jspf" %>
<section>
<h1>주문을 확인해 주세요</h1>
<% if (!view.order().note().isEmpty()) { %>
<p class="bad">결제하지 못했어요. 다시 결제할 수 있어요.</p>
<details class="soft" open><summary>이유</summary><%= Html.e(view.order().note()) %></details>
<% } %>
<%@ include file="lines.jspf" %>
<form id="tranMgr" name="tranMgr" method="post" action="<%= Html.e(form.window()) %>/ssp/reqPay.do" accept-charset="<%= Html.e(form.acceptCharset()) %>">
<% for (var field : form.fields().entrySet()) { %>
<input type="hidden" name="<%= Html.e(field.getKey()) %>" value="<%= Html.e(field.getValue()) %>">
<% } %>
<button><%= Html.won(view.order().amount()) %> 결제하기</button>
</form>
<% if (!form.isMobile()) { %>
<form id="approvalForm" name="approvalForm" method="post" action="<%= Html.e(form.fields().get("ReturnUrl")) %>"><input type="hidden" id="Tid" name="Tid"><input type="hidden" id="TrAuthKey" name="TrAuthKey"></form>
<% } %>
</section>
<script nonce="<%= Html.e(nonce) %>"><%= form.script() %></script>
<%@ include file="foot.jspf" %>
