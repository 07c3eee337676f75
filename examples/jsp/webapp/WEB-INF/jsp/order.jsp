<%@ include file="head.jspf" %>
<jsp:useBean id="view" type="sspay.OrderView" scope="request" />
<% if (view.isWaiting()) { %><meta http-equiv="refresh" content="5"><% } %>
<%@ include file="body.jspf" %>
<section>
<h1><%= Html.e(title) %></h1>
<p><%= Html.e(view.message()) %></p>
<%@ include file="lines.jspf" %>
</section>
<%@ include file="foot.jspf" %>
