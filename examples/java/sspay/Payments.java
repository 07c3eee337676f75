package sspay;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** 결제: 승인, 재통보, 복구, 취소, 회원 삭제. 돈이 걸린 판단은 모두 여기 있습니다. */
public final class Payments {
    /** 승인 응답에서 "청구되지 않음이 확실한" 코드. 여기 없는 코드는 실패가 아니라 "아직 모름"입니다. */
    private static final Set<String> NOT_CHARGED = Set.of(
            "S001", "S002", "S003", "S004", "S005", "S006", "S007", "S008", "S009", "S010", "S011", "S012", "S013", "S014",
            "S015", "S016", "S017", "S018", "S019", "S020", "S101", "S102", "S106", "S201", "S202", "S302", "S304", "S402");
    /** 조회에서는 더 적습니다: "요청이 잘못됨"은 질문의 이야기이지 결제의 이야기가 아닙니다. */
    private static final Set<String> NOT_CHARGED_BY_INQUIRY = Set.of("S101", "S102", "S402");
    /** 취소가 확실히 되지 않은 코드. 나머지는 같은 취소를 다시 요청합니다. */
    private static final Set<String> REFUND_REFUSED = Set.of(
            "2011", "2012", "2032", "2033", "S001", "S005", "S010", "S011", "S012", "S302", "S501", "S502", "S503", "S505");

    private final Settings settings;
    private final Journal journal;
    private final Consumer<String> log;

    /** log에는 주문번호와 코드만 남깁니다. Tid, TrAuthKey, 키, 구매자 정보는 남기지 않습니다. */
    public Payments(Settings settings, Journal journal, Consumer<String> log) {
        this.settings = settings;
        this.journal = journal;
        this.log = log;
    }

    /** MISMATCH: 다른 주문의 돈을 받음. */
    enum Outcome { PAID, DECLINED, NOT_YET, REFUNDED, MISMATCH, UNKNOWN }

    record Verdict(Outcome outcome, String code, String message, long amount, String approvalNumber, String card) {
        static Verdict of(Outcome outcome, String code) {
            return new Verdict(outcome, code, "", 0, "", "");
        }
    }

    /** 인증이 끝난 구매자가 돌아왔습니다. 아직 돈은 빠지지 않았고, 승인을 요청하면 빠집니다. */
    public void receiveReturn(Order order, String tid, String ticket, boolean isBuyer) {
        if (!tid.matches("[A-Za-z0-9]{1,30}") || !ticket.matches("[!-~]{1,256}")) return;
        // 새로고침과 두 번 온 요청은 여기서 끝나고, 결과는 주문 화면이 보여 줍니다.
        if (!journal.isPayable(order.id())) return;
        if (!mayApprove(order, tid, ticket, isBuyer)) {
            log.accept("order " + order.id() + ": the return is not of this order");
            return;
        }
        // 먼저 적고, 그다음 요청합니다.
        if (journal.begin(order.id(), tid, ticket))
            recordOutcome(order.id(), tid, askAbout("urlCallApproval.do", tid, ticket, order.id(), order.amount()));
    }

    /** 누구나 남의 주문번호로 이 주소에 Tid와 TrAuthKey를 보낼 수 있습니다. 적거나 승인하기 전에 이 주문의 결제인지 조회합니다. */
    private boolean mayApprove(Order order, String tid, String ticket, boolean isBuyer) {
        Map<String, String> answer;
        try {
            answer = Wire.ask(settings, "approvalInquiry.do", Map.of("Tid", tid, "TrAuthKey", ticket));
        } catch (Wire.NoAnswer failure) {
            answer = Map.of();
        }
        var code = answer.getOrDefault("ResultCode", "");
        // 조회로 알 수 없으면 주문한 브라우저의 쿠키만 믿습니다. 이미 승인된 결제라면 재통보가 반영합니다.
        if (!code.equals("S105")) return isBuyer && !code.equals("3001");
        // 쿠키 없이 돌아온 손님(모바일, 인앱 브라우저)은 주문의 서명으로 알아봅니다.
        var note = answer.get("MallReserved");
        var isTied = note == null ? isBuyer : Wire.same(note, Wire.signOrder(settings, order));
        var isSameCustomer = answer.getOrDefault("MallUserId", order.customer()).equals(order.customer());
        var verdict = judge(answer, tid, order.id(), order.amount(), true);
        return isTied && isSameCustomer && verdict.outcome() == Outcome.NOT_YET;
    }

