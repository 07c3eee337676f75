package sspay;

import java.util.LinkedHashMap;
import java.util.Map;

/** 승인을 요청한 결제. ticket은 TrAuthKey: 끝난 결제에서는 지웁니다. */
public record Payment(String tid, String orderId, String state, String ticket, long amount, String approvalNumber, String card, String code, long createdAt) {
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
