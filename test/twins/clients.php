<?php

// The clients of clients.ts and bill-keys.test.ts in PHP: curl, json_encode, mbstring. Each line of the input is one step, a form in UTF-8
// with the shape of the client and what the step needs; each line of the output its answer.

while (($line = fgets(STDIN)) !== false) {
    $given = read_form(trim($line), 'UTF-8');
    try {
        $answer = $given['step']($given);
    } catch (Throwable $e) {
        $answer = ['error' => (string) $e];
    }
    echo http_build_query($answer), "\n";
}

function request(array $given): array
{
    $form = read_form($given['form'], 'UTF-8');
    $form['EdiDate'] = now();
    $form['EncryptData'] = digest($form['EdiDate'] . $form['Mid'] . $form['Amt'] . $given['key']);
    $form['MallReserved'] = base64_encode($form['Moid']);
    return $form;
}

function receive(array $given): array
{
    $post = read_form($given['body'], $given['charset']);
    if (isset($given['expectsSuccessCode']) && ($post['ResultCode'] ?? '') !== '0000') return ['paid' => 'N'];
    $ticket = ['Tid' => $post['Tid'], 'TrAuthKey' => $post['TrAuthKey']];
    $isForm = $given['approvalBody'] === 'form';
    $body = $isForm ? http_build_query($ticket) : json_encode($ticket);
    $answer = call_api($given, 'urlCallApproval.do', $body, $isForm);
    $result = json_decode($answer, true);
    $paid = [
        'ResultCode' => $result['ResultCode'] === '3001',
        'ResultMsg' => mb_strpos($result['ResultMsg'], '성공') !== false,
        'Tid' => !empty($result['Tid']),
    ][$given['paidBy']];
    return [
        'paid' => $paid ? 'Y' : 'N',
        'order' => order_of($given, $post),
        'amount' => $result['Amt'] ?? '',
        'transaction' => $result['Tid'] ?? '',
        'note' => $result['MallReserved'],
        'code' => $result['ResultCode'],
        'message' => $result['ResultMsg'],
        'answer' => $answer,
    ];
}

function order_of(array $given, array $post): string
{
    switch ($given['findsOrderIn']) {
        case 'session':
            return $given['session'];
        case 'Moid':
            return $post['Moid'];
        case 'MallReserved':
            return base64_decode($post['MallReserved']);
        default:
            return json_decode(base64_decode($post['MerReqData']), true)['Moid'];
    }
}

function abort(array $given): array
{
    $post = read_form($given['body'], $given['charset']);
    return [
        'order' => $post['Moid'],
        'note' => $post['MallReserved'],
        'code' => $post['ResultCode'],
        'goods' => $post['GoodsName'],
    ];
}

function cancel(array $given): array
{
    $body = read_form($given['fields'], 'UTF-8');
    $scope = $body['PartialCancelCode'] ?? '0';
    $body['HashData'] = digest($body['Tid'] . $given['key'] . $body['CancelAmt'] . $scope);
    $answer = call_sealed($given, 'cancel.do', $body);
    $result = json_decode($answer, true);
    return [
        'code' => $result['ResultCode'],
        'amount' => $result['CancelAmt'] ?? '',
        'part' => $result['PTid'] ?? '',
        'answer' => $answer,
    ];
}

function delete(array $given): array
{
    $body = read_form($given['fields'], 'UTF-8');
    $body['VerifyValue'] = digest($body['Mid'] . $body['SspMallId'] . $body['MallUserId']);
    $body['ServiceType'] = 'MD';
    return ['code' => json_decode(call_sealed($given, 'ssbMemberDel.do', $body), true)['ResultCode']];
}

function requestKey(array $given): array
{
    $form = read_form($given['form'], 'UTF-8');
    $form['EdiDate'] = now();
    $form['VerifyValue'] = digest($form['EdiDate'] . $form['Mid'] . $form['Moid'] . 'SMARTRO!@#');
    return $form;
}

function registerCard(array $given): array
{
    return key_of($given, json_decode(call_sealed($given, 'urlCallCardReg.do', requestKey($given)), true));
}

function receiveKey(array $given): array
{
    return key_of($given, read_form($given['body'], 'UTF-8'));
}

