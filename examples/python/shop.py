"""SDK 없이 SS-Pay 전문을 직접 쓰는 가장 작은 쇼핑몰. python3 shop.py, python3 shop.py recover"""

import base64
import hashlib
import hmac
import os
import re
import secrets
import sys
import threading
import time
from socketserver import ThreadingMixIn
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pages
from journal import Journal
from payments import cancel_order, delete_member, log, receive_notification, receive_return, recover
from settings import SettingsError, is_secure, read_settings
from wire import read_form, same

# 값은 서버에만 있습니다. 브라우저는 무엇을 살지만 고릅니다.
GOODS = {'coffee': ('따뜻한 커피', 1004), 'teapot': ('백자 찻주전자', 58000)}
LONGEST_BODY = 65_536
MOBILE = re.compile(r'Mobi|Android|iP(hone|ad|od)|KAKAOTALK|NAVER\(|SamsungBrowser', re.IGNORECASE)


class Shop:
    """WSGI 앱입니다. 운영에서는 gunicorn 같은 서버가 shop:open_shop()을 실행하게 하세요."""

    def __init__(self, settings):
        self.settings = settings
        self.journal = Journal(settings.data)

    def __call__(self, environ, start_response):
        try:
            status, headers, body = self.answer(Request(environ))
        except Exception as error:
            # 예외의 내용에는 결제 정보가 있을 수 있습니다. 이름만 남깁니다.
            log(f'{environ["REQUEST_METHOD"]} {environ["PATH_INFO"]}: {type(error).__name__}')
            status, headers, body = self.sorry()
        octets = body.encode('utf-8')
        start_response(status, [*headers, ('Content-Length', str(len(octets))), ('Cache-Control', 'no-store'), ('X-Content-Type-Options', 'nosniff')])
        return [octets]

    def answer(self, request):
        match request.method, request.path:
            case 'GET', '/':
                return self.html(pages.home(GOODS, nonce := new_nonce()), nonce)
            case 'POST', '/orders':
                return self.place_order(request)
            case 'GET', '/order':
                return self.show_order(request)
            case 'POST', '/return':
                return self.take_return(request)
            case ('GET' | 'POST'), '/abort':
                return self.show_abort(request)
            case 'POST', '/notify':
                is_kept = receive_notification(self.settings, self.journal, request.form)
                return self.text('OK' if is_kept else 'FAIL', '200 OK' if is_kept else '400 Bad Request')
            case _, path if path == '/recover' or path.startswith('/admin'):
                return self.administer(request)
        nonce = new_nonce()
        return self.html(pages.message('없는 화면이에요', '주소를 확인해 주세요.', nonce), nonce, '404 Not Found')

    def sorry(self):
        nonce = new_nonce()
        text = '이미 결제했다면 주문 화면에서 확인할 수 있어요.'
        return self.html(pages.message('잠시 뒤 다시 시도해 주세요', text, nonce), nonce, '500 Internal Server Error')

    def place_order(self, request):
        name, price = GOODS.get(request.form.get('goods', ''), (None, 0))
        if name is None:
            nonce = new_nonce()
            return self.html(pages.message('없는 상품이에요', '상품을 다시 골라 주세요.', nonce), nonce, '400 Bad Request')
        # 회원이 있는 쇼핑몰이라면 로그인한 회원의 번호입니다. 영문과 숫자 20자까지.
        customer = request.customer or secrets.token_hex(10)
        order_id = self.journal.place(customer, name, price)
        cookie = f'customer={customer}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{"; Secure" if is_secure(self.settings) else ""}'
        return self.redirect(f'/order?id={order_id}', ('Set-Cookie', cookie))

    def show_order(self, request):
        order, nonce = self.journal.order(request.query.get('id', '')), new_nonce()
        if order is None or order['customer'] != request.customer:
            return self.html(pages.message('없는 주문이에요', '주문한 브라우저에서 열어 주세요.', nonce), nonce, '404 Not Found')
        payment = self.journal.payment_of(order['id'])
        if not self.journal.is_payable(order):
            return self.html(pages.order_page(order, payment, nonce), nonce)
        charset = 'euckr' if request.query.get('charset') == 'euckr' else 'utf8'
        device = request.query.get('device')
        is_mobile = device == 'mobile' if device else MOBILE.search(request.user_agent) is not None
        return self.html(pages.pay_page(self.settings, order, charset=charset, is_mobile=is_mobile, nonce=nonce), nonce)

    def take_return(self, request):
        order = self.journal.order(request.query.get('order', ''))
        if order is None:
            nonce = new_nonce()
            return self.html(pages.message('없는 주문이에요', '결제하지 않았어요.', nonce), nonce, '404 Not Found')
        tid, ticket = request.form.get('Tid', ''), request.form.get('TrAuthKey', '')
        receive_return(self.settings, self.journal, order, tid, ticket, is_buyer=order['customer'] == request.customer)
        # 결과는 GET 화면이 보여 줍니다: 새로고침이 POST를 되풀이하지 않고, SameSite=Lax 쿠키도 돌아옵니다.
        return self.redirect(f'/order?id={order["id"]}')

    def show_abort(self, request):
        # 중단은 결제의 결과가 아닙니다. 주문도 장부도 바꾸지 않습니다.
        goods = request.form.get('GoodsName', '')
        nonce = new_nonce()
        link = (f'/order?id={request.query.get("order", "")}', '주문으로 돌아가기')
        return self.html(pages.message('결제를 중단했어요', f'{goods} 결제하지 않았어요.'.strip(), nonce, link), nonce)

    def administer(self, request):
        if not self.is_admin(request):
            return self.text('관리자만 / administrators only', '401 Unauthorized', ('WWW-Authenticate', 'Basic realm="admin", charset="UTF-8"'))
        match request.method, request.path:
            case 'POST', '/recover':
                return self.text(recover(self.settings, self.journal))
            case 'GET', '/admin':
                return self.show_admin()
            case 'POST', '/admin/cancel' if self.is_own_form(request, 'cancel', 'order'):
                cancel_order(self.settings, self.journal, request.form['order'])
                return self.redirect('/admin')
            case 'POST', '/admin/reopen' if self.is_own_form(request, 'reopen', 'order'):
                self.journal.reopen(request.form['order'])
                return self.redirect('/admin')
            case 'POST', '/admin/member' if self.is_own_form(request, 'member', 'customer'):
                _, result = delete_member(self.settings, request.form['customer'])
                return self.show_admin(result)
        return self.text('화면을 다시 열어 주세요 / open the page again', '403 Forbidden')

    def show_admin(self, result=''):
        nonce = new_nonce()
        orders = [(order, self.journal.payment_of(order['id'])) for order in self.journal.orders()]
        return self.html(pages.admin_page(orders, self.token, nonce, result), nonce)

    def is_admin(self, request):
        return same(request.password, self.settings.admin_password)

    def token(self, action, subject):
        """브라우저는 Basic 비밀번호를 남의 페이지가 보낸 폼에도 붙입니다. 우리 화면의 폼만 이 값을 압니다."""
        text = f'{action} {subject} {time.strftime("%Y%m%d", time.gmtime())}'
        return hmac.new(self.settings.admin_password.encode(), text.encode(), hashlib.sha256).hexdigest()

    def is_own_form(self, request, action, subject):
        return same(request.form.get('token', ''), self.token(action, request.form.get(subject, '')))

    def html(self, body, nonce='', status='200 OK'):
        windows = f'{self.settings.pc_window} {self.settings.mobile_window}'
        policy = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}' {windows}; frame-src {windows}; "
            f"img-src data:; form-action 'self' {windows}; base-uri 'none'; frame-ancestors 'none'"
        )
        headers = [('Content-Type', 'text/html; charset=utf-8'), ('Content-Security-Policy', policy), ('Referrer-Policy', 'strict-origin-when-cross-origin')]
        return status, headers, body

    def text(self, body, status='200 OK', *headers):
        return status, [('Content-Type', 'text/plain; charset=utf-8'), *headers], body

    def redirect(self, location, *headers):
        return '303 See Other', [('Location', location), *headers], ''


