"""결제: 승인, 재통보, 복구, 취소, 회원 삭제. 돈이 걸린 판단은 모두 여기 있습니다."""

import base64
import re
import secrets
import sys
from dataclasses import dataclass

from wire import NoAnswer, ask, digest, encrypt_body, is_card_rejection, same, sign_order, sign_result

# 승인 응답에서 "청구되지 않음이 확실한" 코드. 여기 없는 코드는 실패가 아니라 "아직 모름"입니다.
NOT_CHARGED = frozenset(
    'S001 S002 S003 S004 S005 S006 S007 S008 S009 S010 S011 S012 S013 S014 S015 S016 S017 S018 S019 S020 '
    'S101 S102 S106 S201 S202 S302 S304 S402'.split()
)
# 조회에서는 더 적습니다: "요청이 잘못됨"은 질문의 이야기이지 결제의 이야기가 아닙니다.
NOT_CHARGED_BY_INQUIRY = frozenset('S101 S102 S402'.split())
# 취소가 확실히 되지 않은 코드. 나머지는 같은 취소를 다시 요청합니다.
REFUND_REFUSED = frozenset('2011 2012 2032 2033 S001 S005 S010 S011 S012 S302 S501 S502 S503 S505'.split())


@dataclass(frozen=True)
class Verdict:
    """paid · declined · not_yet · refunded · mismatch(다른 주문의 돈을 받음) · unknown"""

    outcome: str
    code: str = ''
    message: str = ''
    amount: int = 0
    receipt: dict | None = None


def log(text):
    """주문번호와 코드만 남깁니다. Tid, TrAuthKey, 키, 구매자 정보는 남기지 않습니다."""
    print(text, file=sys.stderr, flush=True)


def won(text):
    return int(text) if re.fullmatch(r'[1-9][0-9]{0,11}', text) else 0


def judge(settings, answer, tid, order_id, amount, inquiry=False):
    """응답 하나가 이 결제에 대해 말하는 것. 금액, 주문번호, 거래번호, 서명이 하나라도 다르면 paid가 아닙니다."""
    code = answer.get('ResultCode', '')
    signature = answer.get('SignValue', '')
    if answer.get('Tid', tid) != tid or answer.get('Mid', settings.merchant_id) != settings.merchant_id:
        return Verdict('unknown', code)
    if signature != '' and not same(signature, sign_result(settings, tid, code)):
        return Verdict('unknown', code)
    if code == '3001':
        return judge_charged(answer, signature, order_id, amount)
    if inquiry and code == 'S105':
        # 승인 전인 결제가 우리 주문과 다르면 승인하지 않습니다. 시간이 지나 사라집니다.
        is_ours = answer.get('Amt', str(amount)) == str(amount) and answer.get('Moid', order_id) == order_id
        return Verdict('not_yet' if is_ours else 'unknown', code)
    if inquiry and code == '2013':
        return Verdict('refunded', code)
    if code in (NOT_CHARGED_BY_INQUIRY if inquiry else NOT_CHARGED) or is_card_rejection(code):
        return Verdict('declined', code, answer.get('ResultMsg', ''))
    return Verdict('unknown', code)


def judge_charged(answer, signature, order_id, amount):
    taken = won(answer.get('Amt', ''))
    if 'Tid' not in answer or taken == 0:
        return Verdict('unknown', '3001')
    if answer.get('StateCd', '0') != '0':
        is_all = won(answer.get('CancelAmt', '')) >= taken
        return Verdict('refunded' if is_all else 'unknown', '3001')
    if taken == amount and answer.get('Moid') == order_id:
        card = f'{answer.get("AppCardName", "")} {answer.get("CardNum", "")}'.strip()
        return Verdict('paid', '3001', amount=taken, receipt={'approval_number': answer.get('AuthCode', ''), 'card': card})
    # 다른 금액이나 다른 주문의 돈이 들어왔습니다. 서명이 맞을 때만 우리가 돌려줍니다.
    return Verdict('mismatch' if signature != '' else 'unknown', '3001', amount=taken)


