import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.net.URL;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The guide's sample (STEP 3; SS-PAY 회원 삭제, STEP 1 and 2), with the JDK alone: JSON is put together by hand and the answer printed raw.
 *
 * java GuideClient.java ca.pem URL approve Tid TrAuthKey
 * java GuideClient.java ca.pem URL delete Mid SspMallId MallUserId merchantKey
 */
public class GuideClient {
    public static void main(String[] args) throws Exception {
        String body = args[2].equals("approve")
            ? json("Tid", args[3], "TrAuthKey", args[4])
            : deletionBody(args[3], args[4], args[5], args[6]);
        new PrintStream(System.out, true, "UTF-8").println(callApi(body, args[1], args[0]));
    }

    static String deletionBody(String Mid, String SspMallId, String MallUserID, String merchantKey) throws Exception {
        String VerifyValue = encodeSHA256Base64(Mid + SspMallId + MallUserID);
        String paramData = json(
            "Mid", Mid, "SspMallId", SspMallId, "MallUserId", MallUserID, "VerifyValue", VerifyValue, "ServiceType", "MD");
        return json("EncData", AES_Encode(paramData, merchantKey.substring(0, 32)), "Mid", Mid);
    }

    static String callApi(String json, String callUrl, String certificateAuthority) {
        StringBuilder responseBody = new StringBuilder();
        int connectTimeout = 1000;
        int readTimeout = 10000;

        try {
            SSLContext sslCtx = SSLContext.getInstance("TLSv1.2");
            sslCtx.init(null, trust(certificateAuthority).getTrustManagers(), new SecureRandom());

            URL url = new URL(callUrl);
            HttpsURLConnection connection = (HttpsURLConnection) url.openConnection();
            connection.setSSLSocketFactory(sslCtx.getSocketFactory());

            connection.addRequestProperty("Content-Type", "application/json");
            connection.addRequestProperty("Accept", "application/json");
            connection.setDoOutput(true);
            connection.setDoInput(true);
            connection.setConnectTimeout(connectTimeout);
            connection.setReadTimeout(readTimeout);

            OutputStreamWriter osw =
                new OutputStreamWriter(new BufferedOutputStream(connection.getOutputStream()), "utf-8");
            char[] bytes = json.toCharArray();
            osw.write(bytes, 0, bytes.length);
            osw.flush();
            osw.close();

            BufferedReader br = new BufferedReader(new InputStreamReader(connection.getInputStream(), "utf-8"));
            String line = null;
            while ((line = br.readLine()) != null) {
                responseBody.append(line);
            }
            br.close();
        } catch (IOException e) {
            e.printStackTrace();
        } catch (Exception e) {
            e.printStackTrace();
        }
        return responseBody.toString();
    }

    /** The one addition: the sample trusts the authorities of the JDK, a sandbox has its own. */
    static TrustManagerFactory trust(String certificateAuthority) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (FileInputStream file = new FileInputStream(certificateAuthority)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust;
    }

    static String encodeSHA256Base64(String strPW) throws Exception {
        MessageDigest md = MessageDigest.getInstance("SHA-256");
        md.update(strPW.getBytes("UTF-8"));
        return Base64.getEncoder().encodeToString(md.digest());
    }

    static String AES_Encode(String text, String key) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(
            Cipher.ENCRYPT_MODE, new SecretKeySpec(key.getBytes("UTF-8"), "AES"), new IvParameterSpec(new byte[16]));
        return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes("UTF-8")));
    }

    /** Names and values alternate; none of them needs an escape. */
    static String json(String... namesAndValues) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            json.append(i == 0 ? "" : ",").append('"').append(namesAndValues[i]).append("\":\"")
                .append(namesAndValues[i + 1]).append('"');
        }
        return json.append('}').toString();
    }
}