    /** 재통보. 브라우저보다 먼저, 여러 번 올 수 있습니다. true일 때만 OK라고 답하고, 그때는 이미 저장되어 있습니다. */
    public boolean receiveNotification(Map<String, String> notification) {
        var tid = notification.getOrDefault("Tid", "");
        var code = notification.getOrDefault("ResultCode", "");
        var signature = notification.getOrDefault("SignValue", "");
        var isSigned = Wire.same(signature, Wire.signResult(settings, tid, code));
        if (!isSigned || !settings.merchantId().equals(notification.get("Mid"))) return false;
        // 서명은 금액과 주문번호를 지키지 않습니다. 우리 주문과 직접 비교합니다.
        var amount = won(notification.getOrDefault("Amt", ""));
        var order = journal.order(notification.getOrDefault("Moid", ""));
        var state = notification.getOrDefault("StateCd", "0");
        var isOurs = order.isPresent() && order.get().amount() == amount;
        if (!isOurs || (state.equals("0") && !code.equals("3001"))) {
            log.accept("a notification does not match any order");
            return false;
        }
        var orderId = order.get().id();
        if (state.equals("0")) {
            var paid = judgeCharged(notification, signature, orderId, amount);
            journal.markPaid(orderId, tid, amount, paid.approvalNumber(), paid.card());
            return true;
        }
        // 취소 통보의 결과코드는 2001(망취소는 다른 코드)이고, CancelAmt는 지금까지 취소한 합계입니다. 없으면 전액입니다.
        var takenBack = won(notification.getOrDefault("CancelAmt", Long.toString(amount)));
        if (!Set.of("1", "2").contains(state) || takenBack == 0) return false;
        if (takenBack >= amount) {
            journal.recordEarlyRefund(orderId, tid, amount);
            journal.recordRefund(tid);
        }
        return true;
    }

    /** 결과를 모르는 결제와 취소를 끝냅니다. 시작할 때와 1분마다. 여러 번, 동시에 실행해도 됩니다. */
    public String recover() {
        for (var payment : journal.paymentsIn("begun")) {
            var verdict = askAbout("approvalInquiry.do", payment.tid(), payment.ticket(), payment.orderId(), payment.amount());
            // 같은 Tid의 승인은 몇 번을 요청해도 한 번만 청구됩니다.
            if (verdict.outcome() == Outcome.NOT_YET)
                verdict = askAbout("urlCallApproval.do", payment.tid(), payment.ticket(), payment.orderId(), payment.amount());
            recordOutcome(payment.orderId(), payment.tid(), verdict);
        }
        journal.paymentsIn("refunding").forEach(this::refund);
        return "pending " + journal.paymentsIn("begun").size() + ", refunding " + journal.paymentsIn("refunding").size();
    }

    /** 되풀이하는 복구는 한 번의 오류로 멈추지 않습니다. 예외의 내용에는 결제 정보가 있을 수 있으니 이름만 남깁니다. */
    public void recoverQuietly() {
        try {
            recover();
        } catch (RuntimeException error) {
            log.accept("recovery: " + error.getClass().getSimpleName());
        }
    }

    /** 전액 취소. 주문이 아니라 그 주문을 결제한 거래를 취소합니다. */
    public void cancelOrder(String orderId) {
        var order = journal.order(orderId);
        if (order.isEmpty() || !order.get().state().equals("paid")) return;
        var tid = order.get().paidBy();
        journal.beginRefund(tid, order.get().amount());
        journal.paymentsIn("refunding").stream().filter(payment -> payment.tid().equals(tid)).forEach(this::refund);
    }

    /** SS-Pay 회원과 등록 카드를 지웁니다. 간편결제와 빌링이 함께 지워집니다. 보여 줄 말을 돌려줍니다. */
    public String deleteMember(String customer) {
        var body = new LinkedHashMap<String, String>();
        body.put("Mid", settings.merchantId());
        body.put("SspMallId", settings.easyPayMerchantId());
        body.put("MallUserId", customer);
        body.put("ServiceType", "MD");
        body.put("VerifyValue", Wire.digest(settings.merchantId() + settings.easyPayMerchantId() + customer));
        // 매번 다른 값: 다시 가입한 고객을 지울 때 지난번과 같은 요청이 되지 않게 합니다.
        body.put("MallReserved", Base64.getEncoder().encodeToString(Wire.randomHex(8).getBytes(StandardCharsets.US_ASCII)));
        try {
            var answer = Wire.ask(settings, "ssbMemberDel.do", Wire.encryptBody(settings, body));
            var code = answer.getOrDefault("ResultCode", "");
            var sentence = Set.of("PD00", "PS40").contains(code) ? "삭제했어요. " : "삭제하지 못했어요. ";
            return sentence + code + " " + answer.getOrDefault("ResultMsg", "");
        } catch (Wire.NoAnswer failure) {
            return "응답이 없어요. 지워졌는지 알 수 없으니 다시 시도해 주세요. 여러 번 해도 괜찮아요.";
        }
    }

    private Verdict askAbout(String name, String tid, String ticket, String orderId, long amount) {
        try {
            var answer = Wire.ask(settings, name, Map.of("Tid", tid, "TrAuthKey", ticket));
            return judge(answer, tid, orderId, amount, name.equals("approvalInquiry.do"));
        } catch (Wire.NoAnswer failure) {
            log.accept("order " + orderId + ": no answer of " + name + " (" + failure.getMessage() + ")");
            return Verdict.of(Outcome.UNKNOWN, "");
        }
    }