def receive_return(settings, journal, order, tid, ticket, is_buyer):
    """인증이 끝난 구매자가 돌아왔습니다. 아직 돈은 빠지지 않았고, 승인을 요청하면 빠집니다."""
    if not re.fullmatch(r'[A-Za-z0-9]{1,30}', tid) or not re.fullmatch(r'[!-~]{1,256}', ticket):
        return
    order_id, amount = order['id'], order['amount']
    # 새로고침과 두 번 온 요청은 여기서 끝나고, 결과는 주문 화면이 보여 줍니다.
    if not journal.is_payable(order):
        return
    if not may_approve(settings, order, tid, ticket, is_buyer):
        log(f'order {order_id}: the return is not of this order')
        return
    # 먼저 적고, 그다음 요청합니다.
    if journal.begin(order_id, tid, ticket):
        record_outcome(journal, order_id, tid, request_approval(settings, order_id, tid, ticket, amount))


def may_approve(settings, order, tid, ticket, is_buyer):
    """누구나 남의 주문번호로 이 주소에 Tid와 TrAuthKey를 보낼 수 있습니다. 적거나 승인하기 전에 이 주문의 결제인지 조회합니다."""
    try:
        answer = ask(settings, 'approvalInquiry.do', {'Tid': tid, 'TrAuthKey': ticket})
    except NoAnswer:
        answer = {}
    if answer.get('ResultCode') != 'S105':
        # 조회로 알 수 없으면 주문한 브라우저의 쿠키만 믿습니다. 이미 승인된 결제라면 재통보가 반영합니다.
        return is_buyer and answer.get('ResultCode') != '3001'
    # 쿠키 없이 돌아온 손님(모바일, 인앱 브라우저)은 주문의 서명으로 알아봅니다.
    note = answer.get('MallReserved')
    is_tied = is_buyer if note is None else same(note, sign_order(settings, order))
    is_same_customer = answer.get('MallUserId', order['customer']) == order['customer']
    verdict = judge(settings, answer, tid, order['id'], order['amount'], inquiry=True)
    return is_tied and is_same_customer and verdict.outcome == 'not_yet'


def request_approval(settings, order_id, tid, ticket, amount):
    try:
        answer = ask(settings, 'urlCallApproval.do', {'Tid': tid, 'TrAuthKey': ticket})
    except NoAnswer as trouble:
        log(f'order {order_id}: no answer of the approval ({trouble})')
        return Verdict('unknown')
    return judge(settings, answer, tid, order_id, amount)


def record_outcome(journal, order_id, tid, verdict):
    match verdict.outcome:
        case 'paid':
            journal.mark_paid(order_id, tid, verdict.amount, verdict.receipt)
        case 'declined':
            journal.decline(tid, verdict.code, verdict.message)
        case 'mismatch':
            log(f'order {order_id}: the payment is of another order or amount and goes back')
            journal.begin_refund(tid, verdict.amount)
        case 'refunded':
            journal.record_refund(tid)
        case _:
            log(f'order {order_id}: still open, code {verdict.code or "none"}')


def receive_notification(settings, journal, notification):
    """재통보. 브라우저보다 먼저, 여러 번 올 수 있습니다. True일 때만 OK라고 답하고, 그때는 이미 저장되어 있습니다."""
    tid, code, order_id = (notification.get(name, '') for name in ('Tid', 'ResultCode', 'Moid'))
    amount, state = won(notification.get('Amt', '')), notification.get('StateCd', '0')
    order = journal.order(order_id)
    if not same(notification.get('SignValue', ''), sign_result(settings, tid, code)) or notification.get('Mid') != settings.merchant_id:
        return False
    # 서명은 금액과 주문번호를 지키지 않습니다. 우리 주문과 직접 비교합니다.
    if order is None or order['amount'] != amount or (state == '0' and code != '3001'):
        log('a notification does not match any order')
        return False
    if state == '0':
        verdict = judge_charged(notification, notification['SignValue'], order_id, amount)
        journal.mark_paid(order_id, tid, verdict.amount, verdict.receipt)
        return True
    # 취소 통보의 결과코드는 2001(망취소는 다른 코드)이고, CancelAmt는 지금까지 취소한 합계입니다. 없으면 전액입니다.
    taken_back = won(notification.get('CancelAmt', str(amount)))
    if state not in ('1', '2') or taken_back == 0:
        return False
    if taken_back >= amount:
        journal.record_early_refund(order_id, tid, amount)
        journal.record_refund(tid)
    return True


