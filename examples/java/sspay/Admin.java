package sspay;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/** 관리 화면을 열고 누를 수 있는 사람. */
public record Admin(Settings settings) {
    public static final String CHALLENGE = "Basic realm=\"admin\", charset=\"UTF-8\"";

    public boolean mayOpen(Request request) {
        return Wire.same(request.password(), settings.adminPassword());
    }

    /** 브라우저는 Basic 비밀번호를 남의 페이지가 보낸 폼에도 붙입니다. 우리 화면의 폼만 이 값을 압니다. */
    public String token(String action, String subject) {
        var day = DateTimeFormatter.BASIC_ISO_DATE.format(Instant.now().atZone(ZoneOffset.UTC).toLocalDate());
        return HexFormat.of().formatHex(Wire.hmac(settings.adminPassword(), action + " " + subject + " " + day));
    }

    public boolean isOwnForm(Request request, String action, String subject) {
        return Wire.same(request.posted("token"), token(action, request.posted(subject)));
    }
}
