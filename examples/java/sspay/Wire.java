package sspay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** 전문: 서명, 암호화, 결제 서비스와의 통신. 여기 말고는 아무도 결제 서비스와 말하지 않습니다. */
public final class Wire {
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

    public static String randomHex(int bytes) {
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
    public static boolean same(String given, String expected) {
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
    static Map<String, String> encryptBody(Settings settings, Map<String, String> body) {
        try {
            var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            var key = settings.merchantKey().substring(0, 32).getBytes(StandardCharsets.UTF_8);
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
            var encrypted = cipher.doFinal(Json.write(body).getBytes(StandardCharsets.UTF_8));
            return Map.of("EncData", Base64.getEncoder().encodeToString(encrypted), "Mid", settings.merchantId());
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
    public static Map<String, String> readForm(String body) {
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
