import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** SDK 없이 SS-Pay 전문을 직접 쓰는 가장 작은 쇼핑몰. java -Dfile.encoding=UTF-8 Shop.java (JDK 17 이상, 다른 라이브러리 없음) */
public final class Shop {
    /** 값은 서버에만 있습니다. 브라우저는 무엇을 살지만 고릅니다. */
    private static final Map<String, Goods> GOODS = goods();
    private static final Pattern MOBILE =
            Pattern.compile("Mobi|Android|iP(hone|ad|od)|KAKAOTALK|NAVER\\(|SamsungBrowser", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_BODY = 65_536;

    private final Settings settings;
    private final Journal journal;
    private final Payments payments;

    private Shop(Settings settings, Journal journal) {
        this.settings = settings;
        this.journal = journal;
        this.payments = new Payments(settings, journal);
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
                .scheduleWithFixedDelay(shop::recoverQuietly, 0, settings.recoverSeconds(), TimeUnit.SECONDS);
        var server = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 128);
        server.setExecutor(Executors.newFixedThreadPool(32));
        server.createContext("/", shop::serve);
        server.start();
        System.out.println(settings.origin() + " 을 열어 보세요.");
    }

    private static Map<String, Goods> goods() {
        var goods = new LinkedHashMap<String, Goods>();
        goods.put("coffee", new Goods("따뜻한 커피", 1004));
        goods.put("teapot", new Goods("백자 찻주전자", 58000));
        return goods;
    }

