package web;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** ReturnUrl: 인증이 끝난 구매자가 돌아옵니다. 승인은 여기서 요청합니다. */
@WebServlet("/return")
public final class ReturnServlet extends ShopServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        var sent = read(request);
        var order = shop().journal().order(sent.asked("order"));
        if (order.isEmpty()) {
            message(request, response, 404, "없는 주문이에요", "결제하지 않았어요.");
            return;
        }
        var isBuyer = order.get().customer().equals(sent.customer());
        shop().payments().receiveReturn(order.get(), sent.posted("Tid"), sent.posted("TrAuthKey"), isBuyer);
        // 결과는 GET 화면이 보여 줍니다: 새로고침이 POST를 되풀이하지 않고, SameSite=Lax 쿠키도 돌아옵니다.
        redirect(response, "/order?id=" + order.get().id());
    }
}
