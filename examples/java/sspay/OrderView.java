package sspay;

import java.util.LinkedHashMap;
import java.util.Map;

/** 주문 화면이 하는 말. 결과를 모르면 실패가 아니라 "확인 중"입니다. payment는 아직 없으면 null입니다. */
public record OrderView(Order order, Payment payment) {
    private String state() {
        return payment == null ? "" : payment.state();
    }

    public boolean isWaiting() {
        return order.state().equals("awaiting") || (order.state().equals("paid") && state().equals("refunding"));
    }

    public String title() {
        return switch (order.state()) {
            case "cancelled" -> "취소된 주문이에요";
            case "paid" -> isWaiting() ? "취소하고 있어요" : "결제했어요";
            default -> "결제 결과를 확인하고 있어요";
        };
    }

    public String message() {
        return switch (order.state()) {
            case "cancelled" -> "결제한 금액을 모두 돌려드렸어요.";
            case "paid" -> isWaiting() ? "결제한 금액을 돌려드리는 중이에요." : "주문해 주셔서 고마워요.";
            default -> "다시 결제하지 말아 주세요. 확인되면 이 화면이 바뀌어요.";
        };
    }

    public String statusForAdmin() {
        if (state().equals("refund_rejected")) return "취소하지 못했어요. 결과코드 " + payment.code() + ". 상점관리자에서 확인해 주세요.";
        if (state().equals("refunding")) return "취소하는 중";
        if (order.state().equals("awaiting")) return state().equals("begun") ? "결제 결과 확인 중" : "결제 전";
        return order.state().equals("paid") ? "결제 완료" : "취소됨";
    }

    public Map<String, String> lines() {
        var lines = new LinkedHashMap<String, String>();
        lines.put("상품", order.goods());
        lines.put("금액", Html.won(order.amount()));
        lines.put("주문번호", order.id());
        if (payment != null && !payment.approvalNumber().isEmpty()) {
            lines.put("카드", payment.card());
            lines.put("승인번호", payment.approvalNumber());
        }
        return lines;
    }
}
