<?php

declare(strict_types=1);

// SDK 없이 SS-Pay 전문을 직접 쓰는 가장 작은 쇼핑몰. php -S localhost:4700 index.php, php index.php recover

// 오류 화면과 오류 기록에 함수의 인자(키, TrAuthKey)가 찍히지 않게 합니다.
ini_set('display_errors', '0');
ini_set('log_errors', '1');
ini_set('zend.exception_ignore_args', '1');
// 손님이 창을 닫아도, 승인을 요청했으면 결과를 적을 때까지 멈추지 않습니다.
ignore_user_abort(true);
header_remove('X-Powered-By');

require __DIR__ . '/settings.php';
require __DIR__ . '/wire.php';
require __DIR__ . '/journal.php';
require __DIR__ . '/payments.php';
require __DIR__ . '/pages.php';

// 값은 서버에만 있습니다. 브라우저는 무엇을 살지만 고릅니다.
const GOODS = ['coffee' => ['따뜻한 커피', 1004], 'teapot' => ['백자 찻주전자', 58000]];
const MOBILE = '/Mobi|Android|iP(hone|ad|od)|KAKAOTALK|NAVER\(|SamsungBrowser/i';

final class Shop
{
    private string $nonce;
    private Payments $payments;

    public function __construct(private Settings $settings, private Journal $journal)
    {
        $this->nonce = bin2hex(random_bytes(16));
        $this->payments = new Payments($settings, $journal);
    }

    public function recover(): string
    {
        return $this->payments->recover();
    }

    public function answer(string $method, string $path): void
    {
        match (true) {
            $method === 'GET' && $path === '/' => $this->html(home_page($this->nonce)),
            $method === 'POST' && $path === '/orders' => $this->placeOrder(),
            $method === 'GET' && $path === '/order' => $this->showOrder(),
            $method === 'POST' && $path === '/return' => $this->takeReturn(),
            $path === '/abort' => $this->showAbort(),
            $method === 'POST' && $path === '/notify' => $this->takeNotification(),
            $path === '/recover' || str_starts_with($path, '/admin') => $this->administer($method, $path),
            default => $this->html(message_page('없는 화면이에요', '주소를 확인해 주세요.', $this->nonce), 404),
        };
    }

    public function sayProblem(): void
    {
        $this->html(message_page('잠시 뒤 다시 시도해 주세요', '이미 결제했다면 주문 화면에서 확인할 수 있어요.', $this->nonce), 500);
    }

    private function placeOrder(): void
    {
        [$name, $price] = GOODS[$this->posted('goods')] ?? [null, 0];
        if ($name === null) {
            $this->html(message_page('없는 상품이에요', '상품을 다시 골라 주세요.', $this->nonce), 400);
            return;
        }
        // 회원이 있는 쇼핑몰이라면 로그인한 회원의 번호입니다. 영문과 숫자 20자까지.
        $customer = $this->customer() ?: bin2hex(random_bytes(10));
        setcookie('customer', $customer, [
            'expires' => time() + 31_536_000,
            'path' => '/',
            'httponly' => true,
            'samesite' => 'Lax',
            'secure' => str_starts_with($this->settings->origin, 'https:'),
        ]);
        $this->redirect('/order?id=' . $this->journal->place($customer, $name, $price));
    }

    private function showOrder(): void
    {
        $order = $this->journal->order($this->asked('id'));
        if ($order === null || $order['customer'] !== $this->customer()) {
            $this->html(message_page('없는 주문이에요', '주문한 브라우저에서 열어 주세요.', $this->nonce), 404);
            return;
        }
        $payment = $this->journal->paymentOf($order['id']);
        if (!$this->journal->isPayable($order)) {
            $this->html(order_page($order, $payment, $this->nonce));
            return;
        }
        $charset = $this->asked('charset') === 'euckr' ? 'euckr' : 'utf8';
        $device = $this->asked('device');
        $isMobile = $device === '' ? preg_match(MOBILE, $_SERVER['HTTP_USER_AGENT'] ?? '') === 1 : $device === 'mobile';
        $this->html(pay_page($this->settings, $order, $charset, $isMobile, $this->nonce));
    }

    private function takeReturn(): void
    {
        $order = $this->journal->order($this->asked('order'));
        if ($order === null) {
            $this->html(message_page('없는 주문이에요', '결제하지 않았어요.', $this->nonce), 404);
            return;
        }
        $isBuyer = $order['customer'] === $this->customer();
        $this->payments->receiveReturn($order, $this->posted('Tid'), $this->posted('TrAuthKey'), $isBuyer);
        // 결과는 GET 화면이 보여 줍니다: 새로고침이 POST를 되풀이하지 않고, SameSite=Lax 쿠키도 돌아옵니다.
        $this->redirect('/order?id=' . $order['id']);
    }

    private function showAbort(): void
    {
        // 중단은 결제의 결과가 아닙니다. 주문도 장부도 바꾸지 않습니다.
        $message = trim($this->posted('GoodsName') . ' 결제하지 않았어요.');
        $link = '/order?id=' . rawurlencode($this->asked('order'));
        $this->html(message_page('결제를 중단했어요', $message, $this->nonce, $link, '주문으로 돌아가기'));
    }

