import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.text.SimpleDateFormat;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TimeZone;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The clients of clients.ts and bill-keys.test.ts in Java: HttpURLConnection, JSON put together and read as text. Each line of the input is
 * one step, a form in UTF-8 with the shape of the client and what the step needs; each line of the output its answer.
 */
public class Clients {
    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        String line;
        while ((line = in.readLine()) != null) {
            Map<String, String> answer;
            try {
                answer = answer(readForm(line, "UTF-8"));
            } catch (Exception e) {
                answer = map("error", e.toString());
            }
            out.println(writeForm(answer));
        }
    }

    static Map<String, String> answer(Map<String, String> given) throws Exception {
        switch (given.get("step")) {
            case "request": return request(given);
            case "receive": return receive(given);
            case "abort": return abort(given);
            case "cancel": return cancel(given);
            case "delete": return delete(given);
            case "requestKey": return requestKey(given);
            case "registerCard": return registerCard(given);
            case "receiveKey": return keyOf(given, readForm(given.get("body"), "UTF-8"));
            case "charge": return charge(given);
            case "deleteKey": return deleteKey(given);
            default: return notified(given);
        }
    }

    static Map<String, String> request(Map<String, String> given) throws Exception {
        Map<String, String> form = readForm(given.get("form"), "UTF-8");
        String EdiDate = now();
        form.put("EdiDate", EdiDate);
        form.put("EncryptData", encodeSHA256Base64(EdiDate + form.get("Mid") + form.get("Amt") + given.get("key")));
        form.put("MallReserved", Base64.getEncoder().encodeToString(form.get("Moid").getBytes("UTF-8")));
        return form;
    }

    static Map<String, String> receive(Map<String, String> given) throws Exception {
        Map<String, String> posted = readForm(given.get("body"), given.get("charset"));
        boolean isSuccess = "0000".equals(posted.get("ResultCode"));
        if (given.containsKey("expectsSuccessCode") && !isSuccess) return map("paid", "N");
        String order = orderOf(given, posted);
        Map<String, String> ticket = map("Tid", posted.get("Tid"), "TrAuthKey", posted.get("TrAuthKey"));
        boolean isForm = "form".equals(given.get("approvalBody"));
        String answer = callApi(given, "urlCallApproval.do", isForm ? writeForm(ticket) : json(ticket), isForm);
        String ResultCode = valueOf(answer, "ResultCode");
        String ResultMsg = valueOf(answer, "ResultMsg");
        boolean paid = "3001".equals(ResultCode);
        if ("ResultMsg".equals(given.get("paidBy"))) paid = ResultMsg.indexOf("성공") != -1;
        if ("Tid".equals(given.get("paidBy"))) paid = !"".equals(valueOf(answer, "Tid"));
        return map("paid", paid ? "Y" : "N", "order", order, "amount", valueOf(answer, "Amt"), "transaction",
            valueOf(answer, "Tid"), "note", valueOf(answer, "MallReserved"), "code", ResultCode, "message",
            ResultMsg, "answer", answer);
    }

    static Map<String, String> abort(Map<String, String> given) throws Exception {
        Map<String, String> posted = readForm(given.get("body"), given.get("charset"));
        return map("order", posted.get("Moid"), "note", posted.get("MallReserved"), "code", posted.get("ResultCode"),
            "goods", posted.get("GoodsName"));
    }

    static Map<String, String> cancel(Map<String, String> given) throws Exception {
        Map<String, String> body = readForm(given.get("fields"), "UTF-8");
        String scope = body.containsKey("PartialCancelCode") ? body.get("PartialCancelCode") : "0";
        body.put("HashData", encodeSHA256Base64(body.get("Tid") + given.get("key") + body.get("CancelAmt") + scope));
        String answer = callSealed(given, "cancel.do", json(body), body.get("Mid"));
        return map("code", valueOf(answer, "ResultCode"), "amount", valueOf(answer, "CancelAmt"), "part",
            valueOf(answer, "PTid"), "answer", answer);
    }

    static Map<String, String> delete(Map<String, String> given) throws Exception {
        Map<String, String> body = readForm(given.get("fields"), "UTF-8");
        String VerifyValue = encodeSHA256Base64(body.get("Mid") + body.get("SspMallId") + body.get("MallUserId"));
        body.put("VerifyValue", VerifyValue);
        body.put("ServiceType", "MD");
        return map("code", valueOf(callSealed(given, "ssbMemberDel.do", json(body), body.get("Mid")), "ResultCode"));
    }

    static Map<String, String> requestKey(Map<String, String> given) throws Exception {
        Map<String, String> form = readForm(given.get("form"), "UTF-8");
        String EdiDate = now();
        form.put("EdiDate", EdiDate);
        form.put("VerifyValue", encodeSHA256Base64(EdiDate + form.get("Mid") + form.get("Moid") + "SMARTRO!@#"));
        return form;
    }

    static Map<String, String> registerCard(Map<String, String> given) throws Exception {
        Map<String, String> body = requestKey(given);
        String answer = callSealed(given, "urlCallCardReg.do", json(body), body.get("Mid"));
        Map<String, String> result = map();
        for (String name : new String[] {"ResultCode", "Mid", "BillTokenKey", "DisplayCardNo", "VerifyValue"})
            result.put(name, valueOf(answer, name));
        return keyOf(given, result);
    }

    /** Reads what ReturnUrl receives, and the answer of a registration without a window. */
    static Map<String, String> keyOf(Map<String, String> given, Map<String, String> result) throws Exception {
        String ResultCode = result.get("ResultCode");
        if (!"3001".equals(ResultCode)) return map("code", ResultCode);
        String BillTokenKey = AES_Decode(result.get("BillTokenKey"), given.get("key").substring(0, 32));
        String DisplayCardNo = result.get("DisplayCardNo");
        String expected = encodeSHA256Base64(
            result.get("Mid") + BillTokenKey + DisplayCardNo + ResultCode + "SMARTRO!@#");
        if (!expected.equals(result.get("VerifyValue"))) return map("code", "VerifyValue");
        return map("code", ResultCode, "key", BillTokenKey, "card", DisplayCardNo);
    }

    static Map<String, String> charge(Map<String, String> given) throws Exception {
        Map<String, String> body = readForm(given.get("form"), "UTF-8");
        int total = Integer.parseInt(body.get("Amt"));
        int tax = (int) Math.round(total / 1.1);
        body.put("TaxAmt", String.valueOf(tax));
        body.put("VatAmt", String.valueOf(total - tax));
        body.put("TaxFreeAmt", "0");
        body.put("SvcAmt", "0");
        body.put("EdiDate", now());
        body.put("VerifyValue", encodeSHA256Base64(body.get("BillTokenKey") + body.get("Mid") + body.get("Amt")));
        String answer = callSealed(given, "ssbbill.do", json(body), body.get("Mid"));
        return map("code", valueOf(answer, "ResultCode"), "transaction", valueOf(answer, "Tid"), "amount",
            valueOf(answer, "Amt"), "order", valueOf(answer, "Moid"), "answer", answer);
    }

    static Map<String, String> deleteKey(Map<String, String> given) throws Exception {
        Map<String, String> body = readForm(given.get("form"), "UTF-8");
        String plain = body.get("Mid") + body.get("SspMallId") + body.get("BillTokenKey");
        body.put("VerifyValue", encodeSHA256Base64(plain));
        body.put("ServiceType", "CD");
        body.put("EdiDate", now());
        return map("code", valueOf(callSealed(given, "ssbdel.do", json(body), body.get("Mid")), "ResultCode"));
    }

    static Map<String, String> notified(Map<String, String> given) throws Exception {
        Map<String, String> posted = readForm(given.get("body"), given.get("charset"));
        boolean old = "legacy".equals(given.get("names"));
        return map("transaction", posted.get(old ? "TID" : "Tid"), "order", posted.get(old ? "OID" : "Moid"),
            "state", posted.get(old ? "state_cd" : "StateCd"), "buyer", posted.get(old ? "name" : "BuyerName"),
            "amount", posted.get("Amt"), "refund", posted.get(old ? "Amt" : "RefundAmt"),
            "original", posted.get(old ? "OTID" : "OTid"));
    }

    static String orderOf(Map<String, String> given, Map<String, String> posted) throws Exception {
        String place = given.get("findsOrderIn");
        if ("session".equals(place)) return given.get("session");
        if ("Moid".equals(place)) return posted.get("Moid");
        String decoded = new String(Base64.getDecoder().decode(posted.get(place)), "UTF-8");
        return "MallReserved".equals(place) ? decoded : valueOf(decoded, "Moid");
    }

    static String callSealed(Map<String, String> given, String name, String paramData, String Mid) throws Exception {
        Base64.Encoder base64 = given.containsKey("wrapsBase64") ? Base64.getMimeEncoder() : Base64.getEncoder();
        String EncData = base64.encodeToString(AES_Encode(paramData, given.get("key").substring(0, 32)));
        Map<String, String> body = map("EncData", EncData, "Mid", Mid);
        if ("form".equals(given.get("envelope"))) return callApi(given, name, writeForm(body), true);
        String raw = "EncData=" + EncData + "&Mid=" + Mid;
        if ("raw".equals(given.get("envelope"))) return callApi(given, name, raw, true);
        return callApi(given, name, json(body), false);
    }

    static String callApi(Map<String, String> given, String name, String body, boolean isForm) throws Exception {
        URL url = new URL(given.get("base") + "/payment/approval/" + name);
        HttpURLConnection conn = (HttpURLConnection) url.openConnection();
        conn.setRequestMethod("POST");
        conn.setRequestProperty("Content-Type", isForm ? "application/x-www-form-urlencoded" : "application/json");
        conn.setConnectTimeout(1000);
        conn.setReadTimeout(Integer.parseInt(given.get("timeoutMs")));
        conn.setDoOutput(true);
        OutputStreamWriter osw = new OutputStreamWriter(conn.getOutputStream(), "UTF-8");
        osw.write(body);
        osw.close();
        StringBuilder sb = new StringBuilder();
        try (InputStream is = conn.getInputStream()) {
            BufferedReader br = new BufferedReader(new InputStreamReader(is, "UTF-8"));
            String line;
            while ((line = br.readLine()) != null) sb.append(line);
        }
        return sb.toString();
    }

    /** What stands between the quotes after the name; nothing for a name that is missing. */
    static String valueOf(String json, String name) {
        String start = "\"" + name + "\":\"";
        int from = json.indexOf(start);
        return from == -1 ? "" : json.substring(from + start.length(), json.indexOf("\"", from + start.length()));
    }

    static String json(Map<String, String> values) {
        StringBuilder json = new StringBuilder();
        for (Map.Entry<String, String> value : values.entrySet())
            json.append(json.length() == 0 ? "{" : ",").append('"').append(value.getKey()).append("\":\"")
                .append(value.getValue().replace("\r\n", "\\r\\n")).append('"');
        return json.append('}').toString();
    }

    static Map<String, String> map(String... namesAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) map.put(namesAndValues[i], namesAndValues[i + 1]);
        return map;
    }

    static Map<String, String> readForm(String body, String charset) throws Exception {
        Map<String, String> form = new LinkedHashMap<>();
        for (String field : body.split("&")) {
            int at = field.indexOf('=');
            String name = URLDecoder.decode(field.substring(0, at), charset);
            form.put(name, URLDecoder.decode(field.substring(at + 1), charset));
        }
        return form;
    }

    static String writeForm(Map<String, String> form) throws Exception {
        StringBuilder body = new StringBuilder();
        for (Map.Entry<String, String> field : form.entrySet()) {
            String value = field.getValue() == null ? "" : field.getValue();
            body.append(body.length() == 0 ? "" : "&").append(field.getKey()).append('=')
                .append(URLEncoder.encode(value, "UTF-8"));
        }
        return body.toString();
    }

    static String now() {
        SimpleDateFormat sdf = new SimpleDateFormat("yyyyMMddHHmmss");
        sdf.setTimeZone(TimeZone.getTimeZone("Asia/Seoul"));
        return sdf.format(new Date());
    }

    static String encodeSHA256Base64(String text) throws Exception {
        MessageDigest md = MessageDigest.getInstance("SHA-256");
        return Base64.getEncoder().encodeToString(md.digest(text.getBytes("UTF-8")));
    }

    static byte[] AES_Encode(String text, String key) throws Exception {
        return cipher(Cipher.ENCRYPT_MODE, key).doFinal(text.getBytes("UTF-8"));
    }

    static String AES_Decode(String text, String key) throws Exception {
        return new String(cipher(Cipher.DECRYPT_MODE, key).doFinal(Base64.getDecoder().decode(text)), "UTF-8");
    }

    static Cipher cipher(int mode, String key) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        SecretKeySpec keySpec = new SecretKeySpec(key.getBytes("UTF-8"), "AES");
        cipher.init(mode, keySpec, new IvParameterSpec(new byte[16]));
        return cipher;
    }
}
