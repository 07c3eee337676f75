"""화면. 바깥에서 온 글자는 모두 escape를 거칩니다."""

from html import escape

from wire import korean_time, sign_form, sign_order

STYLE = """
:root { color-scheme: light dark; --ink: #191f28; --soft: #5b6672; --line: #e1e5ea; --ground: #f4f6f8; --paper: #fff; --accent: #1d5fd6; --on-accent: #fff; --bad: #c02b2b; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceff3; --soft: #a3adb9; --line: #343b45; --ground: #14171b; --paper: #1e2329; --accent: #7cabff; --on-accent: #10151c; --bad: #ff8f85; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR", "Noto Sans KR", sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
header, main { max-width: 560px; margin: 0 auto; padding: 20px; }
header { padding-bottom: 0; font-weight: 700; }
a { color: var(--accent); }
header a { color: inherit; text-decoration: none; }
section { margin-bottom: 16px; padding: 24px; border: 1px solid var(--line); border-radius: 14px; background: var(--paper); }
h1 { margin: 0 0 8px; font-size: 22px; line-height: 1.35; }
h2 { margin: 0 0 8px; font-size: 17px; }
p { margin: 0 0 12px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 6px 16px; margin: 16px 0; }
dt { color: var(--soft); }
dt, dd { font-size: 15px; }
dd { margin: 0; text-align: right; }
section > :last-child { margin-bottom: 0; }
form + form { margin-top: 8px; }
button { width: 100%; min-height: 48px; padding: 0 18px; border: 0; border-radius: 10px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 700; cursor: pointer; }
button.plain { border: 1px solid var(--line); background: none; color: var(--ink); }
input { width: 100%; min-height: 48px; margin-bottom: 12px; padding: 0 14px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); color: inherit; font: inherit; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.soft { color: var(--soft); font-size: 14px; }
.bad { color: var(--bad); }
"""


def won(amount):
    return f'{amount:,}원'


def page(title, body, nonce, head=''):
    return f"""<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style nonce="{nonce}">{STYLE}</style>
{head}
</head>
<body>
<header><a href="/">파이썬 가게</a></header>
<main>{body}</main>
</body>
</html>
"""


def message(title, text, nonce, link=('/', '처음으로')):
    body = f'<section><h1>{escape(title)}</h1><p>{escape(text)}</p><p><a href="{escape(link[0])}">{escape(link[1])}</a></p></section>'
    return page(title, body, nonce)


def home(goods, nonce):
    forms = ''.join(
        f'<section><h2>{escape(name)}</h2><p>{won(price)}</p><form method="post" action="/orders">'
        f'<input type="hidden" name="goods" value="{escape(key)}"><button>주문하기</button></form></section>'
        for key, (name, price) in goods.items()
    )
    return page('파이썬 가게', f'<h1>오늘의 상품</h1>{forms}', nonce)


def order_lines(order, payment=None):
    lines = [('상품', order['goods']), ('금액', won(order['amount'])), ('주문번호', order['id'])]
    if payment is not None and payment['approval_number']:
        lines += [('카드', payment['card']), ('승인번호', payment['approval_number'])]
    return '<dl>' + ''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in lines) + '</dl>'


def form_fields(settings, order, charset):
    """가이드의 첫 번째 표. 금액과 주문번호는 브라우저가 아니라 장부에서 옵니다. 서명할 때마다 새 시각을 씁니다."""
    edi_date = korean_time()
    own = f'{settings.origin}/%s?order={order["id"]}'
    return {
        'PayMethod': 'CARD',
        'GoodsCnt': '1',
        'GoodsName': order['goods'],
        'Amt': str(order['amount']),
        'Moid': order['id'],
        'Mid': settings.merchant_id,
        'SspMallId': settings.easy_pay_merchant_id,
        'MallUserId': order['customer'],
        # 로그인한 회원의 것으로 바꾸세요.
        'BuyerName': '홍길동',
        'BuyerTel': '01012345678',
        'BuyerEmail': 'buyer@example.com',
        'ReturnUrl': own % 'return',
        'StopUrl': own % 'abort',
        'MallReserved': sign_order(settings, order),
        'PopCheck': 'N',
        'EncodingType': charset,
        'TransType': '0',
        'EdiDate': edi_date,
        'EncryptData': sign_form(settings, edi_date, order['amount']),
    }


def require_writable(fields, charset):
    """EUC-KR로 쓸 수 없는 글자는 조용히 ?가 됩니다. 보내기 전에 멈춥니다."""
    for name, value in fields.items():
        try:
            value.encode('cp949' if charset == 'euckr' else 'utf-8')
        except UnicodeEncodeError as error:
            raise ValueError(f'{name}: EUC-KR로 쓸 수 없는 글자가 있습니다 / cannot be written in euc-kr') from error


