package sspay;

import java.util.LinkedHashMap;
import java.util.Map;

public record Order(String id, String customer, String goods, long amount, String state, String paidBy, String note, long createdAt) {
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