    private void recoverQuietly() {
        try {
            payments.recover();
        } catch (RuntimeException error) {
            log("recovery: " + error.getClass().getSimpleName());
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(new Request(exchange));
            } catch (RuntimeException | IOException error) {
                // 예외의 내용에는 결제 정보가 있을 수 있습니다. 이름만 남깁니다.
                log(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + ": " + error.getClass().getSimpleName());
                answer = message(500, "잠시 뒤 다시 시도해 주세요", "이미 결제했다면 주문 화면에서 확인할 수 있어요.");
            }
            send(exchange, answer);
        }
    }

    private Answer answer(Request request) {
        var path = request.path();
        if (path.equals("/recover") || path.startsWith("/admin")) return administer(request);
        return switch (request.method() + " " + path) {
            case "GET /" -> html(200, nonce -> Pages.home(GOODS, nonce));
            case "POST /orders" -> placeOrder(request);
            case "GET /order" -> showOrder(request);
            case "POST /return" -> takeReturn(request);
            case "GET /abort", "POST /abort" -> showAbort(request);
            case "POST /notify" -> payments.receiveNotification(request.form()) ? text(200, "OK") : text(400, "FAIL");
            default -> message(404, "없는 화면이에요", "주소를 확인해 주세요.");
        };
    }

    private Answer placeOrder(Request request) {
        var goods = GOODS.get(request.posted("goods"));
        if (goods == null) return message(400, "없는 상품이에요", "상품을 다시 골라 주세요.");
        // 회원이 있는 쇼핑몰이라면 로그인한 회원의 번호입니다. 영문과 숫자 20자까지.
        var customer = request.customer().isEmpty() ? Wire.randomHex(10) : request.customer();
        var orderId = journal.place(customer, goods.name(), goods.price());
        var secure = settings.origin().startsWith("https:") ? "; Secure" : "";
        var cookie = "customer=" + customer + "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" + secure;
        return redirect("/order?id=" + orderId).with("Set-Cookie", cookie);
    }

    private Answer showOrder(Request request) {
        var order = journal.order(request.asked("id"));
        if (order.isEmpty() || !order.get().customer().equals(request.customer()))
            return message(404, "없는 주문이에요", "주문한 브라우저에서 열어 주세요.");
        var payment = journal.paymentOf(order.get().id());
        if (!journal.isPayable(order.get().id()))
            return html(200, nonce -> Pages.order(order.get(), payment.orElse(null), nonce));
        var charset = request.asked("charset").equals("euckr") ? "euckr" : "utf8";
        var device = request.asked("device");
        var isMobile = device.isEmpty() ? MOBILE.matcher(request.userAgent()).find() : device.equals("mobile");
        return html(200, nonce -> Pages.pay(settings, order.get(), charset, isMobile, nonce));
    }

    private Answer takeReturn(Request request) {
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

    private Answer administer(Request request) {
        if (!Wire.same(request.password(), settings.adminPassword()))
            return text(401, "관리자만 / administrators only").with("WWW-Authenticate", "Basic realm=\"admin\", charset=\"UTF-8\"");
        switch (request.method() + " " + request.path()) {
            case "POST /recover":
                return text(200, payments.recover());
            case "GET /admin":
                return showAdmin("");
            case "POST /admin/cancel":
                if (!isOwnForm(request, "cancel", "order")) break;
                payments.cancelOrder(request.posted("order"));
                return redirect("/admin");
            case "POST /admin/reopen":
                if (!isOwnForm(request, "reopen", "order")) break;
                journal.reopen(request.posted("order"));
                return redirect("/admin");
            case "POST /admin/member":
                if (!isOwnForm(request, "member", "customer")) break;
                return showAdmin(payments.deleteMember(request.posted("customer")));
            default:
                break;
        }
        return text(403, "화면을 다시 열어 주세요 / open the page again");
    }

    private Answer showAdmin(String told) {
        return html(200, nonce -> Pages.admin(journal.orders(), journal::paymentOf, this::token, told, nonce));
    }

    /** 브라우저는 Basic 비밀번호를 남의 페이지가 보낸 폼에도 붙입니다. 우리 화면의 폼만 이 값을 압니다. */
    private String token(String action, String subject) {
        var day = DateTimeFormatter.BASIC_ISO_DATE.format(Instant.now().atZone(ZoneOffset.UTC).toLocalDate());
        return HexFormat.of().formatHex(Wire.hmac(settings.adminPassword(), action + " " + subject + " " + day));
    }

    private boolean isOwnForm(Request request, String action, String subject) {
        return Wire.same(request.posted("token"), token(action, request.posted(subject)));
    }

    private Answer html(int status, UnaryOperator<String> page) {
        var nonce = Wire.randomHex(16);
        var windows = settings.pcWindow() + " " + settings.mobileWindow();
        var policy = "default-src 'none'; style-src 'nonce-" + nonce + "'; script-src 'nonce-" + nonce + "' " + windows
                + "; frame-src " + windows + "; img-src data:; form-action 'self' " + windows
                + "; base-uri 'none'; frame-ancestors 'none'";
        return new Answer(status, "text/html", page.apply(nonce), new LinkedHashMap<>())
                .with("Content-Security-Policy", policy)
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

    /** 주문번호와 코드만 남깁니다. Tid, TrAuthKey, 키, 구매자 정보는 남기지 않습니다. */
    static void log(String line) {
        System.err.println(line);
    }

    record Goods(String name, long price) {}

    record Answer(int status, String type, String body, Map<String, String> headers) {
        Answer with(String name, String value) {
            headers.put(name, value);
            return this;
        }
    }

    /** 브라우저나 결제 서비스가 보낸 요청. */
    static final class Request {
        private static final Pattern CUSTOMER = Pattern.compile("(?:^|; *)customer=([a-z0-9]{1,20})(?:;|$)");

        private final HttpExchange exchange;
        private final Map<String, String> query;
        private final Map<String, String> form;

        Request(HttpExchange exchange) throws IOException {
            this.exchange = exchange;
            var raw = exchange.getRequestURI().getRawQuery();
            query = Wire.readForm(raw == null ? "" : raw);
            var octets = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
            form = octets.length > LONGEST_BODY ? Map.of() : Wire.readForm(new String(octets, StandardCharsets.ISO_8859_1));
        }

        String method() {
            return exchange.getRequestMethod();
        }

        String path() {
            return exchange.getRequestURI().getPath();
        }

        Map<String, String> form() {
            return form;
        }

        String posted(String name) {
            return form.getOrDefault(name, "");
        }

        String asked(String name) {
            return query.getOrDefault(name, "");
        }

        String userAgent() {
            return header("User-Agent");
        }

        String customer() {
            var found = CUSTOMER.matcher(header("Cookie"));
            return found.find() ? found.group(1) : "";
        }

        String password() {
            try {
                var given = new String(Base64.getDecoder().decode(header("Authorization").replaceFirst("^Basic ", "")), StandardCharsets.UTF_8);
                return given.substring(given.indexOf(':') + 1);
            } catch (IllegalArgumentException notBasic) {
                return "";
            }
        }

        private String header(String name) {
            return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
        }
    }

    /** 환경 변수에서 읽는 설정. 빠졌거나 틀린 것은 이름을 모두 알려 주고 시작하지 않습니다. */
    record Settings(
            String merchantId, String easyPayMerchantId, String merchantKey, String cancelPassword, String adminPassword,
            String pcWindow, String mobileWindow, String approval, String mode, String caFile, String origin, String host,
            int port, String data, long recoverSeconds) {

        /** 가이드의 호스트: PC 결제창, 모바일 결제창, 승인 */
        private static final Map<String, List<String>> HOSTS = Map.of(
                "staging", List.of("https://tpay.smartropay.co.kr", "https://tmpay.smartropay.co.kr", "https://tapproval.smartropay.co.kr"),
                "production", List.of("https://pay.smartropay.co.kr", "https://mpay.smartropay.co.kr", "https://approval.smartropay.co.kr"));

        private static final List<List<String>> REQUIRED = List.of(
                List.of("SSPAY_MERCHANT_ID", "[A-Za-z0-9]{10}", "상점ID(Mid), 영문·숫자 10자"),
                List.of("SSPAY_EASY_PAY_MERCHANT_ID", "[A-Za-z0-9]{10}", "간편결제 가맹점 ID(SspMallId), 영문·숫자 10자"),
                List.of("SSPAY_MERCHANT_KEY", "[!-~]{32,}", "상점키(MerchantKey), 발급받은 그대로 32자 이상"),
                List.of("SSPAY_CANCEL_PASSWORD", "[0-9]{6}", "취소 비밀번호, 숫자 6자리"),
                List.of("SHOP_ADMIN_PASSWORD", "[!-~]{12,}", "관리 화면의 비밀번호, 12자 이상"));

        /** 환경 변수와, 거기에 없는 것은 .env에서. 파일은 개발할 때만 쓰고, 운영에서는 환경 변수로 줍니다. */
        static Map<String, String> environment(Path file) throws IOException {
            var environment = new HashMap<String, String>();
            if (Files.exists(file))
                for (var line : Files.readAllLines(file))
                    if (line.matches("[A-Z_]+=.*")) environment.put(line.replaceFirst("=.*", ""), line.replaceFirst("[^=]*=", ""));
            System.getenv().forEach((name, value) -> {
                if (!value.isEmpty()) environment.put(name, value);
            });
            return environment;
        }

        static Settings read(Map<String, String> environment) {
            var wrong = new ArrayList<String>();
            for (var row : REQUIRED) {
                var value = environment.getOrDefault(row.get(0), "");
                if (!value.matches(row.get(1)))
                    wrong.add("  " + row.get(0) + ": " + row.get(2) + " / " + (value.isEmpty() ? "missing" : "malformed"));
            }
            var gateway = or(environment, "SSPAY_GATEWAY", "http://localhost:4610");
            if (!HOSTS.containsKey(gateway) && !gateway.matches("https?://[^/\\s]+"))
                wrong.add("  SSPAY_GATEWAY: staging, production 또는 http(s)://호스트:포트 / malformed");
            // 컨테이너처럼 서버와 브라우저가 게이트웨이를 다른 주소로 부를 때의 결제창 주소
            var window = or(environment, "SSPAY_WINDOW_ORIGIN", gateway);
            if (!window.equals(gateway) && (HOSTS.containsKey(gateway) || !window.matches("https?://[^/\\s]+")))
                wrong.add("  SSPAY_WINDOW_ORIGIN: http(s)://호스트:포트, SSPAY_GATEWAY도 주소일 때만 / malformed");
            var port = or(environment, "PORT", "4700");
            if (!port.matches("[0-9]{1,5}")) wrong.add("  PORT: 숫자 / malformed");
            if (!wrong.isEmpty())
                throw new IllegalArgumentException("환경 변수를 확인하세요 / check the environment:\n" + String.join("\n", wrong));
            var hosts = HOSTS.getOrDefault(gateway, List.of(window, window, gateway));
            return new Settings(
                    environment.get("SSPAY_MERCHANT_ID"), environment.get("SSPAY_EASY_PAY_MERCHANT_ID"),
                    environment.get("SSPAY_MERCHANT_KEY"), environment.get("SSPAY_CANCEL_PASSWORD"),
                    environment.get("SHOP_ADMIN_PASSWORD"), hosts.get(0), hosts.get(1), hosts.get(2),
                    gateway.equals("production") ? "REAL" : "STG", or(environment, "SSPAY_CA_FILE", ""),
                    // Host 헤더는 손님이 정할 수 있으니, 돌아올 주소는 설정에서만 만듭니다.
                    or(environment, "SHOP_ORIGIN", "http://localhost:" + port).replaceFirst("/+$", ""),
                    or(environment, "HOST", "127.0.0.1"), Integer.parseInt(port), or(environment, "SHOP_DATA", "shop.journal"),
                    Long.parseLong(or(environment, "SHOP_RECOVER_SECONDS", "60")));
        }

        private static String or(Map<String, String> environment, String name, String otherwise) {
            var value = environment.getOrDefault(name, "");
            return value.isEmpty() ? otherwise : value;
        }

        /** 통째로 찍어도 비밀 값은 나오지 않습니다. */
        @Override
        public String toString() {
            return "Settings[" + merchantId + "]";
        }
    }

    /** 전문: 서명, 암호화, 결제 서비스와의 통신. 여기 말고는 아무도 결제 서비스와 말하지 않습니다. */
    static final class Wire {
        private static final int CONNECT_MS = 1_000;
        private static final int READ_MS = 10_000;
        private static final int LONGEST_ANSWER = 1_048_576;
        /** 브라우저가 말하는 EUC-KR은 CP949입니다. 자바의 "EUC-KR"에는 "똠" 같은 글자가 없습니다. */
        static final Charset EUC_KR = Charset.forName("x-windows-949");

        private static final SecureRandom RANDOM = new SecureRandom();

        private Wire() {}

        /** 응답을 받지 못했습니다. 요청이 도착했는지는 아무도 모릅니다. */
        static final class NoAnswer extends Exception {
            private static final long serialVersionUID = 1L;

            NoAnswer(String what) {
                super(what);
            }
        }

        static String randomHex(int bytes) {
            var random = new byte[bytes];
            RANDOM.nextBytes(random);
            return HexFormat.of().formatHex(random);
        }

        /** SHA-256 32바이트의 Base64. 서버의 기본 글자 인코딩과 관계없이 UTF-8입니다. */
        static String digest(String text) {
            try {
                var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return Base64.getEncoder().encodeToString(hash);
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        /** 어디가 다른지 시간으로 드러나지 않게 비교합니다. */
        static boolean same(String given, String expected) {
            return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
        }

        /** 서버의 시간대와 관계없이 한국 시간 yyyyMMddHHmmss. */
        static String koreanTime() {
            return DateTimeFormatter.ofPattern("yyyyMMddHHmmss").format(Instant.now().atZone(ZoneId.of("Asia/Seoul")));
        }

        static String signForm(Settings settings, String ediDate, long amount) {
            return digest(ediDate + settings.merchantId() + amount + settings.merchantKey());
        }

        /** 주문의 서명. MallReserved로 보내면 결제 서비스가 그대로 돌려줍니다. 이 주문의 결제 화면을 받은 손님만 보낼 수 있습니다. */
        static String signOrder(Settings settings, Order order) {
            var text = "order " + settings.merchantId() + " " + order.id() + " " + order.amount() + " " + order.customer();
            return Base64.getEncoder().encodeToString(hmac(settings.merchantKey(), text));
        }

        static byte[] hmac(String key, String text) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        static String signResult(Settings settings, String tid, String code) {
            var first = Math.min(10, tid.length());
            var second = Math.min(15, tid.length());
            return digest(tid.substring(0, first) + code + tid.substring(first, second) + settings.merchantKey() + tid.substring(second));
        }

        /** EncData: AES-256-CBC, IV는 0 16바이트, 키는 상점키의 앞 32글자 그대로. */
        static Map<String, String> seal(Settings settings, Map<String, String> body) {
            try {
                var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
                var key = settings.merchantKey().substring(0, 32).getBytes(StandardCharsets.UTF_8);
                cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
                var sealed = cipher.doFinal(Json.write(body).getBytes(StandardCharsets.UTF_8));
                return Map.of("EncData", Base64.getEncoder().encodeToString(sealed), "Mid", settings.merchantId());
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        /** UTF-8, 아니면 EUC-KR. */
        static String readText(byte[] octets) {
            try {
                var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
                return text.startsWith("\uFEFF") ? text.substring(1) : text;
            } catch (CharacterCodingException notUtf8) {
                return new String(octets, EUC_KR);
            }
        }

        /** 폼의 값들. 글자 인코딩은 값이 아니라 폼 전체를 보고 정합니다. 같은 이름이 두 번 오면 처음 것만 씁니다. */
        static Map<String, String> readForm(String body) {
            var octets = new LinkedHashMap<String, byte[]>();
            var all = new ByteArrayOutputStream();
            for (var pair : body.split("&")) {
                var parts = pair.split("=", 2);
                var value = parts.length == 2 ? unescape(parts[1]) : new byte[0];
                octets.putIfAbsent(new String(unescape(parts[0]), StandardCharsets.ISO_8859_1), value);
                all.writeBytes(value);
            }
            var isUtf8 = true;
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(all.toByteArray()));
            } catch (CharacterCodingException notUtf8) {
                isUtf8 = false;
            }
            var charset = isUtf8 ? StandardCharsets.UTF_8 : EUC_KR;
            var fields = new LinkedHashMap<String, String>();
            octets.forEach((name, value) -> fields.put(name, new String(value, charset)));
            return fields;
        }

        private static byte[] unescape(String text) {
            var octets = new ByteArrayOutputStream();
            for (var at = 0; at < text.length(); at++) {
                var letter = text.charAt(at);
                if (letter == '%' && at + 2 < text.length() && text.substring(at + 1, at + 3).matches("[0-9A-Fa-f]{2}")) {
                    octets.write(Integer.parseInt(text, at + 1, at + 3, 16));
                    at += 2;
                } else {
                    octets.write(letter == '+' ? ' ' : letter);
                }
            }
            return octets.toByteArray();
        }

        /** JSON을 보내고 JSON 객체를 받습니다. 값은 모두 글자입니다. 그 밖의 모든 일은 NoAnswer. */
        static Map<String, String> ask(Settings settings, String name, Map<String, String> body) throws NoAnswer {
            try {
                return Json.read(readText(post(settings, "/payment/approval/" + name, Json.write(body))));
            } catch (IOException | GeneralSecurityException | IllegalArgumentException failure) {
                throw new NoAnswer(failure.getClass().getSimpleName());
            }
        }

        private static byte[] post(Settings settings, String path, String body) throws IOException, GeneralSecurityException {
            var connection = (HttpURLConnection) URI.create(settings.approval() + path).toURL().openConnection();
            // 인증서와 호스트 이름은 자바가 검사합니다(TLS 1.2 이상). SSPAY_CA_FILE은 샌드박스의 로컬 CA를 믿을 때만 씁니다.
            if (connection instanceof HttpsURLConnection secure && !settings.caFile().isEmpty())
                secure.setSSLSocketFactory(trusting(settings.caFile()).getSocketFactory());
            var octets = body.getBytes(StandardCharsets.UTF_8);
            connection.setRequestMethod("POST");
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(CONNECT_MS);
            connection.setReadTimeout(READ_MS);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("Accept", "application/json");
            connection.setRequestProperty("Connection", "close");
            connection.setDoOutput(true);
            // 길이를 미리 정하지 않으면, 연결이 끊겼을 때 자바가 몰래 POST를 한 번 더 보냅니다(sun.net.http.retryPost).
            connection.setFixedLengthStreamingMode(octets.length);
            try {
                try (var out = connection.getOutputStream()) {
                    out.write(octets);
                }
                if (connection.getResponseCode() != 200) throw new IOException("HTTP");
                try (var in = connection.getInputStream()) {
                    return readAll(in);
                }
            } finally {
                connection.disconnect();
            }
        }

        /** 한 바이트씩 천천히 오는 응답도 끝없이 기다리지 않습니다. */
        private static byte[] readAll(InputStream in) throws IOException {
            var deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READ_MS);
            var all = new ByteArrayOutputStream();
            var part = new byte[8_192];
            for (int length; (length = in.read(part)) >= 0; ) {
                all.write(part, 0, length);
                if (all.size() > LONGEST_ANSWER || System.nanoTime() - deadline > 0) throw new IOException("too long");
            }
            return all.toByteArray();
        }

        private static SSLContext trusting(String caFile) throws IOException, GeneralSecurityException {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (var in = Files.newInputStream(Path.of(caFile))) {
                store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        }

        /** 30xx는 카드 거절. 3001은 승인, 307x는 승인 뒤의 매입 이야기라 거절이 아닙니다. */
        static boolean isCardRejection(String code) {
            return code.matches("30[0-9]{2}") && !code.equals("3001") && !code.startsWith("307");
        }
    }

    /** 전문에 필요한 만큼의 JSON. Jackson이나 Gson을 이미 쓴다면 그것을 쓰세요. */
    static final class Json {
        private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
        private static final int DEEPEST = 100;

        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        static String write(Map<String, String> fields) {
            var json = new StringBuilder("{");
            fields.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",").append(quote(name)).append(':').append(quote(value)));
            return json.append('}').toString();
        }

        private static String quote(String text) {
            var json = new StringBuilder("\"");
            for (var letter : text.toCharArray()) {
                if (letter == '"' || letter == '\\') json.append('\\').append(letter);
                else if (letter < ' ') json.append(String.format("\\u%04x", (int) letter));
                else json.append(letter);
            }
            return json.append('"').toString();
        }

        /** 객체 하나. 글자가 아닌 값은 그 JSON을 글자로, null은 없는 것으로. 틀린 JSON은 IllegalArgumentException. */
        static Map<String, String> read(String text) {
            var json = new Json(text);
            json.blank();
            var fields = json.object(0);
            json.blank();
            if (json.at != text.length()) throw json.wrong();
            return fields;
        }

        private Map<String, String> object(int depth) {
            var fields = new LinkedHashMap<String, String>();
            expect('{');
            blank();
            if (take('}')) return fields;
            do {
                blank();
                var name = string();
                blank();
                expect(':');
                blank();
                var value = value(depth + 1);
                if (value != null) fields.put(name, value);
                blank();
            } while (take(','));
            expect('}');
            return fields;
        }

        private String value(int depth) {
            if (depth > DEEPEST || at >= text.length()) throw wrong();
            var start = at;
            switch (text.charAt(at)) {
                case '"':
                    return string();
                case '{':
                    object(depth);
                    return text.substring(start, at);
                case '[':
                    array(depth);
                    return text.substring(start, at);
                default:
                    return literal();
            }
        }

        private void array(int depth) {
            expect('[');
            blank();
            if (take(']')) return;
            do {
                blank();
                value(depth + 1);
                blank();
            } while (take(','));
            expect(']');
        }

        private String literal() {
            for (var word : List.of("null", "true", "false")) {
                if (!text.startsWith(word, at)) continue;
                at += word.length();
                return word.equals("null") ? null : word;
            }
            var number = NUMBER.matcher(text).region(at, text.length());
            if (!number.lookingAt()) throw wrong();
            at = number.end();
            return number.group();
        }

        private String string() {
            expect('"');
            var read = new StringBuilder();
            while (at < text.length()) {
                var letter = text.charAt(at++);
                if (letter == '"') return read.toString();
                if (letter < ' ') throw wrong();
                read.append(letter == '\\' ? escape() : letter);
            }
            throw wrong();
        }

        private char escape() {
            if (at >= text.length()) throw wrong();
            var letter = text.charAt(at++);
            var known = "\"\\/bfnrt".indexOf(letter);
            if (known >= 0) return "\"\\/\b\f\n\r\t".charAt(known);
            if (letter != 'u' || at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) throw wrong();
            at += 4;
            return (char) Integer.parseInt(text, at - 4, at, 16);
        }

        private void blank() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        }

        private boolean take(char letter) {
            if (at >= text.length() || text.charAt(at) != letter) return false;
            at++;
            return true;
        }

        private void expect(char letter) {
            if (!take(letter)) throw wrong();
        }

        private IllegalArgumentException wrong() {
            return new IllegalArgumentException("JSON이 아닙니다");
        }
    }

    record Order(String id, String customer, String goods, long amount, String state, String paidBy, String note, long createdAt) {
        Order paid(String tid) {
            return new Order(id, customer, goods, amount, "paid", tid, "", createdAt);
        }

        Order noted(String text) {
            return new Order(id, customer, goods, amount, state, paidBy, text, createdAt);
        }

        Order reopened() {
            return new Order(id, customer, goods, amount, "awaiting", "", "", createdAt);
        }

        Order cancelled() {
            return new Order(id, customer, goods, amount, "cancelled", paidBy, note, createdAt);
        }

        Map<String, String> fields() {
            var fields = new LinkedHashMap<String, String>();
            fields.put("order", id);
            fields.put("customer", customer);
            fields.put("goods", goods);
            fields.put("orderAmount", Long.toString(amount));
            fields.put("orderState", state);
            fields.put("paidBy", paidBy);
            fields.put("note", note);
            fields.put("orderedAt", Long.toString(createdAt));
            return fields;
        }
    }

    /** 승인을 요청한 결제. ticket은 TrAuthKey: 끝난 결제에서는 지웁니다. */
    record Payment(String tid, String orderId, String state, String ticket, long amount, String approvalNumber, String card, String code, long createdAt) {
        Payment in(String newState) {
            return new Payment(tid, orderId, newState, "", amount, approvalNumber, card, "", createdAt);
        }

        Payment rejected(String why) {
            return new Payment(tid, orderId, "refund_rejected", "", amount, approvalNumber, card, why, createdAt);
        }

        Payment refunding(long taken) {
            return new Payment(tid, orderId, "refunding", "", taken, approvalNumber, card, "", createdAt);
        }

        Map<String, String> fields() {
            var fields = new LinkedHashMap<String, String>();
            fields.put("tid", tid);
            fields.put("of", orderId);
            fields.put("state", state);
            fields.put("ticket", ticket);
            fields.put("amount", Long.toString(amount));
            fields.put("approvalNumber", approvalNumber);
            fields.put("card", card);
            fields.put("code", code);
            fields.put("createdAt", Long.toString(createdAt));
            return fields;
        }
    }

    /**
     * 장부: 주문과 결제. 함수가 돌아왔으면 디스크에 남아 있습니다.
     * 결제의 상태: begun(승인을 요청했거나 하려는 중, 결과 모름) → paid(주문에 반영) | declined(청구되지 않음이 확실).
     * 돌려줄 돈: refunding(취소를 요청했거나 하려는 중) → refunded | refund_rejected.
     * 한 주문에 살아 있는 결제는 하나뿐: 두 번째 결제는 승인을 요청하지 않으므로 청구되지 않습니다.
     *
     * JDK에는 데이터베이스가 없어서 덧붙이기만 하는 파일을 씁니다. 한 줄이 한 트랜잭션이고(주문과 결제가 함께 바뀜), 쓸 때마다 force로
     * 디스크에 내립니다. 전원이 나가 반만 쓰인 마지막 줄은 CRC가 맞지 않아 버려집니다: 그 일은 일어나지 않은 것입니다.
     * 데이터베이스가 있다면 이 클래스의 메서드를 같은 뜻의 트랜잭션으로 바꾸세요(README의 SQL). 나머지는 그대로입니다.
     */
    static final class Journal {
        private static final Set<String> IS_OVER = Set.of("declined", "refunded");

        private final Map<String, Order> orders = new LinkedHashMap<>();
        private final Map<String, Payment> payments = new LinkedHashMap<>();
        private final Map<String, List<String>> tidsOf = new LinkedHashMap<>();
        private final FileChannel lockedFile;
        private final FileChannel journal;

        Journal(Path path) throws IOException {
            createOwnFolder(path.toAbsolutePath().getParent());
            lockedFile = openOwn(path.resolveSibling(path.getFileName() + ".lock"));
            // 두 프로그램이 한 장부를 쓰면 서로의 결제를 모릅니다.
            if (lockedFile.tryLock() == null) throw new IOException(path + ": 다른 쇼핑몰이 쓰고 있습니다 / in use by another shop");
            if (Files.exists(path)) readAll(path);
            // 시작할 때마다 지금의 상태만 새 파일에 적고 바꿔 끼웁니다. 끝난 결제의 TrAuthKey와 반만 쓰인 줄이 사라집니다.
            var fresh = path.resolveSibling(path.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            journal = openOwn(fresh);
            for (var order : orders.values()) write(line(order, null));
            for (var payment : payments.values()) write(line(null, payment));
            journal.force(true);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder(path.toAbsolutePath().getParent());
        }

        synchronized String place(String customer, String goods, long amount) {
            // 추측할 수 없는 주문번호. 가이드의 Moid는 40자, 특수문자 불가.
            var id = Wire.koreanTime().substring(0, 8) + Wire.randomHex(8);
            save(new Order(id, customer, goods, amount, "awaiting", "", "", now()), null);
            return id;
        }

        synchronized Optional<Order> order(String id) {
            return Optional.ofNullable(orders.get(id));
        }

        synchronized List<Order> orders() {
            return orders.values().stream().sorted(Comparator.comparingLong(Order::createdAt).reversed()).limit(50).toList();
        }

        /** 주문 화면에 보여 줄 결제: 주문을 결제한 것, 끝나지 않은 것, 가장 나중 것의 차례로. */
        synchronized Optional<Payment> paymentOf(String orderId) {
            return paymentsOf(orderId).stream()
                    .min(Comparator.comparing((Payment payment) -> !payment.tid().equals(orders.get(orderId).paidBy()))
                            .thenComparing(payment -> IS_OVER.contains(payment.state()))
                            .thenComparing(Comparator.comparingLong(Payment::createdAt).reversed()));
        }

        /** 기다리는 주문이고, 살아 있는 결제가 없습니다. */
        synchronized boolean isPayable(String orderId) {
            var order = orders.get(orderId);
            return order != null && order.state().equals("awaiting")
                    && paymentsOf(orderId).stream().allMatch(payment -> IS_OVER.contains(payment.state()));
        }

        synchronized List<Payment> paymentsIn(String state) {
            return payments.values().stream().filter(payment -> payment.state().equals(state)).toList();
        }

        /** 승인을 요청하기 전에 적습니다. false면 요청하지 마세요: 이미 아는 결제이거나, 주문에 다른 결제가 있습니다. */
        synchronized boolean begin(String orderId, String tid, String ticket) {
            var isWanted = isPayable(orderId) && !payments.containsKey(tid);
            if (isWanted) save(null, new Payment(tid, orderId, "begun", ticket, orders.get(orderId).amount(), "", "", "", now()));
            return isWanted;
        }

        /** 결제 한 건을 주문에 한 번만 반영합니다. 반환, 새로고침, 재통보, 복구가 모두 이 함수를 거칩니다. */
        synchronized void markPaid(String orderId, String tid, long amount, String approvalNumber, String card) {
            var known = payments.get(tid);
            var isOpen = known == null || Set.of("begun", "declined").contains(known.state());
            if (!isOpen || (known != null && !known.orderId().equals(orderId))) return;
            var order = orders.get(orderId);
            var pays = order != null && order.state().equals("awaiting") && order.amount() == amount
                    && paymentsOf(orderId).stream().noneMatch(other -> other.state().equals("begun") && !other.tid().equals(tid));
            // 주문이 이미 다른 결제로 끝났으면, 받은 돈은 돌려줄 돈입니다.
            var payment = new Payment(tid, orderId, pays ? "paid" : "refunding", "", amount, approvalNumber, card, "", now());
            save(pays ? order.paid(tid) : null, payment);
        }

        synchronized void decline(String tid, String message) {
            var payment = payments.get(tid);
            if (payment != null && payment.state().equals("begun"))
                save(orders.get(payment.orderId()).noted(message), payment.in("declined"));
        }

        /** 돌려줄 돈으로 적습니다. 취소를 요청하기 전에 적어야, 응답을 잃어도 같은 취소를 다시 요청합니다. */
        synchronized void beginRefund(String tid, long amount) {
            var payment = payments.get(tid);
            if (payment != null && Set.of("begun", "paid", "refund_rejected").contains(payment.state()))
                save(null, payment.refunding(amount));
        }

        synchronized void recordRefund(String tid) {
            var payment = payments.get(tid);
            if (payment == null) return;
            var order = orders.get(payment.orderId());
            save(order != null && order.paidBy().equals(tid) ? order.cancelled() : null, payment.in("refunded"));
        }

        /** 돌려준 주문을 다시 결제받습니다. 돌려준 결제의 늦은 재통보는 승인이든 취소든 이 주문을 바꾸지 못합니다. */
        synchronized void reopen(String orderId) {
            var order = orders.get(orderId);
            if (order != null && order.state().equals("cancelled")) save(order.reopened(), null);
        }

        synchronized void rejectRefund(String tid, String code) {
            var payment = payments.get(tid);
            if (payment != null && payment.state().equals("refunding")) save(null, payment.rejected(code));
        }

        /** 승인보다 먼저 온 취소 통보: 나중에 오는 승인 통보가 반영되지 않게 적어 둡니다. */
        synchronized void recordEarlyRefund(String orderId, String tid, long amount) {
            if (!payments.containsKey(tid)) save(null, new Payment(tid, orderId, "refunded", "", amount, "", "", "", now()));
        }

        private List<Payment> paymentsOf(String orderId) {
            return tidsOf.getOrDefault(orderId, List.of()).stream().map(payments::get).toList();
        }

        /** 디스크가 먼저, 메모리가 나중. 쓰지 못했으면 아무것도 바뀌지 않았고, 파일도 쓰기 전의 길이로 돌아갑니다. */
        private void save(Order order, Payment payment) {
            try {
                var length = journal.size();
                try {
                    write(line(order, payment));
                    journal.force(false);
                } catch (IOException full) {
                    journal.truncate(length);
                    throw full;
                }
            } catch (IOException broken) {
                throw new IllegalStateException("장부에 쓰지 못했습니다", broken);
            }
            remember(order, payment);
        }

        private void remember(Order order, Payment payment) {
            if (order != null) orders.put(order.id(), order);
            if (payment != null && payments.put(payment.tid(), payment) == null)
                tidsOf.computeIfAbsent(payment.orderId(), id -> new ArrayList<>()).add(payment.tid());
        }

        private static String line(Order order, Payment payment) {
            var fields = new LinkedHashMap<String, String>();
            if (order != null) fields.putAll(order.fields());
            if (payment != null) fields.putAll(payment.fields());
            var json = Json.write(fields);
            return checksum(json) + " " + json + "\n";
        }

        private void write(String line) throws IOException {
            var octets = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (octets.hasRemaining()) journal.write(octets);
        }

        private void readAll(Path path) throws IOException {
            var lines = Files.readString(path, StandardCharsets.ISO_8859_1).split("(?<=\n)");
            for (var number = 0; number < lines.length; number++) {
                var line = new String(lines[number].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                var isWhole = line.endsWith("\n") && line.length() > 9 && line.startsWith(checksum(line.substring(9, line.length() - 1)) + " ");
                if (isWhole) read(Json.read(line.substring(9)));
                else if (number < lines.length - 1) throw new IOException(path + ": " + (number + 1) + "번째 줄이 손상되었습니다 / is damaged");
            }
        }

        private void read(Map<String, String> fields) {
            var order = !fields.containsKey("order") ? null : new Order(
                    fields.get("order"), fields.get("customer"), fields.get("goods"), Long.parseLong(fields.get("orderAmount")),
                    fields.get("orderState"), fields.get("paidBy"), fields.get("note"), Long.parseLong(fields.get("orderedAt")));
            var payment = !fields.containsKey("tid") ? null : new Payment(
                    fields.get("tid"), fields.get("of"), fields.get("state"), fields.get("ticket"), Long.parseLong(fields.get("amount")),
                    fields.get("approvalNumber"), fields.get("card"), fields.get("code"), Long.parseLong(fields.get("createdAt")));
            remember(order, payment);
        }

        private static String checksum(String json) {
            var crc = new CRC32();
            crc.update(json.getBytes(StandardCharsets.UTF_8));
            return String.format("%08x", crc.getValue());
        }

        /** 바꿔 끼운 이름도 디스크에 남깁니다. 윈도우에서는 폴더를 열 수 없고, 그럴 필요도 없습니다. */
        private static void forceFolder(Path path) throws IOException {
            if (!isPosix(path)) return;
            try (var folder = FileChannel.open(path, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }

        /** 장부에는 TrAuthKey가 잠시 들어 있습니다. 주인만 읽습니다. */
        private static void createOwnFolder(Path path) throws IOException {
            if (isPosix(path)) Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            else Files.createDirectories(path);
        }

        private static FileChannel openOwn(Path path) throws IOException {
            var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            if (!isPosix(path)) return FileChannel.open(path, options);
            return FileChannel.open(path, options, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }

        private static boolean isPosix(Path path) {
            return path.getFileSystem().supportedFileAttributeViews().contains("posix");
        }

        private static long now() {
            return Instant.now().toEpochMilli();
        }
    }

    /** 결제: 승인, 재통보, 복구, 취소, 회원 삭제. 돈이 걸린 판단은 모두 여기 있습니다. */
    static final class Payments {
        /** 승인 응답에서 "청구되지 않음이 확실한" 코드. 여기 없는 코드는 실패가 아니라 "아직 모름"입니다. */
        private static final Set<String> NOT_CHARGED = Set.of(
                "S001", "S002", "S003", "S004", "S005", "S006", "S007", "S008", "S009", "S010", "S011", "S012", "S013", "S014",
                "S015", "S016", "S017", "S018", "S019", "S020", "S101", "S102", "S106", "S201", "S202", "S302", "S304", "S402");
        /** 조회에서는 더 적습니다: "요청이 잘못됨"은 질문의 이야기이지 결제의 이야기가 아닙니다. */
        private static final Set<String> NOT_CHARGED_BY_INQUIRY = Set.of("S101", "S102", "S402");
        /** 취소가 확실히 되지 않은 코드. 나머지는 같은 취소를 다시 요청합니다. */
        private static final Set<String> REFUND_REFUSED = Set.of(
                "2011", "2012", "2032", "2033", "S001", "S005", "S010", "S011", "S012", "S302", "S501", "S502", "S503", "S505");

        private final Settings settings;
        private final Journal journal;

        Payments(Settings settings, Journal journal) {
            this.settings = settings;
            this.journal = journal;
        }

        /** MISMATCH: 다른 주문의 돈을 받음. */
        enum Outcome { PAID, DECLINED, NOT_YET, REFUNDED, MISMATCH, UNKNOWN }

        record Verdict(Outcome outcome, String code, String message, long amount, String approvalNumber, String card) {
            static Verdict of(Outcome outcome, String code) {
                return new Verdict(outcome, code, "", 0, "", "");
            }
        }

        /** 인증이 끝난 구매자가 돌아왔습니다. 아직 돈은 빠지지 않았고, 승인을 요청하면 빠집니다. */
        void receiveReturn(Order order, String tid, String ticket, boolean isBuyer) {
            if (!tid.matches("[A-Za-z0-9]{1,30}") || !ticket.matches("[!-~]{1,256}")) return;
            // 새로고침과 두 번 온 요청은 여기서 끝나고, 결과는 주문 화면이 보여 줍니다.
            if (!journal.isPayable(order.id())) return;
            if (!mayApprove(order, tid, ticket, isBuyer)) {
                log("order " + order.id() + ": the return is not of this order");
                return;
            }
            // 먼저 적고, 그다음 요청합니다.
            if (journal.begin(order.id(), tid, ticket))
                recordOutcome(order.id(), tid, askAbout("urlCallApproval.do", tid, ticket, order.id(), order.amount()));
        }

        /** 누구나 남의 주문번호로 이 주소에 Tid와 TrAuthKey를 보낼 수 있습니다. 적거나 승인하기 전에 이 주문의 결제인지 조회합니다. */
        private boolean mayApprove(Order order, String tid, String ticket, boolean isBuyer) {
            Map<String, String> answer;
            try {
                answer = Wire.ask(settings, "approvalInquiry.do", Map.of("Tid", tid, "TrAuthKey", ticket));
            } catch (Wire.NoAnswer failure) {
                answer = Map.of();
            }
            var code = answer.getOrDefault("ResultCode", "");
            // 조회로 알 수 없으면 주문한 브라우저의 쿠키만 믿습니다. 이미 승인된 결제라면 재통보가 반영합니다.
            if (!code.equals("S105")) return isBuyer && !code.equals("3001");
            // 쿠키 없이 돌아온 손님(모바일, 인앱 브라우저)은 주문의 서명으로 알아봅니다.
            var note = answer.get("MallReserved");
            var isTied = note == null ? isBuyer : Wire.same(note, Wire.signOrder(settings, order));
            var isSameCustomer = answer.getOrDefault("MallUserId", order.customer()).equals(order.customer());
            var verdict = judge(answer, tid, order.id(), order.amount(), true);
            return isTied && isSameCustomer && verdict.outcome() == Outcome.NOT_YET;
        }

        /** 재통보. 브라우저보다 먼저, 여러 번 올 수 있습니다. true일 때만 OK라고 답하고, 그때는 이미 저장되어 있습니다. */
        boolean receiveNotification(Map<String, String> notification) {
            var tid = notification.getOrDefault("Tid", "");
            var code = notification.getOrDefault("ResultCode", "");
            var signature = notification.getOrDefault("SignValue", "");
            var isSigned = Wire.same(signature, Wire.signResult(settings, tid, code));
            if (!isSigned || !settings.merchantId().equals(notification.get("Mid"))) return false;
            // 서명은 금액과 주문번호를 지키지 않습니다. 우리 주문과 직접 비교합니다.
            var amount = won(notification.getOrDefault("Amt", ""));
            var order = journal.order(notification.getOrDefault("Moid", ""));
            var state = notification.getOrDefault("StateCd", "0");
            var isOurs = order.isPresent() && order.get().amount() == amount;
            if (!isOurs || (state.equals("0") && !code.equals("3001"))) {
                log("a notification does not match any order");
                return false;
            }
            var orderId = order.get().id();
            if (state.equals("0")) {
                var paid = judgeCharged(notification, signature, orderId, amount);
                journal.markPaid(orderId, tid, amount, paid.approvalNumber(), paid.card());
                return true;
            }
            // 취소 통보의 결과코드는 2001(망취소는 다른 코드)이고, CancelAmt는 지금까지 취소한 합계입니다. 없으면 전액입니다.
            var takenBack = won(notification.getOrDefault("CancelAmt", Long.toString(amount)));
            if (!Set.of("1", "2").contains(state) || takenBack == 0) return false;
            if (takenBack >= amount) {
                journal.recordEarlyRefund(orderId, tid, amount);
                journal.recordRefund(tid);
            }
            return true;
        }

        /** 결과를 모르는 결제와 취소를 끝냅니다. 시작할 때와 1분마다. 여러 번, 동시에 실행해도 됩니다. */
        String recover() {
            for (var payment : journal.paymentsIn("begun")) {
                var verdict = askAbout("approvalInquiry.do", payment.tid(), payment.ticket(), payment.orderId(), payment.amount());
                // 같은 Tid의 승인은 몇 번을 요청해도 한 번만 청구됩니다.
                if (verdict.outcome() == Outcome.NOT_YET)
                    verdict = askAbout("urlCallApproval.do", payment.tid(), payment.ticket(), payment.orderId(), payment.amount());
                recordOutcome(payment.orderId(), payment.tid(), verdict);
            }
            journal.paymentsIn("refunding").forEach(this::refund);
            return "pending " + journal.paymentsIn("begun").size() + ", refunding " + journal.paymentsIn("refunding").size();
        }

        /** 전액 취소. 주문이 아니라 그 주문을 결제한 거래를 취소합니다. */
        void cancelOrder(String orderId) {
            var order = journal.order(orderId);
            if (order.isEmpty() || !order.get().state().equals("paid")) return;
            var tid = order.get().paidBy();
            journal.beginRefund(tid, order.get().amount());
            journal.paymentsIn("refunding").stream().filter(payment -> payment.tid().equals(tid)).forEach(this::refund);
        }

        /** SS-Pay 회원과 등록 카드를 지웁니다. 간편결제와 빌링이 함께 지워집니다. 보여 줄 말을 돌려줍니다. */
        String deleteMember(String customer) {
            var body = new LinkedHashMap<String, String>();
            body.put("Mid", settings.merchantId());
            body.put("SspMallId", settings.easyPayMerchantId());
            body.put("MallUserId", customer);
            body.put("ServiceType", "MD");
            body.put("VerifyValue", Wire.digest(settings.merchantId() + settings.easyPayMerchantId() + customer));
            // 매번 다른 값: 다시 가입한 고객을 지울 때 지난번과 같은 요청이 되지 않게 합니다.
            body.put("MallReserved", Base64.getEncoder().encodeToString(Wire.randomHex(8).getBytes(StandardCharsets.US_ASCII)));
            try {
                var answer = Wire.ask(settings, "ssbMemberDel.do", Wire.seal(settings, body));
                var code = answer.getOrDefault("ResultCode", "");
                var told = Set.of("PD00", "PS40").contains(code) ? "삭제했어요. " : "삭제하지 못했어요. ";
                return told + code + " " + answer.getOrDefault("ResultMsg", "");
            } catch (Wire.NoAnswer failure) {
                return "응답이 없어요. 지워졌는지 알 수 없으니 다시 시도해 주세요. 여러 번 해도 괜찮아요.";
            }
        }

        private Verdict askAbout(String name, String tid, String ticket, String orderId, long amount) {
            try {
                var answer = Wire.ask(settings, name, Map.of("Tid", tid, "TrAuthKey", ticket));
                return judge(answer, tid, orderId, amount, name.equals("approvalInquiry.do"));
            } catch (Wire.NoAnswer failure) {
                log("order " + orderId + ": no answer of " + name + " (" + failure.getMessage() + ")");
                return Verdict.of(Outcome.UNKNOWN, "");
            }
        }

        /** 응답 하나가 이 결제에 대해 말하는 것. 금액, 주문번호, 거래번호, 서명이 하나라도 다르면 PAID가 아닙니다. */
        private Verdict judge(Map<String, String> answer, String tid, String orderId, long amount, boolean isInquiry) {
            var code = answer.getOrDefault("ResultCode", "");
            var signature = answer.getOrDefault("SignValue", "");
            var isAboutIt = answer.getOrDefault("Tid", tid).equals(tid)
                    && answer.getOrDefault("Mid", settings.merchantId()).equals(settings.merchantId());
            var isForged = !signature.isEmpty() && !Wire.same(signature, Wire.signResult(settings, tid, code));
            if (!isAboutIt || isForged) return Verdict.of(Outcome.UNKNOWN, code);
            if (code.equals("3001")) return judgeCharged(answer, signature, orderId, amount);
            if (isInquiry && code.equals("S105")) {
                // 승인 전인 결제가 우리 주문과 다르면 승인하지 않습니다. 시간이 지나 사라집니다.
                var isOurs = answer.getOrDefault("Amt", Long.toString(amount)).equals(Long.toString(amount))
                        && answer.getOrDefault("Moid", orderId).equals(orderId);
                return Verdict.of(isOurs ? Outcome.NOT_YET : Outcome.UNKNOWN, code);
            }
            if (isInquiry && code.equals("2013")) return Verdict.of(Outcome.REFUNDED, code);
            if ((isInquiry ? NOT_CHARGED_BY_INQUIRY : NOT_CHARGED).contains(code) || Wire.isCardRejection(code))
                return new Verdict(Outcome.DECLINED, code, answer.getOrDefault("ResultMsg", ""), 0, "", "");
            return Verdict.of(Outcome.UNKNOWN, code);
        }

        private static Verdict judgeCharged(Map<String, String> answer, String signature, String orderId, long amount) {
            var taken = won(answer.getOrDefault("Amt", ""));
            if (!answer.containsKey("Tid") || taken == 0) return Verdict.of(Outcome.UNKNOWN, "3001");
            if (!answer.getOrDefault("StateCd", "0").equals("0")) {
                var isAll = won(answer.getOrDefault("CancelAmt", "")) >= taken;
                return Verdict.of(isAll ? Outcome.REFUNDED : Outcome.UNKNOWN, "3001");
            }
            if (taken == amount && orderId.equals(answer.get("Moid"))) {
                var card = (answer.getOrDefault("AppCardName", "") + " " + answer.getOrDefault("CardNum", "")).strip();
                return new Verdict(Outcome.PAID, "3001", "", taken, answer.getOrDefault("AuthCode", ""), card);
            }
            // 다른 금액이나 다른 주문의 돈이 들어왔습니다. 서명이 맞을 때만 우리가 돌려줍니다.
            return new Verdict(signature.isEmpty() ? Outcome.UNKNOWN : Outcome.MISMATCH, "3001", "", taken, "", "");
        }

        private void recordOutcome(String orderId, String tid, Verdict verdict) {
            switch (verdict.outcome()) {
                case PAID -> journal.markPaid(orderId, tid, verdict.amount(), verdict.approvalNumber(), verdict.card());
                case DECLINED -> journal.decline(tid, verdict.message());
                case MISMATCH -> journal.beginRefund(tid, verdict.amount());
                case REFUNDED -> journal.recordRefund(tid);
                case NOT_YET, UNKNOWN -> log("order " + orderId + ": still open, code " + (verdict.code().isEmpty() ? "none" : verdict.code()));
            }
        }

        /** 같은 취소 차수(CancelSeq 1)를 다시 요청하면 처음 응답이 옵니다. 두 번 돌려주지 않습니다. */
        private void refund(Payment payment) {
            var tid = payment.tid();
            var amount = Long.toString(payment.amount());
            var body = new LinkedHashMap<String, String>();
            body.put("SERVICE_MODE", "CL1");
            body.put("Tid", tid);
            body.put("Mid", settings.merchantId());
            body.put("CancelPwd", settings.cancelPassword());
            body.put("CancelAmt", amount);
            body.put("CancelMsg", "주문 취소");
            body.put("CancelSeq", "1");
            body.put("PartialCancelCode", "0");
            body.put("HashData", Wire.digest(tid + settings.merchantKey() + amount + "0"));
            try {
                var answer = Wire.ask(settings, "cancel.do", Wire.seal(settings, body));
                var code = answer.getOrDefault("ResultCode", "");
                var isAboutIt = answer.getOrDefault("Tid", tid).equals(tid) && answer.getOrDefault("CancelAmt", amount).equals(amount);
                if ((code.equals("2001") && isAboutIt) || code.equals("2013")) {
                    journal.recordRefund(tid);
                } else if (REFUND_REFUSED.contains(code)) {
                    log("order " + payment.orderId() + ": the refund is rejected, code " + code);
                    journal.rejectRefund(tid, code);
                }
            } catch (Wire.NoAnswer failure) {
                log("order " + payment.orderId() + ": no answer of cancel.do (" + failure.getMessage() + ")");
            }
        }

        private static long won(String text) {
            return text.matches("[1-9][0-9]{0,11}") ? Long.parseLong(text) : 0;
        }
    }

    /** 화면. 바깥에서 온 글자는 모두 e()를 거칩니다. */
    static final class Pages {
        private static final String STYLE = """
                :root { color-scheme: light dark; --ink: #191f28; --soft: #5b6672; --line: #e1e5ea; --ground: #f4f6f8; --paper: #fff; --accent: #1d5fd6; --on-accent: #fff; --bad: #c02b2b; }
                @media (prefers-color-scheme: dark) { :root { --ink: #eceff3; --soft: #a3adb9; --line: #343b45; --ground: #14171b; --paper: #1e2329; --accent: #7cabff; --on-accent: #10151c; --bad: #ff8f85; } }
                * { box-sizing: border-box; }
                body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", "Noto Sans KR", sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
                header, main { max-width: 560px; margin: 0 auto; padding: 20px; }
                header { padding-bottom: 0; font-weight: 700; }
                a { color: var(--accent); }
                header a { color: inherit; text-decoration: none; }
                section { margin-bottom: 16px; padding: 24px; border: 1px solid var(--line); border-radius: 14px; background: var(--paper); }
                h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.35; }
                h2 { margin: 0 0 8px; font-size: 17px; }
                p { margin: 0 0 12px; }
                dl { display: grid; grid-template-columns: auto 1fr; gap: 6px 16px; margin: 16px 0; }
                dt { color: var(--soft); }
                dt, dd { font-size: 15px; }
                dd { margin: 0; text-align: right; }
                section > :last-child { margin-bottom: 0; }
                form + form { margin-top: 8px; }
                button { width: 100%; min-height: 48px; padding: 0 18px; border: 0; border-radius: 10px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 700; cursor: pointer; }
                button.plain { border: 1px solid var(--line); background: none; color: var(--ink); }
                input { width: 100%; min-height: 48px; margin-bottom: 12px; padding: 0 14px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); color: inherit; font: inherit; }
                :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
                .soft { color: var(--soft); font-size: 14px; }
                .bad { color: var(--bad); }
                """;

        /** PC는 화면 위의 창(Callback), 모바일은 그 자리에서. 스크립트가 없으면 폼이 그대로 결제창으로 갑니다. */
        private static final String PAY_SCRIPT = """
                document.getElementById('tranMgr').addEventListener('submit', function (event) {
                  if (!window.smartropay) return;
                  event.preventDefault();
                  smartropay.init({ mode: '%s', actionUri: '/ssp/reqPay.do' });
                  smartropay.payment({ FormId: 'tranMgr'%s });
                });
                """;

        private static final String CALLBACK = """
                , Callback: function (res) {
                    var approvalForm = document.approvalForm;
                    approvalForm.Tid.value = res.Tid;
                    approvalForm.TrAuthKey.value = res.TrAuthKey;
                    approvalForm.submit();
                  }""";

        private Pages() {}

        static String e(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
        }

        private static String won(long amount) {
            return String.format(Locale.ROOT, "%,d원", amount);
        }

        private static String page(String title, String body, String nonce, String head) {
            return "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n"
                    + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + e(title) + "</title>\n"
                    + "<link rel=\"icon\" href=\"data:,\">\n<style nonce=\"" + nonce + "\">" + STYLE + "</style>\n" + head
                    + "\n</head>\n<body>\n<header><a href=\"/\">자바 가게</a></header>\n<main>" + body + "</main>\n</body>\n</html>\n";
        }

        static String message(String title, String said, String link, String linkText, String nonce) {
            var body = "<section><h1>%s</h1><p>%s</p><p><a href=\"%s\">%s</a></p></section>";
            return page(title, body.formatted(e(title), e(said), e(link), e(linkText)), nonce, "");
        }

        static String home(Map<String, Goods> goods, String nonce) {
            var forms = new StringBuilder();
            goods.forEach((key, one) -> forms.append("<section><h2>").append(e(one.name())).append("</h2><p>").append(won(one.price()))
                    .append("</p><form method=\"post\" action=\"/orders\"><input type=\"hidden\" name=\"goods\" value=\"").append(e(key))
                    .append("\"><button>주문하기</button></form></section>"));
            return page("자바 가게", "<h1>오늘의 상품</h1>" + forms, nonce, "");
        }

        private static String lines(Order order, Payment payment) {
            var lines = new LinkedHashMap<String, String>();
            lines.put("상품", order.goods());
            lines.put("금액", won(order.amount()));
            lines.put("주문번호", order.id());
            if (payment != null && !payment.approvalNumber().isEmpty()) {
                lines.put("카드", payment.card());
                lines.put("승인번호", payment.approvalNumber());
            }
            var html = new StringBuilder("<dl>");
            lines.forEach((name, value) -> html.append("<dt>").append(e(name)).append("</dt><dd>").append(e(value)).append("</dd>"));
            return html.append("</dl>").toString();
        }

        /** 가이드의 첫 번째 표. 금액과 주문번호는 브라우저가 아니라 장부에서 옵니다. 서명할 때마다 새 시각을 씁니다. */
        private static Map<String, String> formFields(Settings settings, Order order, String charset) {
            var ediDate = Wire.koreanTime();
            var fields = new LinkedHashMap<String, String>();
            fields.put("PayMethod", "CARD");
            fields.put("GoodsCnt", "1");
            fields.put("GoodsName", order.goods());
            fields.put("Amt", Long.toString(order.amount()));
            fields.put("Moid", order.id());
            fields.put("Mid", settings.merchantId());
            fields.put("SspMallId", settings.easyPayMerchantId());
            fields.put("MallUserId", order.customer());
            // 로그인한 회원의 것으로 바꾸세요.
            fields.put("BuyerName", "홍길동");
            fields.put("BuyerTel", "01012345678");
            fields.put("BuyerEmail", "buyer@example.com");
            fields.put("ReturnUrl", settings.origin() + "/return?order=" + order.id());
            fields.put("StopUrl", settings.origin() + "/abort?order=" + order.id());
            fields.put("MallReserved", Wire.signOrder(settings, order));
            fields.put("PopCheck", "N");
            fields.put("EncodingType", charset);
            fields.put("TransType", "0");
            fields.put("EdiDate", ediDate);
            fields.put("EncryptData", Wire.signForm(settings, ediDate, order.amount()));
            // EUC-KR로 쓸 수 없는 글자는 조용히 ?가 됩니다. 보내기 전에 멈춥니다.
            fields.forEach((name, value) -> {
                if (charset.equals("euckr") && !Wire.EUC_KR.newEncoder().canEncode(value))
                    throw new IllegalArgumentException(name + ": EUC-KR로 쓸 수 없는 글자가 있습니다 / cannot be written in euc-kr");
            });
            return fields;
        }

        static String pay(Settings settings, Order order, String charset, boolean isMobile, String nonce) {
            var window = e(isMobile ? settings.mobileWindow() : settings.pcWindow());
            var fields = formFields(settings, order, charset);
            var inputs = new StringBuilder();
            fields.forEach((name, value) -> inputs.append("<input type=\"hidden\" name=\"").append(name).append("\" value=\"").append(e(value)).append("\">\n"));
            var note = order.note().isEmpty() ? "" : "<p class=\"bad\">결제하지 못했어요. 다시 결제할 수 있어요.</p>"
                    + "<details class=\"soft\"><summary>이유</summary>" + e(order.note()) + "</details>";
            var approval = isMobile ? "" : "<form id=\"approvalForm\" name=\"approvalForm\" method=\"post\" action=\"" + e(fields.get("ReturnUrl"))
                    + "\"><input type=\"hidden\" id=\"Tid\" name=\"Tid\"><input type=\"hidden\" id=\"TrAuthKey\" name=\"TrAuthKey\"></form>";
            var body = "<section><h1>주문을 확인해 주세요</h1>" + note + lines(order, null)
                    + "\n<form id=\"tranMgr\" name=\"tranMgr\" method=\"post\" action=\"" + window + "/ssp/reqPay.do\" accept-charset=\""
                    + (charset.equals("euckr") ? "euc-kr" : "utf-8") + "\">\n" + inputs + "<button>" + won(order.amount())
                    + " 결제하기</button></form>" + approval + "</section>\n<script nonce=\"" + nonce + "\">"
                    + PAY_SCRIPT.formatted(settings.mode(), isMobile ? "" : CALLBACK) + "</script>";
            var version = Wire.koreanTime().substring(0, 12);
            return page("주문", body, nonce, "<script src=\"" + window + "/asset/js/SmartroPAY-1.0.min.js?version=" + version + "\"></script>");
        }

        static String order(Order order, Payment payment, String nonce) {
            var state = payment == null ? "" : payment.state();
            var isWaiting = order.state().equals("awaiting") || (order.state().equals("paid") && state.equals("refunding"));
            var title = switch (order.state()) {
                case "cancelled" -> "취소된 주문이에요";
                case "paid" -> isWaiting ? "취소하고 있어요" : "결제했어요";
                default -> "결제 결과를 확인하고 있어요";
            };
            var said = switch (order.state()) {
                case "cancelled" -> "결제한 금액을 모두 돌려드렸어요.";
                case "paid" -> isWaiting ? "결제한 금액을 돌려드리는 중이에요." : "주문해 주셔서 고마워요.";
                default -> "다시 결제하지 말아 주세요. 확인되면 이 화면이 바뀌어요.";
            };
            var body = "<section><h1>" + title + "</h1><p>" + said + "</p>" + lines(order, payment) + "</section>";
            return page(title, body, nonce, isWaiting ? "<meta http-equiv=\"refresh\" content=\"5\">" : "");
        }

        private static String statusOf(Order order, Payment payment) {
            var state = payment == null ? "" : payment.state();
            if (state.equals("refund_rejected")) return "취소하지 못했어요. 결과코드 " + payment.code() + ". 상점관리자에서 확인해 주세요.";
            if (state.equals("refunding")) return "취소하는 중";
            if (order.state().equals("awaiting")) return state.equals("begun") ? "결제 결과 확인 중" : "결제 전";
            return order.state().equals("paid") ? "결제 완료" : "취소됨";
        }

        static String admin(
                List<Order> orders, Function<String, Optional<Payment>> payments, BiFunction<String, String, String> token,
                String told, String nonce) {
            var rows = new StringBuilder("<section><h1>주문 관리</h1><p class=\"soft\">최근 주문 50건</p></section>");
            if (!told.isEmpty()) rows.append("<section><p>").append(e(told)).append("</p></section>");
            for (var order : orders) {
                var payment = payments.apply(order.id()).orElse(null);
                rows.append("<section><p>").append(e(statusOf(order, payment))).append("</p>").append(lines(order, payment));
                if (order.state().equals("paid")) rows.append(button("/admin/cancel", "order", order.id(), token.apply("cancel", order.id()), "전액 취소"));
                if (order.state().equals("cancelled")) rows.append(button("/admin/reopen", "order", order.id(), token.apply("reopen", order.id()), "다시 결제받기"));
                rows.append(button("/admin/member", "customer", order.customer(), token.apply("member", order.customer()), "SS-Pay 회원 삭제"));
                rows.append("</section>");
            }
            return page("관리", rows.toString(), nonce, "");
        }

        private static String button(String action, String name, String value, String token, String text) {
            var form = "<form method=\"post\" action=\"%s\"><input type=\"hidden\" name=\"%s\" value=\"%s\"><input type=\"hidden\" name=\"token\" value=\"%s\"><button class=\"plain\">%s</button></form>";
            return form.formatted(action, name, e(value), token, text);
        }
    }
}
