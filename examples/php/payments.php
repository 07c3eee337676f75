<?php

declare(strict_types=1);

// 결제: 승인, 재통보, 복구, 취소, 회원 삭제. 돈이 걸린 판단은 모두 여기 있습니다.

// 승인 응답에서 "청구되지 않음이 확실한" 코드. 여기 없는 코드는 실패가 아니라 "아직 모름"입니다.
const NOT_CHARGED = [
    'S001', 'S002', 'S003', 'S004', 'S005', 'S006', 'S007', 'S008', 'S009', 'S010', 'S011', 'S012', 'S013', 'S014', 'S015',
    'S016', 'S017', 'S018', 'S019', 'S020', 'S101', 'S102', 'S106', 'S201', 'S202', 'S302', 'S304', 'S402',
];
// 조회에서는 더 적습니다: "요청이 잘못됨"은 질문의 이야기이지 결제의 이야기가 아닙니다.
const NOT_CHARGED_BY_INQUIRY = ['S101', 'S102', 'S402'];
// 취소가 확실히 되지 않은 코드. 나머지는 같은 취소를 다시 요청합니다.
const REFUND_REFUSED = [
    '2011', '2012', '2032', '2033', 'S001', 'S005', 'S010', 'S011', 'S012', 'S302', 'S501', 'S502', 'S503', 'S505',
];

/** outcome: paid · declined · not_yet · refunded · mismatch(다른 주문의 돈을 받음) · unknown */
final class Verdict
{
    public function __construct(
        public string $outcome,
        public string $code = '',
        public string $message = '',
        public int $amount = 0,
        public string $approvalNumber = '',
        public string $card = '',
    ) {
    }
}

final class Payments
{
    public function __construct(private Settings $settings, private Journal $journal)
    {
    }

    /** 인증이 끝난 구매자가 돌아왔습니다. 아직 돈은 빠지지 않았고, 승인을 요청하면 빠집니다. */
    public function receiveReturn(array $order, string $tid, string $ticket, bool $isBuyer): void
    {
        if (preg_match('/^[A-Za-z0-9]{1,30}\z/', $tid) !== 1 || preg_match('/^[!-~]{1,256}\z/', $ticket) !== 1) {
            return;
        }
        // 새로고침과 두 번 온 요청은 여기서 끝나고, 결과는 주문 화면이 보여 줍니다.
        if (!$this->journal->isPayable($order)) {
            return;
        }
        if (!$this->mayApprove($order, $tid, $ticket, $isBuyer)) {
            error_log("order {$order['id']}: the return is not of this order");
            return;
        }
        // 먼저 적고, 그다음 요청합니다.
        if ($this->journal->begin($order['id'], $tid, $ticket)) {
            $this->recordOutcome($order['id'], $tid, $this->requestApproval($tid, $ticket, $order['id'], $order['amount']));
        }
    }

    /** 누구나 남의 주문번호로 이 주소에 Tid와 TrAuthKey를 보낼 수 있습니다. 적거나 승인하기 전에 이 주문의 결제인지 조회합니다. */
    private function mayApprove(array $order, string $tid, string $ticket, bool $isBuyer): bool
    {
        try {
            $answer = ask($this->settings, 'approvalInquiry.do', ['Tid' => $tid, 'TrAuthKey' => $ticket]);
        } catch (NoAnswer) {
            $answer = [];
        }
        $code = $answer['ResultCode'] ?? '';
        if ($code !== 'S105') {
            // 조회로 알 수 없으면 주문한 브라우저의 쿠키만 믿습니다. 이미 승인된 결제라면 재통보가 반영합니다.
            return $isBuyer && $code !== '3001';
        }
        // 쿠키 없이 돌아온 손님(모바일, 인앱 브라우저)은 주문의 서명으로 알아봅니다.
        $note = $answer['MallReserved'] ?? null;
        $isTied = $note === null ? $isBuyer : hash_equals(sign_order($this->settings, $order), $note);
        $isSameCustomer = ($answer['MallUserId'] ?? $order['customer']) === $order['customer'];
        $verdict = $this->judge($answer, $tid, $order['id'], $order['amount'], true);
        return $isTied && $isSameCustomer && $verdict->outcome === 'not_yet';
    }

