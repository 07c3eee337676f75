import static sspay.Html.e;
import static sspay.Html.won;

import java.util.List;
import sspay.Admin;
import sspay.Goods;
import sspay.Html;
import sspay.OrderView;
import sspay.PaymentForm;

/** 화면. 바깥에서 온 글자는 모두 e()를 거칩니다. */
final class Pages {
    private Pages() {}

    private static String page(String title, String body, String nonce, String head) {
        return "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + e(title) + "</title>\n"
                + "<link rel=\"icon\" href=\"data:,\">\n<style nonce=\"" + nonce + "\">" + Html.STYLE + "</style>\n" + head
                + "\n</head>\n<body>\n<header><a href=\"/\">자바 가게</a></header>\n<main>" + body + "</main>\n</body>\n</html>\n";
    }

    static String message(String title, String said, String link, String linkText, String nonce) {
        var body = "<section><h1>%s</h1><p>%s</p><p><a href=\"%s\">%s</a></p></section>";
        return page(title, body.formatted(e(title), e(said), e(link), e(linkText)), nonce, "");
    }

    static String home(String nonce) {
        var forms = new StringBuilder();
        Goods.ALL.forEach((key, one) -> forms.append("<section><h2>").append(e(one.name())).append("</h2><p>").append(won(one.price()))
                .append("</p><form method=\"post\" action=\"/orders\"><input type=\"hidden\" name=\"goods\" value=\"").append(e(key))
                .append("\"><button>주문하기</button></form></section>"));
        return page("자바 가게", "<h1>오늘의 상품</h1>" + forms, nonce, "");
    }

    private static String lines(OrderView view) {
        var html = new StringBuilder("<dl>");
        view.lines().forEach((name, value) -> html.append("<dt>").append(e(name)).append("</dt><dd>").append(e(value)).append("</dd>"));
        return html.append("</dl>").toString();
    }

    static String pay(OrderView view, PaymentForm form, String nonce) {
        var order = view.order();
        var window = e(form.window());
        var inputs = new StringBuilder();
        form.fields().forEach((name, value) -> inputs.append("<input type=\"hidden\" name=\"").append(name).append("\" value=\"").append(e(value)).append("\">\n"));
        var note = order.note().isEmpty() ? "" : "<p class=\"bad\">결제하지 못했어요. 다시 결제할 수 있어요.</p>"
                + "<details class=\"soft\" open><summary>이유</summary>" + e(order.note()) + "</details>";
        var approval = form.isMobile() ? "" : "<form id=\"approvalForm\" name=\"approvalForm\" method=\"post\" action=\"" + e(form.fields().get("ReturnUrl"))
                + "\"><input type=\"hidden\" id=\"Tid\" name=\"Tid\"><input type=\"hidden\" id=\"TrAuthKey\" name=\"TrAuthKey\"></form>";
        var body = "<section><h1>주문을 확인해 주세요</h1>" + note + lines(view)
                + "\n<form id=\"tranMgr\" name=\"tranMgr\" method=\"post\" action=\"" + window + "/ssp/reqPay.do\" accept-charset=\""
                + form.acceptCharset() + "\">\n" + inputs + "<button>" + won(order.amount())
                + " 결제하기</button></form>" + approval + "</section>\n<script nonce=\"" + nonce + "\">" + form.script() + "</script>";
        return page("주문", body, nonce, "<script src=\"" + e(form.library()) + "\"></script>");
    }

    static String order(OrderView view, String nonce) {
        var body = "<section><h1>" + view.title() + "</h1><p>" + view.message() + "</p>" + lines(view) + "</section>";
        return page(view.title(), body, nonce, view.isWaiting() ? "<meta http-equiv=\"refresh\" content=\"5\">" : "");
    }

    static String admin(List<OrderView> orders, Admin admin, String said, String nonce) {
        var rows = new StringBuilder("<section><h1>주문 관리</h1><p class=\"soft\">최근 주문 50건</p></section>");
        if (!said.isEmpty()) rows.append("<section><p>").append(e(said)).append("</p></section>");
        for (var view : orders) {
            var order = view.order();
            rows.append("<section><p>").append(e(view.statusForAdmin())).append("</p>").append(lines(view));
            if (order.state().equals("paid")) rows.append(button(admin, "cancel", "order", order.id(), "전액 취소"));
            if (order.state().equals("cancelled")) rows.append(button(admin, "reopen", "order", order.id(), "다시 결제받기"));
            rows.append(button(admin, "member", "customer", order.customer(), "SS-Pay 회원 삭제")).append("</section>");
        }
        return page("관리", rows.toString(), nonce, "");
    }

    private static String button(Admin admin, String action, String subject, String value, String text) {
        var form = "<form method=\"post\" action=\"/admin/%s\"><input type=\"hidden\" name=\"%s\" value=\"%s\"><input type=\"hidden\" name=\"token\" value=\"%s\"><button class=\"plain\">%s</button></form>";
        return form.formatted(action, subject, e(value), admin.token(action, value), text);
    }
}