class Request:
    def __init__(self, environ):
        self.method, self.path = environ['REQUEST_METHOD'], environ['PATH_INFO']
        self.query = {name: values[0] for name, values in parse_qs(environ.get('QUERY_STRING', '')).items()}
        self.user_agent = environ.get('HTTP_USER_AGENT', '')
        self.form = read_form(read_body(environ)) if self.method == 'POST' else {}
        cookie = re.search(r'(?:^|; *)customer=([a-z0-9]{1,20})(?:;|$)', environ.get('HTTP_COOKIE', ''))
        self.customer = cookie[1] if cookie else ''
        self.password = read_password(environ.get('HTTP_AUTHORIZATION', ''))


def read_body(environ):
    length = environ.get('CONTENT_LENGTH') or '0'
    is_short = length.isascii() and length.isdigit() and int(length) <= LONGEST_BODY
    return environ['wsgi.input'].read(int(length)) if is_short else b''


def read_password(authorization):
    try:
        return base64.b64decode(authorization.removeprefix('Basic '), validate=True).decode('utf-8').partition(':')[2]
    except ValueError:
        return ''


def new_nonce():
    return secrets.token_urlsafe(16)


def open_shop():
    os.umask(0o077)
    try:
        return Shop(read_settings(os.environ))
    except SettingsError as error:
        sys.exit(str(error))


def keep_recovering(shop):
    while True:
        try:
            recover(shop.settings, shop.journal)
        except Exception as error:
            log(f'recovery: {type(error).__name__}')
        time.sleep(shop.settings.recover_seconds)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class Handler(WSGIRequestHandler):
    def log_message(self, format, *args):
        """접속 기록은 앞단의 웹 서버가 남깁니다."""


def main(arguments):
    shop = open_shop()
    if arguments == ['recover']:
        print(recover(shop.settings, shop.journal))
        return
    threading.Thread(target=keep_recovering, args=(shop,), daemon=True).start()
    server = Server((shop.settings.host, shop.settings.port), Handler)
    server.set_app(shop)
    print(f'{shop.settings.origin} 을 열어 보세요.', flush=True)
    server.serve_forever()


if __name__ == '__main__':
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        pass