    /** 재통보. 브라우저보다 먼저, 여러 번 올 수 있습니다. true일 때만 OK라고 답하고, 그때는 이미 저장되어 있습니다. */
    public function receiveNotification(array $notification): bool
    {
        [$tid, $code, $orderId] = [$notification['Tid'] ?? '', $notification['ResultCode'] ?? '', $notification['Moid'] ?? ''];
        [$amount, $state] = [$this->won($notification['Amt'] ?? ''), $notification['StateCd'] ?? '0'];
        $signature = $notification['SignValue'] ?? '';
        // hash_equals: 어디가 다른지 시간으로 드러나지 않게 비교합니다.
        $isSigned = hash_equals(sign_result($this->settings, $tid, $code), $signature);
        if (!$isSigned || ($notification['Mid'] ?? '') !== $this->settings->merchantId) {
            return false;
        }
        // 서명은 금액과 주문번호를 지키지 않습니다. 우리 주문과 직접 비교합니다.
        $order = $this->journal->order($orderId);
        if ($order === null || $order['amount'] !== $amount || ($state === '0' && $code !== '3001')) {
            error_log('a notification does not match any order');
            return false;
        }
        if ($state === '0') {
            $paid = $this->judgeCharged($notification, $signature, $orderId, $amount);
            $this->journal->markPaid($orderId, $tid, $amount, $paid->approvalNumber, $paid->card);
            return true;
        }
        // 취소 통보의 결과코드는 2001(망취소는 다른 코드)이고, CancelAmt는 지금까지 취소한 합계입니다. 없으면 전액입니다.
        $takenBack = $this->won($notification['CancelAmt'] ?? (string) $amount);
        if (!in_array($state, ['1', '2'], true) || $takenBack === 0) {
            return false;
        }
        if ($takenBack >= $amount) {
            $this->journal->recordEarlyRefund($orderId, $tid, $amount);
            $this->journal->recordRefund($tid);
        }
        return true;
    }

    /** 결과를 모르는 결제와 취소를 끝냅니다. 시작할 때와 1분마다. 여러 번, 동시에 실행해도 됩니다. */
    public function recover(): string
    {
        foreach ($this->journal->paymentsIn('begun') as ['order_id' => $orderId, 'tid' => $tid, 'ticket' => $ticket, 'amount' => $amount]) {
            $verdict = $this->inquire($tid, $ticket, $orderId, $amount);
            if ($verdict->outcome === 'not_yet') {
                // 같은 Tid의 승인은 몇 번을 요청해도 한 번만 청구됩니다.
                $verdict = $this->requestApproval($tid, $ticket, $orderId, $amount);
            }
            $this->recordOutcome($orderId, $tid, $verdict);
        }
        foreach ($this->journal->paymentsIn('refunding') as $payment) {
            $this->refund($payment);
        }
        return sprintf('pending %d, refunding %d', count($this->journal->paymentsIn('begun')), count($this->journal->paymentsIn('refunding')));
    }

    /** 전액 취소. 주문이 아니라 그 주문을 결제한 거래를 취소합니다. */
    public function cancelOrder(string $orderId): void
    {
        $order = $this->journal->order($orderId);
        if ($order === null || $order['state'] !== 'paid') {
            return;
        }
        $this->journal->beginRefund($order['paid_by'], $order['amount']);
        foreach ($this->journal->paymentsIn('refunding') as $payment) {
            if ($payment['tid'] === $order['paid_by']) {
                $this->refund($payment);
            }
        }
    }

    /** SS-Pay 회원과 등록 카드를 지웁니다. 간편결제와 빌링이 함께 지워집니다. 보여 줄 말을 돌려줍니다. */
    public function deleteMember(string $customer): string
    {
        $settings = $this->settings;
        $body = [
            'Mid' => $settings->merchantId,
            'SspMallId' => $settings->easyPayMerchantId,
            'MallUserId' => $customer,
            'ServiceType' => 'MD',
            'VerifyValue' => digest($settings->merchantId . $settings->easyPayMerchantId . $customer),
            // 매번 다른 값: 다시 가입한 고객을 지울 때 지난번과 같은 요청이 되지 않게 합니다.
            'MallReserved' => base64_encode(random_bytes(12)),
        ];
        try {
            $answer = ask($settings, 'ssbMemberDel.do', encrypt_body($settings, $body));
        } catch (NoAnswer) {
            return '응답이 없어요. 지워졌는지 알 수 없으니 다시 시도해 주세요. 여러 번 해도 괜찮아요.';
        }
        $code = $answer['ResultCode'] ?? '';
        $isDeleted = in_array($code, ['PD00', 'PS40'], true);
        return ($isDeleted ? '삭제했어요. ' : '삭제하지 못했어요. ') . "$code " . ($answer['ResultMsg'] ?? '');
    }

    /** 응답 하나가 이 결제에 대해 말하는 것. 금액, 주문번호, 거래번호, 서명이 하나라도 다르면 paid가 아닙니다. */
    private function judge(array $answer, string $tid, string $orderId, int $amount, bool $isInquiry): Verdict
    {
        $code = $answer['ResultCode'] ?? '';
        $signature = $answer['SignValue'] ?? '';
        if (($answer['Tid'] ?? $tid) !== $tid || ($answer['Mid'] ?? $this->settings->merchantId) !== $this->settings->merchantId) {
            return new Verdict('unknown', $code);
        }
        if ($signature !== '' && !hash_equals(sign_result($this->settings, $tid, $code), $signature)) {
            return new Verdict('unknown', $code);
        }
        if ($code === '3001') {
            return $this->judgeCharged($answer, $signature, $orderId, $amount);
        }
        if ($isInquiry && $code === 'S105') {
            // 승인 전인 결제가 우리 주문과 다르면 승인하지 않습니다. 시간이 지나 사라집니다.
            $isOurs = ($answer['Amt'] ?? (string) $amount) === (string) $amount && ($answer['Moid'] ?? $orderId) === $orderId;
            return new Verdict($isOurs ? 'not_yet' : 'unknown', $code);
        }
        if ($isInquiry && $code === '2013') {
            return new Verdict('refunded', $code);
        }
        if (in_array($code, $isInquiry ? NOT_CHARGED_BY_INQUIRY : NOT_CHARGED, true) || is_card_rejection($code)) {
            return new Verdict('declined', $code, $answer['ResultMsg'] ?? '');
        }
        return new Verdict('unknown', $code);
    }

