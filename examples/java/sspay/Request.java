package sspay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** 브라우저나 결제 서비스가 보낸 요청. 글자 인코딩은 서버가 아니라 폼의 바이트를 보고 정합니다: 재통보는 EUC-KR일 수 있습니다. */
public final class Request {
    private static final int LONGEST_BODY = 65_536;
    private static final Pattern CUSTOMER = Pattern.compile("(?:^|; *)customer=([a-z0-9]{1,20})(?:;|$)");
    private static final Pattern MOBILE =
            Pattern.compile("Mobi|Android|iP(hone|ad|od)|KAKAOTALK|NAVER\\(|SamsungBrowser", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> query;
    private final Map<String, String> form;
    private final UnaryOperator<String> header;

    /** header는 없는 머리글에 null을 돌려줍니다. */
    public Request(String rawQuery, InputStream body, UnaryOperator<String> header) throws IOException {
        query = Wire.readForm(rawQuery == null ? "" : rawQuery);
        var octets = body.readNBytes(LONGEST_BODY + 1);
        form = octets.length > LONGEST_BODY ? Map.of() : Wire.readForm(new String(octets, StandardCharsets.ISO_8859_1));
        this.header = header;
    }

    public Map<String, String> form() {
        return form;
    }

    public String posted(String name) {
        return form.getOrDefault(name, "");
    }

    public String asked(String name) {
        return query.getOrDefault(name, "");
    }

    /** 쿠키로 알아본 고객 번호. 처음 온 손님은 빈 글자입니다. */
    public String customer() {
        var found = CUSTOMER.matcher(header("Cookie"));
        return found.find() ? found.group(1) : "";
    }

    public static String customerCookie(Settings settings, String customer) {
        var secure = settings.origin().startsWith("https:") ? "; Secure" : "";
        return "customer=" + customer + "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax" + secure;
    }

    public boolean isMobile() {
        return asked("device").isEmpty() ? MOBILE.matcher(header("User-Agent")).find() : asked("device").equals("mobile");
    }

    /** 관리자의 Basic 비밀번호. */
    public String password() {
        try {
            var given = new String(Base64.getDecoder().decode(header("Authorization").replaceFirst("^Basic ", "")), StandardCharsets.UTF_8);
            return given.substring(given.indexOf(':') + 1);
        } catch (IllegalArgumentException notBasic) {
            return "";
        }
    }

    private String header(String name) {
        var value = header.apply(name);
        return value == null ? "" : value;
    }
}