# PC는 화면 위의 창(Callback), 모바일은 그 자리에서. 스크립트가 없으면 폼이 그대로 결제창으로 갑니다.
PAY_SCRIPT = """
document.getElementById('tranMgr').addEventListener('submit', function (event) {
  if (!window.smartropay) return;
  event.preventDefault();
  smartropay.init({ mode: '%s', actionUri: '/ssp/reqPay.do' });
  smartropay.payment({ FormId: 'tranMgr'%s });
});
"""
CALLBACK = """, Callback: function (res) {
    var approvalForm = document.approvalForm;
    approvalForm.Tid.value = res.Tid;
    approvalForm.TrAuthKey.value = res.TrAuthKey;
    approvalForm.submit();
  }"""


def pay_page(settings, order, *, charset, is_mobile, nonce):
    window = settings.mobile_window if is_mobile else settings.pc_window
    fields = form_fields(settings, order, charset)
    require_writable(fields, charset)
    inputs = ''.join(f'<input type="hidden" name="{name}" value="{escape(value)}">\n' for name, value in fields.items())
    details = f'<details class="soft" open><summary>이유</summary>{escape(order["note"])}</details>'
    note = f'<p class="bad">결제하지 못했어요. 다시 결제할 수 있어요.</p>{details}' if order['note'] else ''
    approval = '' if is_mobile else (
        f'<form id="approvalForm" name="approvalForm" method="post" action="{escape(fields["ReturnUrl"])}">'
        '<input type="hidden" id="Tid" name="Tid"><input type="hidden" id="TrAuthKey" name="TrAuthKey"></form>'
    )
    body = f"""<section><h1>주문을 확인해 주세요</h1>{note}{order_lines(order)}
<form id="tranMgr" name="tranMgr" method="post" action="{escape(window)}/ssp/reqPay.do" accept-charset="{'euc-kr' if charset == 'euckr' else 'utf-8'}">
{inputs}<button>{won(order['amount'])} 결제하기</button></form>{approval}</section>
<script nonce="{nonce}">{PAY_SCRIPT % (settings.mode, '' if is_mobile else CALLBACK)}</script>"""
    version = korean_time()[:12]
    script = f'<script src="{escape(window)}/asset/js/SmartroPAY-1.0.min.js?version={version}"></script>'
    return page('주문', body, nonce, script)


def order_page(order, payment, nonce):
    state = payment['state'] if payment is not None else ''
    if order['state'] == 'cancelled':
        title, text = '취소된 주문이에요', '결제한 금액을 모두 돌려드렸어요.'
    elif order['state'] == 'paid' and state == 'refunding':
        title, text = '취소하고 있어요', '결제한 금액을 돌려드리는 중이에요.'
    elif order['state'] == 'paid':
        title, text = '결제했어요', '주문해 주셔서 고마워요.'
    else:
        title, text = '결제 결과를 확인하고 있어요', '다시 결제하지 말아 주세요. 확인되면 이 화면이 바뀌어요.'
    waits = '<meta http-equiv="refresh" content="5">' if order['state'] == 'awaiting' or state == 'refunding' else ''
    body = f'<section><h1>{title}</h1><p>{text}</p>{order_lines(order, payment)}</section>'
    return page(title, body, nonce, waits)


def status_of(order, payment):
    state = payment['state'] if payment is not None else ''
    if state == 'refund_rejected':
        return f'취소하지 못했어요. 결과코드 {payment["code"]}. 상점관리자에서 확인해 주세요.'
    if state == 'refunding':
        return '취소하는 중'
    if order['state'] == 'awaiting':
        return '결제 결과 확인 중' if state == 'begun' else '결제 전'
    return '결제 완료' if order['state'] == 'paid' else '취소됨'


def admin_page(orders, token, nonce, result=''):
    def form(action, fields, button):
        inputs = ''.join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
        return f'<form method="post" action="{action}">{inputs}<button class="plain">{button}</button></form>'

    rows = ''.join(
        f'<section><p>{escape(status_of(order, payment))}</p>{order_lines(order, payment)}'
        + (form('/admin/cancel', {'order': order['id'], 'token': token('cancel', order['id'])}, '전액 취소') if order['state'] == 'paid' else '')
        + (form('/admin/reopen', {'order': order['id'], 'token': token('reopen', order['id'])}, '다시 결제받기') if order['state'] == 'cancelled' else '')
        + form('/admin/member', {'customer': order['customer'], 'token': token('member', order['customer'])}, 'SS-Pay 회원 삭제')
        + '</section>'
        for order, payment in orders
    )
    result = f'<section><p>{escape(result)}</p></section>' if result else ''
    return page('관리', f'<section><h1>주문 관리</h1><p class="soft">최근 주문 50건</p></section>{result}{rows}', nonce)