    private function judgeCharged(array $answer, string $signature, string $orderId, int $amount): Verdict
    {
        $taken = $this->won($answer['Amt'] ?? '');
        if (!isset($answer['Tid']) || $taken === 0) {
            return new Verdict('unknown', '3001');
        }
        if (($answer['StateCd'] ?? '0') !== '0') {
            return new Verdict($this->won($answer['CancelAmt'] ?? '') >= $taken ? 'refunded' : 'unknown', '3001');
        }
        if ($taken === $amount && ($answer['Moid'] ?? '') === $orderId) {
            $card = trim(($answer['AppCardName'] ?? '') . ' ' . ($answer['CardNum'] ?? ''));
            return new Verdict('paid', '3001', '', $taken, $answer['AuthCode'] ?? '', $card);
        }
        // 다른 금액이나 다른 주문의 돈이 들어왔습니다. 서명이 맞을 때만 우리가 돌려줍니다.
        return new Verdict($signature === '' ? 'unknown' : 'mismatch', '3001', '', $taken);
    }

    private function requestApproval(string $tid, string $ticket, string $orderId, int $amount): Verdict
    {
        return $this->askAbout('urlCallApproval.do', $tid, $ticket, $orderId, $amount);
    }

    private function inquire(string $tid, string $ticket, string $orderId, int $amount): Verdict
    {
        return $this->askAbout('approvalInquiry.do', $tid, $ticket, $orderId, $amount);
    }

    private function askAbout(string $name, string $tid, string $ticket, string $orderId, int $amount): Verdict
    {
        try {
            $answer = ask($this->settings, $name, ['Tid' => $tid, 'TrAuthKey' => $ticket]);
        } catch (NoAnswer $trouble) {
            error_log("order $orderId: no answer of $name ({$trouble->getMessage()})");
            return new Verdict('unknown');
        }
        return $this->judge($answer, $tid, $orderId, $amount, $name === 'approvalInquiry.do');
    }

    private function recordOutcome(string $orderId, string $tid, Verdict $verdict): void
    {
        match ($verdict->outcome) {
            'paid' => $this->journal->markPaid($orderId, $tid, $verdict->amount, $verdict->approvalNumber, $verdict->card),
            'declined' => $this->journal->decline($tid, $verdict->code, $verdict->message),
            'mismatch' => $this->journal->beginRefund($tid, $verdict->amount),
            'refunded' => $this->journal->recordRefund($tid),
            // 주문번호와 코드만 남깁니다. Tid, TrAuthKey, 키, 구매자 정보는 남기지 않습니다.
            default => error_log("order $orderId: still open, code " . ($verdict->code === '' ? 'none' : $verdict->code)),
        };
    }

    /** 같은 취소 차수(CancelSeq 1)를 다시 요청하면 처음 응답이 옵니다. 두 번 돌려주지 않습니다. */
    private function refund(array $payment): void
    {
        ['tid' => $tid, 'order_id' => $orderId] = $payment;
        $amount = (string) $payment['amount'];
        $body = [
            'SERVICE_MODE' => 'CL1',
            'Tid' => $tid,
            'Mid' => $this->settings->merchantId,
            'CancelPwd' => $this->settings->cancelPassword,
            'CancelAmt' => $amount,
            'CancelMsg' => '주문 취소',
            'CancelSeq' => '1',
            'PartialCancelCode' => '0',
            'HashData' => digest($tid . $this->settings->merchantKey . $amount . '0'),
        ];
        try {
            $answer = ask($this->settings, 'cancel.do', encrypt_body($this->settings, $body));
        } catch (NoAnswer $trouble) {
            error_log("order $orderId: no answer of cancel.do ({$trouble->getMessage()})");
            return;
        }
        $code = $answer['ResultCode'] ?? '';
        $isAboutIt = ($answer['Tid'] ?? $tid) === $tid && ($answer['CancelAmt'] ?? $amount) === $amount;
        if (($code === '2001' && $isAboutIt) || $code === '2013') {
            $this->journal->recordRefund($tid);
        } elseif (in_array($code, REFUND_REFUSED, true)) {
            error_log("order $orderId: the refund is rejected, code $code");
            $this->journal->rejectRefund($tid, $code);
        }
    }

    private function won(string $text): int
    {
        return preg_match('/^[1-9][0-9]{0,11}\z/', $text) === 1 ? (int) $text : 0;
    }
}
