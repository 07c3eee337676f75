import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import sspay.Admin;
import sspay.Goods;
import sspay.Html;
import sspay.Journal;
import sspay.PaymentForm;
import sspay.Payments;
import sspay.Request;
import sspay.Settings;
import sspay.Wire;

/** SDK 없이 SS-Pay 전문을 직접 쓰는 가장 작은 쇼핑몰: JDK의 HttpServer에서. JDK 17 이상, 다른 라이브러리 없음 */
public final class Shop {
    private final Settings settings;
    private final Journal journal;
    private final Payments payments;
    private final Admin admin;

    private Shop(Settings settings, Journal journal) {
        this.settings = settings;
        this.journal = journal;
        this.payments = new Payments(settings, journal, System.err::println);
        this.admin = new Admin(settings);
    }

    public static void main(String[] arguments) throws Exception {
        Settings settings;
        try {
            settings = Settings.read(Settings.environment(Path.of(".env")));
        } catch (IllegalArgumentException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
            return;
        }
        var shop = new Shop(settings, new Journal(Path.of(settings.data())));
        // 시작할 때 한 번, 그 뒤로 계속: 결과를 모르는 결제를 끝냅니다.
        Executors.newSingleThreadScheduledExecutor()
                .scheduleWithFixedDelay(shop.payments::recoverQuietly, 0, settings.recoverSeconds(), TimeUnit.SECONDS);
        var server = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 128);
        server.setExecutor(Executors.newFixedThreadPool(32));
        server.createContext("/", shop::serve);
        server.start();
        System.out.println(settings.origin() + " 을 열어 보세요.");
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var address = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            Answer answer;
            try {
                var query = exchange.getRequestURI().getRawQuery();
                answer = answer(address, new Request(query, exchange.getRequestBody(), exchange.getRequestHeaders()::getFirst));
            } catch (RuntimeException | IOException error) {
                // 예외의 내용에는 결제 정보가 있을 수 있습니다. 이름만 남깁니다.
                System.err.println(address + ": " + error.getClass().getSimpleName());
                answer = message(500, "잠시 뒤 다시 시도해 주세요", "이미 결제했다면 주문 화면에서 확인할 수 있어요.");
            }
            send(exchange, answer);
        }
    }

    private Answer answer(String address, Request request) {
        if (address.matches("\\S+ (/recover|/admin.*)")) return administer(address, request);
        return switch (address) {
            case "GET /" -> html(200, Pages::home);
            case "POST /orders" -> placeOrder(request);
            case "GET /order" -> showOrder(request);
            case "POST /return" -> receiveReturn(request);
            case "GET /abort", "POST /abort" -> showAbort(request);
            case "POST /notify" -> payments.receiveNotification(request.form()) ? text(200, "OK") : text(400, "FAIL");
            default -> message(404, "없는 화면이에요", "주소를 확인해 주세요.");
        };
    }

    private Answer placeOrder(Request request) {
        var goods = Goods.ALL.get(request.posted("goods"));
        if (goods == null) return message(400, "없는 상품이에요", "상품을 다시 골라 주세요.");
        // 회원이 있는 쇼핑몰이라면 로그인한 회원의 번호입니다. 영문과 숫자 20자까지.
        var customer = request.customer().isEmpty() ? Wire.randomHex(10) : request.customer();
        var orderId = journal.place(customer, goods.name(), goods.price());
        return redirect("/order?id=" + orderId).with("Set-Cookie", Request.customerCookie(settings, customer));
    }

    private Answer showOrder(Request request) {
        var order = journal.order(request.asked("id"));
        if (order.isEmpty() || !order.get().customer().equals(request.customer()))
            return message(404, "없는 주문이에요", "주문한 브라우저에서 열어 주세요.");
        var view = journal.view(order.get());
        if (!journal.isPayable(order.get().id())) return html(200, nonce -> Pages.order(view, nonce));
        var form = PaymentForm.of(settings, order.get(), request);
        return html(200, nonce -> Pages.pay(view, form, nonce));
    }

    private Answer receiveReturn(Request request) {
        var order = journal.order(request.asked("order"));
        if (order.isEmpty()) return message(404, "없는 주문이에요", "결제하지 않았어요.");
        var isBuyer = order.get().customer().equals(request.customer());
        payments.receiveReturn(order.get(), request.posted("Tid"), request.posted("TrAuthKey"), isBuyer);
        // 결과는 GET 화면이 보여 줍니다: 새로고침이 POST를 되풀이하지 않고, SameSite=Lax 쿠키도 돌아옵니다.
        return redirect("/order?id=" + order.get().id());
    }

    private Answer showAbort(Request request) {
        // 중단은 결제의 결과가 아닙니다. 주문도 장부도 바꾸지 않습니다.
        var link = "/order?id=" + URLEncoder.encode(request.asked("order"), StandardCharsets.UTF_8);
        var said = (request.posted("GoodsName") + " 결제하지 않았어요.").strip();
        return html(200, nonce -> Pages.message("결제를 중단했어요", said, link, "주문으로 돌아가기", nonce));
    }

    private Answer administer(String address, Request request) {
        if (!admin.mayOpen(request)) return text(401, "관리자만 / administrators only").with("WWW-Authenticate", Admin.CHALLENGE);
        switch (address) {
            case "POST /recover":
                return text(200, payments.recover());
            case "GET /admin":
                return showAdmin("");
            case "POST /admin/cancel":
                if (!admin.isOwnForm(request, "cancel", "order")) break;
                payments.cancelOrder(request.posted("order"));
                return redirect("/admin");
            case "POST /admin/reopen":
                if (!admin.isOwnForm(request, "reopen", "order")) break;
                journal.reopen(request.posted("order"));
                return redirect("/admin");
            case "POST /admin/member":
                if (!admin.isOwnForm(request, "member", "customer")) break;
                return showAdmin(payments.deleteMember(request.posted("customer")));
            default:
                break;
        }
        return text(403, "화면을 다시 열어 주세요 / open the page again");
    }

    private Answer showAdmin(String said) {
        return html(200, nonce -> Pages.admin(journal.views(), admin, said, nonce));
    }

    private Answer html(int status, UnaryOperator<String> page) {
        var nonce = Wire.randomHex(16);
        return new Answer(status, "text/html", page.apply(nonce), new LinkedHashMap<>())
                .with("Content-Security-Policy", Html.policy(settings, nonce))
                .with("Referrer-Policy", "strict-origin-when-cross-origin");
    }

    private Answer message(int status, String title, String said) {
        return html(status, nonce -> Pages.message(title, said, "/", "처음으로", nonce));
    }

    private static Answer text(int status, String body) {
        return new Answer(status, "text/plain", body, new LinkedHashMap<>());
    }

    private static Answer redirect(String location) {
        return text(303, "").with("Location", location);
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var octets = answer.body().getBytes(StandardCharsets.UTF_8);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", answer.type() + "; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.sendResponseHeaders(answer.status(), octets.length == 0 ? -1 : octets.length);
        if (octets.length > 0) exchange.getResponseBody().write(octets);
    }

    private record Answer(int status, String type, String body, Map<String, String> headers) {
        Answer with(String name, String value) {
            headers.put(name, value);
            return this;
        }
    }
}