def recover(settings, journal):
    """결과를 모르는 결제와 취소를 끝냅니다. 시작할 때와 1분마다. 여러 번, 동시에 실행해도 됩니다."""
    for payment in journal.payments_in('begun'):
        order_id, tid, ticket, amount = (payment[name] for name in ('order_id', 'tid', 'ticket', 'amount'))
        verdict = inquire(settings, tid, ticket, order_id, amount)
        if verdict.outcome == 'not_yet':
            # 같은 Tid의 승인은 몇 번을 요청해도 한 번만 청구됩니다.
            verdict = request_approval(settings, order_id, tid, ticket, amount)
        record_outcome(journal, order_id, tid, verdict)
    for payment in journal.payments_in('refunding'):
        refund(settings, journal, payment)
    return f'pending {len(journal.payments_in("begun"))}, refunding {len(journal.payments_in("refunding"))}'


def inquire(settings, tid, ticket, order_id, amount):
    try:
        answer = ask(settings, 'approvalInquiry.do', {'Tid': tid, 'TrAuthKey': ticket})
    except NoAnswer as trouble:
        log(f'order {order_id}: no answer of the inquiry ({trouble})')
        return Verdict('unknown')
    return judge(settings, answer, tid, order_id, amount, inquiry=True)


def cancel_order(settings, journal, order_id):
    """전액 취소. 주문이 아니라 그 주문을 결제한 거래를 취소합니다."""
    order = journal.order(order_id)
    if order is None or order['state'] != 'paid':
        return
    journal.begin_refund(order['paid_by'], order['amount'])
    for refunding in journal.payments_in('refunding'):
        if refunding['tid'] == order['paid_by']:
            refund(settings, journal, refunding)


def refund(settings, journal, payment):
    """같은 취소 차수(CancelSeq 1)를 다시 요청하면 처음 응답이 옵니다. 두 번 돌려주지 않습니다."""
    tid, amount = payment['tid'], str(payment['amount'])
    body = {
        'SERVICE_MODE': 'CL1',
        'Tid': tid,
        'Mid': settings.merchant_id,
        'CancelPwd': settings.cancel_password,
        'CancelAmt': amount,
        'CancelMsg': '주문 취소',
        'CancelSeq': '1',
        'PartialCancelCode': '0',
        'HashData': digest(tid + settings.merchant_key + amount + '0'),
    }
    try:
        answer = ask(settings, 'cancel.do', encrypt_body(settings, body))
    except NoAnswer as trouble:
        log(f'order {payment["order_id"]}: no answer of the cancellation ({trouble})')
        return
    code = answer.get('ResultCode', '')
    is_about_it = answer.get('Tid', tid) == tid and answer.get('CancelAmt', amount) == amount
    if (code == '2001' and is_about_it) or code == '2013':
        journal.record_refund(tid)
    elif code in REFUND_REFUSED:
        log(f'order {payment["order_id"]}: the refund is rejected, code {code}')
        journal.reject_refund(tid, code)


def delete_member(settings, customer):
    """SS-Pay 회원과 등록 카드를 지웁니다. 간편결제와 빌링이 함께 지워집니다. (지웠는지, 보여 줄 말)을 돌려줍니다."""
    body = {
        'Mid': settings.merchant_id,
        'SspMallId': settings.easy_pay_merchant_id,
        'MallUserId': customer,
        'ServiceType': 'MD',
        'VerifyValue': digest(settings.merchant_id + settings.easy_pay_merchant_id + customer),
        # 매번 다른 값: 다시 가입한 고객을 지울 때 지난번과 같은 요청이 되지 않게 합니다.
        'MallReserved': base64.b64encode(secrets.token_bytes(12)).decode('ascii'),
    }
    try:
        answer = ask(settings, 'ssbMemberDel.do', encrypt_body(settings, body))
    except NoAnswer:
        return False, '응답이 없어요. 지워졌는지 알 수 없으니 다시 시도해 주세요. 여러 번 해도 괜찮아요.'
    code = answer.get('ResultCode', '')
    return code in ('PD00', 'PS40'), f'{code} {answer.get("ResultMsg", "")}'
