<?php

declare(strict_types=1);

// 화면. 바깥에서 온 글자는 모두 e()를 거칩니다.

const STYLE = <<<'CSS'
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
CSS;

// PC는 화면 위의 창(Callback), 모바일은 그 자리에서. 스크립트가 없으면 폼이 그대로 결제창으로 갑니다.
const PAY_SCRIPT = <<<'JS'
document.getElementById('tranMgr').addEventListener('submit', function (event) {
  if (!window.smartropay) return;
  event.preventDefault();
  smartropay.init({ mode: '%s', actionUri: '/ssp/reqPay.do' });
  smartropay.payment({ FormId: 'tranMgr'%s });
});
JS;

const CALLBACK = <<<'JS'
, Callback: function (res) {
    var approvalForm = document.approvalForm;
    approvalForm.Tid.value = res.Tid;
    approvalForm.TrAuthKey.value = res.TrAuthKey;
    approvalForm.submit();
  }
JS;

function e(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

function won_text(int $amount): string
{
    return number_format($amount) . '원';
}

function page(string $title, string $body, string $nonce, string $head = ''): string
{
    [$title, $style] = [e($title), STYLE];
    return <<<HTML
    <!doctype html>
    <html lang="ko">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>$title</title>
    <link rel="icon" href="data:,">
    <style nonce="$nonce">$style</style>
    $head
    </head>
    <body>
    <header><a href="/">PHP 가게</a></header>
    <main>$body</main>
    </body>
    </html>
    HTML;
}

function message_page(string $title, string $text, string $nonce, string $link = '/', string $linkText = '처음으로'): string
{
    $body = sprintf('<section><h1>%s</h1><p>%s</p><p><a href="%s">%s</a></p></section>', e($title), e($text), e($link), e($linkText));
    return page($title, $body, $nonce);
}

function home_page(string $nonce): string
{
    $forms = '';
    foreach (GOODS as $key => [$name, $price]) {
        $forms .= sprintf(
            '<section><h2>%s</h2><p>%s</p><form method="post" action="/orders"><input type="hidden" name="goods" value="%s"><button>주문하기</button></form></section>',
            e($name),
            won_text($price),
            e($key),
        );
    }
    return page('PHP 가게', "<h1>오늘의 상품</h1>$forms", $nonce);
}

function order_lines(array $order, ?array $payment = null): string
{
    $lines = ['상품' => $order['goods'], '금액' => won_text($order['amount']), '주문번호' => $order['id']];
    if (($payment['approval_number'] ?? '') !== '') {
        $lines += ['카드' => $payment['card'], '승인번호' => $payment['approval_number']];
    }
    $html = '';
    foreach ($lines as $name => $value) {
        $html .= '<dt>' . e($name) . '</dt><dd>' . e($value) . '</dd>';
    }
    return "<dl>$html</dl>";
}

/** 가이드의 첫 번째 표. 금액과 주문번호는 브라우저가 아니라 장부에서 옵니다. 서명할 때마다 새 시각을 씁니다. */
function form_fields(Settings $settings, array $order, string $charset): array
{
    $ediDate = korean_time();
    $fields = [
        'PayMethod' => 'CARD',
        'GoodsCnt' => '1',
        'GoodsName' => $order['goods'],
        'Amt' => (string) $order['amount'],
        'Moid' => $order['id'],
        'Mid' => $settings->merchantId,
        'SspMallId' => $settings->easyPayMerchantId,
        'MallUserId' => $order['customer'],
        // 로그인한 회원의 것으로 바꾸세요.
        'BuyerName' => '홍길동',
        'BuyerTel' => '01012345678',
        'BuyerEmail' => 'buyer@example.com',
        'ReturnUrl' => "$settings->origin/return?order={$order['id']}",
        'StopUrl' => "$settings->origin/abort?order={$order['id']}",
        'MallReserved' => sign_order($settings, $order),
        'PopCheck' => 'N',
        'EncodingType' => $charset,
        'TransType' => '0',
        'EdiDate' => $ediDate,
        'EncryptData' => sign_form($settings, $ediDate, $order['amount']),
    ];
    if ($charset === 'euckr') {
        require_writable($fields);
    }
    return $fields;
}

/** EUC-KR로 쓸 수 없는 글자는 조용히 ?가 됩니다. 보내기 전에 멈춥니다. */
function require_writable(array $fields): void
{
    foreach ($fields as $name => $value) {
        if (mb_convert_encoding(mb_convert_encoding($value, 'UHC', 'UTF-8'), 'UTF-8', 'UHC') !== $value) {
            throw new InvalidArgumentException("$name: EUC-KR로 쓸 수 없는 글자가 있습니다 / cannot be written in euc-kr");
        }
    }
}

function pay_page(Settings $settings, array $order, string $charset, bool $isMobile, string $nonce): string
{
    $window = e($isMobile ? $settings->mobileWindow : $settings->pcWindow);
    $fields = form_fields($settings, $order, $charset);
    $inputs = '';
    foreach ($fields as $name => $value) {
        $inputs .= "<input type=\"hidden\" name=\"$name\" value=\"" . e($value) . "\">\n";
    }
    $note = $order['note'] === '' ? '' : '<p class="bad">결제하지 못했어요. 다시 결제할 수 있어요.</p><details class="soft" open><summary>이유</summary>' . e($order['note']) . '</details>';
    $approval = $isMobile ? '' : '<form id="approvalForm" name="approvalForm" method="post" action="' . e($fields['ReturnUrl'])
        . '"><input type="hidden" id="Tid" name="Tid"><input type="hidden" id="TrAuthKey" name="TrAuthKey"></form>';
    $script = sprintf(PAY_SCRIPT, $settings->mode, $isMobile ? '' : CALLBACK);
    $accepts = $charset === 'euckr' ? 'euc-kr' : 'utf-8';
    [$lines, $price] = [order_lines($order), won_text($order['amount'])];
    $body = <<<HTML
    <section><h1>주문을 확인해 주세요</h1>$note$lines
    <form id="tranMgr" name="tranMgr" method="post" action="$window/ssp/reqPay.do" accept-charset="$accepts">
    $inputs<button>$price 결제하기</button></form>$approval</section>
    <script nonce="$nonce">$script</script>
    HTML;
    $version = substr(korean_time(), 0, 12);
    return page('주문', $body, $nonce, "<script src=\"$window/asset/js/SmartroPAY-1.0.min.js?version=$version\"></script>");
}

function order_page(array $order, ?array $payment, string $nonce): string
{
    $state = $payment['state'] ?? '';
    [$title, $text] = match (true) {
        $order['state'] === 'cancelled' => ['취소된 주문이에요', '결제한 금액을 모두 돌려드렸어요.'],
        $order['state'] === 'paid' && $state === 'refunding' => ['취소하고 있어요', '결제한 금액을 돌려드리는 중이에요.'],
        $order['state'] === 'paid' => ['결제했어요', '주문해 주셔서 고마워요.'],
        default => ['결제 결과를 확인하고 있어요', '다시 결제하지 말아 주세요. 확인되면 이 화면이 바뀌어요.'],
    };
    $waits = $order['state'] === 'awaiting' || $state === 'refunding' ? '<meta http-equiv="refresh" content="5">' : '';
    return page($title, "<section><h1>$title</h1><p>$text</p>" . order_lines($order, $payment) . '</section>', $nonce, $waits);
}

function status_of(array $order, ?array $payment): string
{
    $state = $payment['state'] ?? '';
    return match (true) {
        $state === 'refund_rejected' => "취소하지 못했어요. 결과코드 {$payment['code']}. 상점관리자에서 확인해 주세요.",
        $state === 'refunding' => '취소하는 중',
        $order['state'] === 'awaiting' => $state === 'begun' ? '결제 결과 확인 중' : '결제 전',
        default => $order['state'] === 'paid' ? '결제 완료' : '취소됨',
    };
}

function admin_page(array $orders, callable $token, string $nonce, string $message = ''): string
{
    $button = fn (string $action, string $name, string $value, string $token, string $text): string =>
        "<form method=\"post\" action=\"$action\"><input type=\"hidden\" name=\"$name\" value=\"" . e($value)
        . "\"><input type=\"hidden\" name=\"token\" value=\"$token\"><button class=\"plain\">$text</button></form>";
    $rows = '';
    foreach ($orders as [$order, $payment]) {
        $rows .= '<section><p>' . e(status_of($order, $payment)) . '</p>' . order_lines($order, $payment);
        if ($order['state'] === 'paid') {
            $rows .= $button('/admin/cancel', 'order', $order['id'], $token('cancel', $order['id']), '전액 취소');
        }
        if ($order['state'] === 'cancelled') {
            $rows .= $button('/admin/reopen', 'order', $order['id'], $token('reopen', $order['id']), '다시 결제받기');
        }
        $rows .= $button('/admin/member', 'customer', $order['customer'], $token('member', $order['customer']), 'SS-Pay 회원 삭제');
        $rows .= '</section>';
    }
    $message = $message === '' ? '' : '<section><p>' . e($message) . '</p></section>';
    return page('관리', "<section><h1>주문 관리</h1><p class=\"soft\">최근 주문 50건</p></section>$message$rows", $nonce);
}