function key_of(array $given, array $result): array
{
    if ($result['ResultCode'] !== '3001') return ['code' => $result['ResultCode']];
    $key = openssl_decrypt($result['BillTokenKey'], 'aes-256-cbc', substr($given['key'], 0, 32), 0, str_repeat("\0", 16));
    $plain = $result['Mid'] . $key . $result['DisplayCardNo'] . $result['ResultCode'] . 'SMARTRO!@#';
    if (digest($plain) !== $result['VerifyValue']) return ['code' => 'VerifyValue'];
    return ['code' => $result['ResultCode'], 'key' => $key, 'card' => $result['DisplayCardNo']];
}

function charge(array $given): array
{
    $body = read_form($given['form'], 'UTF-8');
    $tax = (int) round($body['Amt'] / 1.1);
    $body += ['TaxAmt' => $tax, 'VatAmt' => $body['Amt'] - $tax, 'TaxFreeAmt' => 0, 'SvcAmt' => ''];
    $body['EdiDate'] = now();
    $body['VerifyValue'] = digest($body['BillTokenKey'] . $body['Mid'] . $body['Amt']);
    $answer = call_sealed($given, 'ssbbill.do', $body);
    $result = json_decode($answer, true);
    return [
        'code' => $result['ResultCode'],
        'transaction' => $result['Tid'] ?? '',
        'amount' => $result['Amt'] ?? '',
        'order' => $result['Moid'] ?? '',
        'answer' => $answer,
    ];
}

function deleteKey(array $given): array
{
    $body = read_form($given['form'], 'UTF-8');
    $body['VerifyValue'] = digest($body['Mid'] . $body['SspMallId'] . $body['BillTokenKey']);
    $body['ServiceType'] = 'CD';
    $body['EdiDate'] = now();
    return ['code' => json_decode(call_sealed($given, 'ssbdel.do', $body), true)['ResultCode']];
}

function notified(array $given): array
{
    $post = read_form($given['body'], $given['charset']);
    $old = $given['names'] === 'legacy';
    return [
        'transaction' => $post[$old ? 'TID' : 'Tid'],
        'order' => $post[$old ? 'OID' : 'Moid'],
        'state' => $post[$old ? 'state_cd' : 'StateCd'],
        'buyer' => $post[$old ? 'name' : 'BuyerName'],
        'amount' => $post['Amt'],
        'refund' => $post[$old ? 'Amt' : 'RefundAmt'] ?? '',
        'original' => $post[$old ? 'OTID' : 'OTid'] ?? '',
    ];
}

function call_sealed(array $given, string $name, array $data): string
{
    $key = substr($given['key'], 0, 32);
    $EncData = openssl_encrypt(json_encode($data), 'aes-256-cbc', $key, 0, str_repeat("\0", 16));
    $body = ['EncData' => $EncData, 'Mid' => $data['Mid']];
    if ($given['envelope'] === 'json') return call_api($given, $name, json_encode($body), false);
    $raw = "EncData=$EncData&Mid=" . $data['Mid'];
    return call_api($given, $name, $given['envelope'] === 'raw' ? $raw : http_build_query($body), true);
}

function call_api(array $given, string $name, string $body, bool $isForm): string
{
    $ch = curl_init($given['base'] . '/payment/approval/' . $name);
    $type = $isForm ? 'application/x-www-form-urlencoded' : 'application/json; charset=utf-8';
    curl_setopt($ch, CURLOPT_POST, true);
    curl_setopt($ch, CURLOPT_POSTFIELDS, $body);
    curl_setopt($ch, CURLOPT_HTTPHEADER, ["Content-Type: $type"]);
    curl_setopt($ch, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($ch, CURLOPT_TIMEOUT_MS, (int) $given['timeoutMs']);
    $answer = curl_exec($ch);
    if ($answer === false) throw new Exception(curl_error($ch));
    return $answer;
}

function now(): string
{
    return (new DateTime('now', new DateTimeZone('Asia/Seoul')))->format('YmdHis');
}

function digest(string $plain): string
{
    return base64_encode(hash('sha256', $plain, true));
}

function read_form(string $body, string $charset): array
{
    $form = [];
    foreach (explode('&', $body) as $field) {
        [$name, $value] = explode('=', $field, 2);
        $text = urldecode($value);
        $form[urldecode($name)] = $charset === 'euc-kr' ? mb_convert_encoding($text, 'UTF-8', 'CP949') : $text;
    }
    return $form;
}
