package web;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import sspay.Admin;
import sspay.Request;

/** 취소, 회원 삭제, 복구. 사내에서만 열리게 하세요. */
@WebServlet({"/admin", "/admin/*", "/recover"})
public final class AdminServlet extends ShopServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        if (!mayOpen(read(request), response)) return;
        if (request.getRequestURI().equals("/admin")) showOrders(request, response, "");
        else reject(response);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        var sent = read(request);
        if (!mayOpen(sent, response)) return;
        switch (request.getRequestURI()) {
            case "/recover" -> text(response, 200, shop().payments().recover());
            case "/admin/cancel" -> {
                if (!isOwnForm(sent, response, "cancel", "order")) return;
                shop().payments().cancelOrder(sent.posted("order"));
                redirect(response, "/admin");
            }
            case "/admin/reopen" -> {
                if (!isOwnForm(sent, response, "reopen", "order")) return;
                shop().journal().reopen(sent.posted("order"));
                redirect(response, "/admin");
            }
            case "/admin/member" -> {
                if (!isOwnForm(sent, response, "member", "customer")) return;
                showOrders(request, response, shop().payments().deleteMember(sent.posted("customer")));
            }
            default -> reject(response);
        }
    }

    private boolean mayOpen(Request sent, HttpServletResponse response) throws IOException {
        if (shop().admin().mayOpen(sent)) return true;
        response.setHeader("WWW-Authenticate", Admin.CHALLENGE);
        text(response, 401, "관리자만 / administrators only");
        return false;
    }

    private boolean isOwnForm(Request sent, HttpServletResponse response, String action, String subject) throws IOException {
        if (shop().admin().isOwnForm(sent, action, subject)) return true;
        reject(response);
        return false;
    }

    private static void reject(HttpServletResponse response) throws IOException {
        text(response, 403, "화면을 다시 열어 주세요 / open the page again");
    }

    private void showOrders(HttpServletRequest request, HttpServletResponse response, String message) throws ServletException, IOException {
        var views = shop().journal().views();
        show(request, response, "admin", Map.of("title", "관리", "message", message, "admin", shop().admin(), "views", views));
    }
}
