"""전문: 서명, 암호화, 결제 서비스와의 통신. 여기 말고는 아무도 결제 서비스와 말하지 않습니다."""

import base64
import hashlib
import hmac
import http.client
import json
import re
import ssl
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

CONNECT_SECONDS = 1
READ_SECONDS = 10
LONGEST_ANSWER = 1_048_576


def digest(text):
    """SHA-256 32바이트의 Base64. 16진수가 아닙니다."""
    return base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')


def same(given, expected):
    """어디가 다른지 시간으로 드러나지 않게 비교합니다."""
    return hmac.compare_digest(given.encode('utf-8'), expected.encode('utf-8'))


def korean_time():
    """서버의 시간대와 관계없이 한국 시간 yyyyMMddHHmmss."""
    return datetime.now(timezone(timedelta(hours=9))).strftime('%Y%m%d%H%M%S')


def sign_form(settings, edi_date, amount):
    return digest(edi_date + settings.merchant_id + str(amount) + settings.merchant_key)


def sign_order(settings, order):
    """주문의 서명. MallReserved로 보내면 결제 서비스가 그대로 돌려줍니다. 이 주문의 결제 화면을 받은 손님만 보낼 수 있습니다."""
    text = f'order {settings.merchant_id} {order["id"]} {order["amount"]} {order["customer"]}'
    mac = hmac.new(settings.merchant_key.encode('ascii'), text.encode('ascii'), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode('ascii')


def sign_result(settings, tid, code):
    return digest(tid[:10] + code + tid[10:15] + settings.merchant_key + tid[15:])


def encrypt_body(settings, body):
    """EncData: AES-256-CBC, IV는 0 16바이트, 키는 상점키의 앞 32글자 그대로."""
    plaintext = json.dumps(body, ensure_ascii=False).encode('utf-8')
    padding = 16 - len(plaintext) % 16
    encrypted = aes_256_cbc(settings.merchant_key[:32].encode('ascii'), plaintext + bytes([padding]) * padding)
    return {'EncData': base64.b64encode(encrypted).decode('ascii'), 'Mid': settings.merchant_id}


def aes_256_cbc(key, padded):
    """표준 라이브러리에는 AES가 없습니다. openssl 명령에 키를 넘기면 ps에 보이므로, 같은 프로세스 안에서 암호화합니다."""
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        return aes_256_cbc_of_libcrypto(key, padded)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return encryptor.update(padded) + encryptor.finalize()


def aes_256_cbc_of_libcrypto(key, padded):
    """cryptography가 없으면 파이썬의 ssl이 쓰는 것과 같은 OpenSSL을 직접 부릅니다."""
    import ctypes
    import ctypes.util

    name = ctypes.util.find_library('crypto')
    if name is None:
        raise RuntimeError('취소와 회원 삭제에는 AES가 필요합니다: pip install cryptography')
    crypto = ctypes.CDLL(name)
    pointer, number = ctypes.c_void_p, ctypes.c_int
    crypto.EVP_aes_256_cbc.restype = crypto.EVP_CIPHER_CTX_new.restype = pointer
    crypto.EVP_EncryptInit_ex.argtypes = [pointer, pointer, pointer, ctypes.c_char_p, ctypes.c_char_p]
    crypto.EVP_EncryptUpdate.argtypes = [pointer, pointer, pointer, ctypes.c_char_p, number]
    crypto.EVP_CIPHER_CTX_free.argtypes = [pointer]
    context = crypto.EVP_CIPHER_CTX_new()
    try:
        encrypted, length = ctypes.create_string_buffer(len(padded) + 16), number()
        done = crypto.EVP_EncryptInit_ex(context, crypto.EVP_aes_256_cbc(), None, key, bytes(16)) and (
            crypto.EVP_EncryptUpdate(context, encrypted, ctypes.byref(length), padded, len(padded))
        )
        if done != 1 or length.value != len(padded):
            raise RuntimeError('libcrypto가 암호화하지 못했습니다')
        return encrypted.raw[: length.value]
    finally:
        crypto.EVP_CIPHER_CTX_free(context)


def read_text(octets):
    """UTF-8, 아니면 EUC-KR(브라우저와 같은 CP949)."""
    try:
        return octets.decode('utf-8-sig')
    except UnicodeDecodeError:
        return octets.decode('cp949', errors='replace')


def read_form(octets):
    """폼의 값들. 글자 인코딩은 값이 아니라 본문 전체를 보고 정합니다. 같은 이름이 두 번 오면 처음 것만 씁니다."""
    pairs = parse_qsl(octets.decode('latin-1'), keep_blank_values=True, encoding='latin-1')
    fields = {}
    try:
        for name, value in pairs:
            fields.setdefault(name, value.encode('latin-1').decode('utf-8'))
    except UnicodeDecodeError:
        fields = {}
        for name, value in pairs:
            fields.setdefault(name, value.encode('latin-1').decode('cp949', errors='replace'))
    return fields


class NoAnswer(Exception):
    """응답을 받지 못했습니다. 요청이 도착했는지는 아무도 모릅니다."""


def ask(settings, name, body):
    """JSON을 보내고 JSON 객체를 받습니다. 값은 모두 글자입니다. 그 밖의 모든 일은 NoAnswer."""
    try:
        status, octets = post(settings, f'/payment/approval/{name}', json.dumps(body).encode('utf-8'))
        answer = json.loads(read_text(octets))
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        raise NoAnswer(type(error).__name__) from None
    if status != 200 or not isinstance(answer, dict):
        raise NoAnswer(f'HTTP {status}')
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in answer.items() if value is not None}


def post(settings, path, body):
    url = urlsplit(settings.approval)
    connection = open_connection(settings, url)
    try:
        connection.connect()
        deadline = time.monotonic() + READ_SECONDS
        connection.sock.settimeout(READ_SECONDS)
        headers = {'Content-Type': 'application/json', 'Accept': 'application/json', 'Connection': 'close'}
        sock = connection.sock
        connection.request('POST', path, body, headers)
        response = connection.getresponse()
        octets = b''
        while part := response.read1(65_536):
            octets += part
            # 한 바이트씩 천천히 오는 응답도 10초를 넘기지 못합니다.
            sock.settimeout(max(0.001, deadline - time.monotonic()))
            if len(octets) > LONGEST_ANSWER:
                raise ValueError('the answer is too long')
        if response.length:
            raise http.client.IncompleteRead(octets)
        return response.status, octets
    finally:
        connection.close()


def open_connection(settings, url):
    if url.scheme == 'http':
        return http.client.HTTPConnection(url.hostname, url.port, timeout=CONNECT_SECONDS)
    # 인증서와 호스트 이름을 검사합니다. SSPAY_CA_FILE은 샌드박스의 로컬 CA를 믿을 때만 씁니다.
    context = ssl.create_default_context(cafile=settings.ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return http.client.HTTPSConnection(url.hostname, url.port, timeout=CONNECT_SECONDS, context=context)


def is_card_rejection(code):
    """30xx는 카드 거절. 3001은 승인, 307x는 승인 뒤의 매입 이야기라 거절이 아닙니다."""
    return re.fullmatch(r'30\d\d', code) is not None and code != '3001' and not code.startswith('307')
