package web;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** 재통보. 저장한 뒤에만 OK라고 답합니다. */
@WebServlet("/notify")
public final class NotificationServlet extends ShopServlet {
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var isStored = shop().payments().receiveNotification(read(request).form());
        text(response, isStored ? 200 : 400, isStored ? "OK" : "FAIL");
    }
}