    private function takeNotification(): void
    {
        $isKept = $this->payments->receiveNotification(read_form($_POST));
        $this->text($isKept ? 'OK' : 'FAIL', $isKept ? 200 : 400);
    }

    private function administer(string $method, string $path): void
    {
        if (!hash_equals($this->settings->adminPassword, $_SERVER['PHP_AUTH_PW'] ?? '')) {
            header('WWW-Authenticate: Basic realm="admin", charset="UTF-8"');
            $this->text('관리자만 / administrators only', 401);
            return;
        }
        if ($method === 'POST' && $path === '/recover') {
            $this->text($this->recover());
        } elseif ($method === 'GET' && $path === '/admin') {
            $this->showAdmin();
        } elseif ($method === 'POST' && $path === '/admin/cancel' && $this->isOwnForm('cancel', 'order')) {
            $this->payments->cancelOrder($this->posted('order'));
            $this->redirect('/admin');
        } elseif ($method === 'POST' && $path === '/admin/reopen' && $this->isOwnForm('reopen', 'order')) {
            $this->journal->reopen($this->posted('order'));
            $this->redirect('/admin');
        } elseif ($method === 'POST' && $path === '/admin/member' && $this->isOwnForm('member', 'customer')) {
            $this->showAdmin($this->payments->deleteMember($this->posted('customer')));
        } else {
            $this->text('화면을 다시 열어 주세요 / open the page again', 403);
        }
    }

    private function showAdmin(string $message = ''): void
    {
        $orders = array_map(fn (array $order): array => [$order, $this->journal->paymentOf($order['id'])], $this->journal->orders());
        $this->html(admin_page($orders, fn (string $action, string $subject) => $this->token($action, $subject), $this->nonce, $message));
    }

    /** 브라우저는 Basic 비밀번호를 남의 페이지가 보낸 폼에도 붙입니다. 우리 화면의 폼만 이 값을 압니다. */
    private function token(string $action, string $subject): string
    {
        return hash_hmac('sha256', "$action $subject " . gmdate('Ymd'), $this->settings->adminPassword);
    }

    private function isOwnForm(string $action, string $subject): bool
    {
        return hash_equals($this->token($action, $this->posted($subject)), $this->posted('token'));
    }

    private function customer(): string
    {
        $cookie = $_COOKIE['customer'] ?? '';
        return is_string($cookie) && preg_match('/^[a-z0-9]{1,20}\z/', $cookie) === 1 ? $cookie : '';
    }

    private function posted(string $name): string
    {
        return read_form($_POST)[$name] ?? '';
    }

    private function asked(string $name): string
    {
        return is_string($_GET[$name] ?? null) ? $_GET[$name] : '';
    }

    private function html(string $body, int $status = 200): void
    {
        $windows = "{$this->settings->pcWindow} {$this->settings->mobileWindow}";
        header("Content-Security-Policy: default-src 'none'; style-src 'nonce-$this->nonce'; script-src 'nonce-$this->nonce' $windows; "
            . "frame-src $windows; img-src data:; form-action 'self' $windows; base-uri 'none'; frame-ancestors 'none'");
        header('Referrer-Policy: strict-origin-when-cross-origin');
        $this->send('text/html', $body, $status);
    }

    private function text(string $body, int $status = 200): void
    {
        $this->send('text/plain', $body, $status);
    }

    private function redirect(string $location): void
    {
        header("Location: $location");
        $this->send('text/plain', '', 303);
    }

    private function send(string $type, string $body, int $status): void
    {
        http_response_code($status);
        header("Content-Type: $type; charset=utf-8");
        header('Cache-Control: no-store');
        header('X-Content-Type-Options: nosniff');
        echo $body;
    }
}

try {
    $settings = new Settings();
    $shop = new Shop($settings, new Journal($settings->data));
} catch (SettingsError $error) {
    // 웹에서는 무엇이 빠졌는지 손님에게 말하지 않고 기록에만 남깁니다. 개발 서버(php -S)의 손님은 개발자입니다.
    if (PHP_SAPI === 'cli') {
        fwrite(STDERR, $error->getMessage() . "\n");
        exit(1);
    }
    error_log($error->getMessage());
    http_response_code(500);
    header('Content-Type: text/plain; charset=utf-8');
    exit(PHP_SAPI === 'cli-server' ? $error->getMessage() . "\n" : '');
}

if (PHP_SAPI === 'cli') {
    echo ($argv[1] ?? '') === 'recover' ? $shop->recover() : 'php -S localhost:4700 index.php | php index.php recover', "\n";
    exit;
}
$path = (string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
try {
    $shop->answer($_SERVER['REQUEST_METHOD'], $path);
} catch (Throwable $error) {
    // 예외의 내용에는 결제 정보가 있을 수 있습니다. 이름과 자리만 남깁니다.
    error_log(sprintf('%s %s: %s (%s:%d)', $_SERVER['REQUEST_METHOD'], $path, get_class($error), basename($error->getFile()), $error->getLine()));
    $shop->sayProblem();
}
