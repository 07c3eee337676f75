package web;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** StopUrl. 중단은 결제의 결과가 아닙니다. 주문도 장부도 바꾸지 않습니다. */
@WebServlet("/abort")
public final class AbortServlet extends ShopServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        var sent = read(request);
        var message = (sent.posted("GoodsName") + " 결제하지 않았어요.").strip();
        var link = "/order?id=" + URLEncoder.encode(sent.asked("order"), StandardCharsets.UTF_8);
        show(request, response, "message", Map.of("title", "결제를 중단했어요", "message", message, "link", link, "linkText", "주문으로 돌아가기"));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        doGet(request, response);
    }
}
