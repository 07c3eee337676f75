package sspay;

import java.util.LinkedHashMap;
import java.util.Map;

/** 결제창을 여는 서명된 폼. window는 결제창의 호스트입니다. */
public record PaymentForm(String window, String acceptCharset, Map<String, String> fields, boolean isMobile, String script) {
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

    public static PaymentForm of(Settings settings, Order order, Request request) {
        var charset = request.asked("charset").equals("euckr") ? "euckr" : "utf8";
        var isMobile = request.isMobile();
        return new PaymentForm(
                isMobile ? settings.mobileWindow() : settings.pcWindow(), charset.equals("euckr") ? "euc-kr" : "utf-8",
                fields(settings, order, charset), isMobile, PAY_SCRIPT.formatted(settings.mode(), isMobile ? "" : CALLBACK));
    }

    /** 결제창의 스크립트. 브라우저가 옛것을 쓰지 않게 버전을 붙입니다. */
    public String library() {
        return window + "/asset/js/SmartroPAY-1.0.min.js?version=" + Wire.koreanTime().substring(0, 12);
    }

    /** 가이드의 첫 번째 표. 금액과 주문번호는 브라우저가 아니라 장부에서 옵니다. 서명할 때마다 새 시각을 씁니다. */
    private static Map<String, String> fields(Settings settings, Order order, String charset) {
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
}
