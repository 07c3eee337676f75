<%@ include file="head.jspf" %>
<%@ include file="body.jspf" %>
<jsp:useBean id="message" type="java.lang.String" scope="request" />
<jsp:useBean id="link" type="java.lang.String" scope="request" />
<jsp:useBean id="linkText" type="java.lang.String" scope="request" />
<section><h1><%= Html.e(title) %></h1><p><%= Html.e(message) %></p><p><a href="<%= Html.e(link) %>"><%= Html.e(linkText) %></a></p></section>
<%@ include file="foot.jspf" %>
