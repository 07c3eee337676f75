package sspay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** 환경 변수에서 읽는 설정. 빠졌거나 틀린 것은 이름을 모두 알려 주고 시작하지 않습니다. */
public record Settings(
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
    public static Map<String, String> environment(Path file) throws IOException {
        var environment = new HashMap<String, String>();
        if (Files.exists(file))
            for (var line : Files.readAllLines(file))
                if (line.matches("[A-Z_]+=.*")) environment.put(line.replaceFirst("=.*", ""), line.replaceFirst("[^=]*=", ""));
        System.getenv().forEach((name, value) -> {
            if (!value.isEmpty()) environment.put(name, value);
        });
        return environment;
    }

    public static Settings read(Map<String, String> environment) {
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
