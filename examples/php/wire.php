<?php

declare(strict_types=1);

// 전문: 서명, 암호화, 결제 서비스와의 통신. 여기 말고는 아무도 결제 서비스와 말하지 않습니다.

const CONNECT_MS = 1_000;
const READ_MS = 10_000;
const LONGEST_ANSWER = 1_048_576;

/** SHA-256 32바이트의 Base64. 16진수가 아닙니다(세 번째 인자 true). */
function digest(string $text): string
{
    return base64_encode(hash('sha256', $text, true));
}

/** 서버의 시간대와 관계없이 한국 시간 yyyyMMddHHmmss. */
function korean_time(): string
{
    return (new DateTimeImmutable('now', new DateTimeZone('Asia/Seoul')))->format('YmdHis');
}

function sign_form(Settings $settings, string $ediDate, int $amount): string
{
    return digest($ediDate . $settings->merchantId . $amount . $settings->merchantKey);
}

/** 주문의 서명. MallReserved로 보내면 결제 서비스가 그대로 돌려줍니다. 이 주문의 결제 화면을 받은 손님만 보낼 수 있습니다. */
function sign_order(Settings $settings, array $order): string
{
    $text = "order $settings->merchantId {$order['id']} {$order['amount']} {$order['customer']}";
    return base64_encode(hash_hmac('sha256', $text, $settings->merchantKey, true));
}

function sign_result(Settings $settings, string $tid, string $code): string
{
    return digest(substr($tid, 0, 10) . $code . substr($tid, 10, 5) . $settings->merchantKey . substr($tid, 15));
}

/** EncData: AES-256-CBC, IV는 0 16바이트, 키는 상점키의 앞 32글자 그대로. */
function encrypt_body(Settings $settings, array $body): array
{
    $plaintext = json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
    $key = substr($settings->merchantKey, 0, 32);
    $encrypted = openssl_encrypt($plaintext, 'aes-256-cbc', $key, OPENSSL_RAW_DATA, str_repeat("\0", 16));
    if ($encrypted === false) {
        throw new RuntimeException('openssl이 암호화하지 못했습니다');
    }
    return ['EncData' => base64_encode($encrypted), 'Mid' => $settings->merchantId];
}

/** UTF-8, 아니면 EUC-KR(브라우저와 같은 CP949). PHP에서는 UHC가 그 이름입니다. */
function read_text(string $octets): string
{
    if (!mb_check_encoding($octets, 'UTF-8')) {
        return mb_convert_encoding($octets, 'UTF-8', 'UHC');
    }
    return str_starts_with($octets, "\u{FEFF}") ? substr($octets, 3) : $octets;
}

/** 폼의 값들. 글자 인코딩은 값이 아니라 폼 전체를 보고 정합니다. 글자가 아닌 값(Tid[]=…)은 없는 것으로 봅니다. */
function read_form(array $given): array
{
    $fields = array_filter($given, 'is_string');
    if (mb_check_encoding(implode('', $fields), 'UTF-8')) {
        return $fields;
    }
    return array_map(fn (string $value): string => mb_convert_encoding($value, 'UTF-8', 'UHC'), $fields);
}

/** 응답을 받지 못했습니다. 요청이 도착했는지는 아무도 모릅니다. */
final class NoAnswer extends Exception
{
}

/** JSON을 보내고 JSON 객체를 받습니다. 값은 모두 글자입니다. 그 밖의 모든 일은 NoAnswer. */
function ask(Settings $settings, string $name, array $body): array
{
    [$status, $octets] = post("$settings->approval/payment/approval/$name", json_encode($body, JSON_THROW_ON_ERROR), $settings->caFile);
    $answer = json_decode(read_text($octets), false, 512, JSON_BIGINT_AS_STRING);
    if ($status !== 200 || !$answer instanceof stdClass) {
        throw new NoAnswer("HTTP $status");
    }
    $fields = [];
    foreach (get_object_vars($answer) as $field => $value) {
        if ($value !== null) {
            $fields[$field] = is_string($value) ? $value : (string) json_encode($value);
        }
    }
    return $fields;
}

/** @return array{int, string} */
function post(string $url, string $body, string $caFile): array
{
    $octets = '';
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => ['Content-Type: application/json', 'Accept: application/json', 'Expect:'],
        CURLOPT_CONNECTTIMEOUT_MS => CONNECT_MS,
        // 전체 시간입니다. 한 바이트씩 천천히 오는 응답도 이것을 넘기지 못합니다.
        CURLOPT_TIMEOUT_MS => CONNECT_MS + READ_MS,
        CURLOPT_NOSIGNAL => true,
        CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
        CURLOPT_FOLLOWLOCATION => false,
        // 인증서와 호스트 이름을 검사합니다. 이 두 줄을 끄면 누구나 "승인됐다"고 답할 수 있습니다.
        CURLOPT_SSL_VERIFYPEER => true,
        CURLOPT_SSL_VERIFYHOST => 2,
        CURLOPT_SSLVERSION => CURL_SSLVERSION_TLSv1_2,
        CURLOPT_WRITEFUNCTION => function ($curl, string $part) use (&$octets): int {
            $octets .= $part;
            return strlen($octets) > LONGEST_ANSWER ? -1 : strlen($part);
        },
    ]);
    if ($caFile !== '') {
        curl_setopt($curl, CURLOPT_CAINFO, $caFile);
    }
    if (curl_exec($curl) === false) {
        throw new NoAnswer(curl_strerror(curl_errno($curl)) ?? 'curl');
    }
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $octets];
}

/** 30xx는 카드 거절. 3001은 승인, 307x는 승인 뒤의 매입 이야기라 거절이 아닙니다. */
function is_card_rejection(string $code): bool
{
    return preg_match('/^30\d\d\z/', $code) === 1 && $code !== '3001' && !str_starts_with($code, '307');
}
