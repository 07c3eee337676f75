package web;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import sspay.Goods;
import sspay.PaymentForm;
import sspay.Request;
import sspay.Wire;

/** POST는 주문을 만들고, GET은 결제할 폼이나 결과를 보여 줍니다. */
@WebServlet({"/orders", "/order"})
public final class OrderServlet extends ShopServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        var sent = read(request);
        var journal = shop().journal();
        var order = journal.order(sent.asked("id"));
        if (order.isEmpty() || !order.get().customer().equals(sent.customer())) {
            message(request, response, 404, "없는 주문이에요", "주문한 브라우저에서 열어 주세요.");
            return;
        }
        var view = journal.view(order.get());
        if (!journal.isPayable(order.get().id())) {
            show(request, response, "order", Map.of("title", view.title(), "view", view));
            return;
        }
        var form = PaymentForm.of(shop().settings(), order.get(), sent);
        show(request, response, "pay", Map.of("title", "주문", "view", view, "form", form));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        var sent = read(request);
        var goods = Goods.ALL.get(sent.posted("goods"));
        if (goods == null) {
            message(request, response, 400, "없는 상품이에요", "상품을 다시 골라 주세요.");
            return;
        }
        // 회원이 있는 쇼핑몰이라면 로그인한 회원의 번호입니다. 영문과 숫자 20자까지.
        var customer = sent.customer().isEmpty() ? Wire.randomHex(10) : sent.customer();
        var orderId = shop().journal().place(customer, goods.name(), goods.price());
        response.setHeader("Set-Cookie", Request.customerCookie(shop().settings(), customer));
        redirect(response, "/order?id=" + orderId);
    }
}
