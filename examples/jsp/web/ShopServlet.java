package web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import sspay.Html;
import sspay.Request;
import sspay.Wire;

/** 서블릿은 일을 하고, JSP(WEB-INF/jsp)는 보여 주기만 합니다. */
abstract class ShopServlet extends HttpServlet {
    final Shop shop() {
        return (Shop) getServletContext().getAttribute(Shop.class.getName());
    }

    /** 톰캣의 getParameter는 EUC-KR 재통보를 깨뜨립니다. 그것을 부르기 전에 본문을 직접 읽습니다. */
    static Request read(HttpServletRequest request) throws IOException {
        return new Request(request.getQueryString(), request.getInputStream(), request::getHeader);
    }

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            super.service(request, response);
        } catch (RuntimeException | ServletException | IOException error) {
            // 예외의 내용에는 결제 정보가 있을 수 있습니다. 이름만 남깁니다.
            getServletContext().log(request.getMethod() + " " + request.getServletPath() + ": " + error.getClass().getSimpleName());
            if (response.isCommitted()) return;
            message(request, response, 500, "잠시 뒤 다시 시도해 주세요", "이미 결제했다면 주문 화면에서 확인할 수 있어요.");
        }
    }

    final void show(HttpServletRequest request, HttpServletResponse response, String page, Map<String, Object> values)
            throws ServletException, IOException {
        var nonce = Wire.randomHex(16);
        response.setHeader("Content-Security-Policy", Html.policy(shop().settings(), nonce));
        response.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
        request.setAttribute("nonce", nonce);
        values.forEach(request::setAttribute);
        request.getRequestDispatcher("/WEB-INF/jsp/" + page + ".jsp").forward(request, response);
    }

    final void message(HttpServletRequest request, HttpServletResponse response, int status, String title, String message)
            throws ServletException, IOException {
        response.setStatus(status);
        show(request, response, "message", Map.of("title", title, "message", message, "link", "/", "linkText", "처음으로"));
    }

    static void text(HttpServletResponse response, int status, String body) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain; charset=utf-8");
        response.getWriter().write(body);
    }

    /** 302가 아니라 303: 브라우저가 POST를 되풀이하지 않고 GET으로 옮겨 갑니다. */
    static void redirect(HttpServletResponse response, String location) {
        response.setStatus(303);
        response.setHeader("Location", location);
    }
}