    /** 응답 하나가 이 결제에 대해 말하는 것. 금액, 주문번호, 거래번호, 서명이 하나라도 다르면 PAID가 아닙니다. */
    private Verdict judge(Map<String, String> answer, String tid, String orderId, long amount, boolean isInquiry) {
        var code = answer.getOrDefault("ResultCode", "");
        var signature = answer.getOrDefault("SignValue", "");
        var isAboutIt = answer.getOrDefault("Tid", tid).equals(tid)
                && answer.getOrDefault("Mid", settings.merchantId()).equals(settings.merchantId());
        var isForged = !signature.isEmpty() && !Wire.same(signature, Wire.signResult(settings, tid, code));
        if (!isAboutIt || isForged) return Verdict.of(Outcome.UNKNOWN, code);
        if (code.equals("3001")) return judgeCharged(answer, signature, orderId, amount);
        if (isInquiry && code.equals("S105")) {
            // 승인 전인 결제가 우리 주문과 다르면 승인하지 않습니다. 시간이 지나 사라집니다.
            var isOurs = answer.getOrDefault("Amt", Long.toString(amount)).equals(Long.toString(amount))
                    && answer.getOrDefault("Moid", orderId).equals(orderId);
            return Verdict.of(isOurs ? Outcome.NOT_YET : Outcome.UNKNOWN, code);
        }
        if (isInquiry && code.equals("2013")) return Verdict.of(Outcome.REFUNDED, code);
        if ((isInquiry ? NOT_CHARGED_BY_INQUIRY : NOT_CHARGED).contains(code) || Wire.isCardRejection(code))
            return new Verdict(Outcome.DECLINED, code, answer.getOrDefault("ResultMsg", ""), 0, "", "");
        return Verdict.of(Outcome.UNKNOWN, code);
    }

    private static Verdict judgeCharged(Map<String, String> answer, String signature, String orderId, long amount) {
        var taken = won(answer.getOrDefault("Amt", ""));
        if (!answer.containsKey("Tid") || taken == 0) return Verdict.of(Outcome.UNKNOWN, "3001");
        if (!answer.getOrDefault("StateCd", "0").equals("0")) {
            var isAll = won(answer.getOrDefault("CancelAmt", "")) >= taken;
            return Verdict.of(isAll ? Outcome.REFUNDED : Outcome.UNKNOWN, "3001");
        }
        if (taken == amount && orderId.equals(answer.get("Moid"))) {
            var card = (answer.getOrDefault("AppCardName", "") + " " + answer.getOrDefault("CardNum", "")).strip();
            return new Verdict(Outcome.PAID, "3001", "", taken, answer.getOrDefault("AuthCode", ""), card);
        }
        // 다른 금액이나 다른 주문의 돈이 들어왔습니다. 서명이 맞을 때만 우리가 돌려줍니다.
        return new Verdict(signature.isEmpty() ? Outcome.UNKNOWN : Outcome.MISMATCH, "3001", "", taken, "", "");
    }

    private void recordOutcome(String orderId, String tid, Verdict verdict) {
        switch (verdict.outcome()) {
            case PAID -> journal.markPaid(orderId, tid, verdict.amount(), verdict.approvalNumber(), verdict.card());
            case DECLINED -> journal.decline(tid, verdict.message());
            case MISMATCH -> journal.beginRefund(tid, verdict.amount());
            case REFUNDED -> journal.recordRefund(tid);
            case NOT_YET, UNKNOWN -> log.accept("order " + orderId + ": still open, code " + (verdict.code().isEmpty() ? "none" : verdict.code()));
        }
    }

    /** 같은 취소 차수(CancelSeq 1)를 다시 요청하면 처음 응답이 옵니다. 두 번 돌려주지 않습니다. */
    private void refund(Payment payment) {
        var tid = payment.tid();
        var amount = Long.toString(payment.amount());
        var body = new LinkedHashMap<String, String>();
        body.put("SERVICE_MODE", "CL1");
        body.put("Tid", tid);
        body.put("Mid", settings.merchantId());
        body.put("CancelPwd", settings.cancelPassword());
        body.put("CancelAmt", amount);
        body.put("CancelMsg", "주문 취소");
        body.put("CancelSeq", "1");
        body.put("PartialCancelCode", "0");
        body.put("HashData", Wire.digest(tid + settings.merchantKey() + amount + "0"));
        try {
            var answer = Wire.ask(settings, "cancel.do", Wire.encryptBody(settings, body));
            var code = answer.getOrDefault("ResultCode", "");
            var isAboutIt = answer.getOrDefault("Tid", tid).equals(tid) && answer.getOrDefault("CancelAmt", amount).equals(amount);
            if ((code.equals("2001") && isAboutIt) || code.equals("2013")) {
                journal.recordRefund(tid);
            } else if (REFUND_REFUSED.contains(code)) {
                log.accept("order " + payment.orderId() + ": the refund is rejected, code " + code);
                journal.rejectRefund(tid, code);
            }
        } catch (Wire.NoAnswer failure) {
            log.accept("order " + payment.orderId() + ": no answer of cancel.do (" + failure.getMessage() + ")");
        }
    }

    private static long won(String text) {
        return text.matches("[1-9][0-9]{0,11}") ? Long.parseLong(text) : 0;
    }
}
