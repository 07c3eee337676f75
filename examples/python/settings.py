"""환경 변수와, 거기에 없으면 이 폴더의 .env에서 읽는 설정. 빠졌거나 틀린 것은 이름을 모두 알려 주고 시작하지 않습니다."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

# 가이드의 호스트: (PC 결제창, 모바일 결제창, 승인)
HOSTS = {
    'staging': ('https://tpay.smartropay.co.kr', 'https://tmpay.smartropay.co.kr', 'https://tapproval.smartropay.co.kr'),
    'production': ('https://pay.smartropay.co.kr', 'https://mpay.smartropay.co.kr', 'https://approval.smartropay.co.kr'),
}


class SettingsError(Exception):
    pass


@dataclass(frozen=True)
class Settings:
    merchant_id: str
    easy_pay_merchant_id: str
    # repr=False: 설정을 통째로 찍어도 비밀 값은 나오지 않습니다.
    merchant_key: str = field(repr=False)
    cancel_password: str = field(repr=False)
    admin_password: str = field(repr=False)
    pc_window: str
    mobile_window: str
    approval: str
    mode: str
    ca_file: str
    origin: str
    host: str
    port: int
    data: str
    recover_seconds: int


REQUIRED = {
    'SSPAY_MERCHANT_ID': (r'[A-Za-z0-9]{10}', '상점ID(Mid), 영문·숫자 10자'),
    'SSPAY_EASY_PAY_MERCHANT_ID': (r'[A-Za-z0-9]{10}', '간편결제 가맹점 ID(SspMallId), 영문·숫자 10자'),
    'SSPAY_MERCHANT_KEY': (r'[!-~]{32,}', '상점키(MerchantKey), 발급받은 그대로 32자 이상'),
    'SSPAY_CANCEL_PASSWORD': (r'[0-9]{6}', '취소 비밀번호, 숫자 6자리'),
    'SHOP_ADMIN_PASSWORD': (r'[!-~]{12,}', '관리 화면의 비밀번호, 12자 이상'),
}


def read_file():
    """이 폴더의 .env: 개발할 때만. 운영에서는 환경 변수로 줍니다."""
    file = Path(__file__).with_name('.env')
    return dict(re.findall(r'^([A-Z_]+)=(.*)$', file.read_text('utf-8'), re.MULTILINE)) if file.exists() else {}


def read_settings(given):
    env = {**read_file(), **{name: value for name, value in given.items() if value}}
    wrong = [
        f'  {name}: {meaning} / {"missing" if not env.get(name) else "malformed"}'
        for name, (pattern, meaning) in REQUIRED.items()
        if not re.fullmatch(pattern, env.get(name, ''))
    ]
    gateway = env.get('SSPAY_GATEWAY') or 'http://localhost:4610'
    if gateway not in HOSTS and not re.fullmatch(r'https?://[^/\s]+', gateway):
        wrong.append('  SSPAY_GATEWAY: staging, production 또는 http(s)://호스트:포트 / malformed')
    # 컨테이너처럼 서버와 브라우저가 게이트웨이를 다른 주소로 부를 때의 결제창 주소
    window = env.get('SSPAY_WINDOW_ORIGIN') or gateway
    if window != gateway and (gateway in HOSTS or not re.fullmatch(r'https?://[^/\s]+', window)):
        wrong.append('  SSPAY_WINDOW_ORIGIN: http(s)://호스트:포트, SSPAY_GATEWAY도 주소일 때만 / malformed')
    port = env.get('PORT') or '4700'
    if not re.fullmatch(r'[0-9]{1,5}', port):
        wrong.append('  PORT: 숫자 / malformed')
    if wrong:
        raise SettingsError('환경 변수를 확인하세요 / check the environment:\n' + '\n'.join(wrong))
    pc, mobile, approval = HOSTS.get(gateway, (window, window, gateway))
    return Settings(
        merchant_id=env['SSPAY_MERCHANT_ID'],
        easy_pay_merchant_id=env['SSPAY_EASY_PAY_MERCHANT_ID'],
        merchant_key=env['SSPAY_MERCHANT_KEY'],
        cancel_password=env['SSPAY_CANCEL_PASSWORD'],
        admin_password=env['SHOP_ADMIN_PASSWORD'],
        pc_window=pc,
        mobile_window=mobile,
        approval=approval,
        mode='REAL' if gateway == 'production' else 'STG',
        ca_file=env.get('SSPAY_CA_FILE', ''),
        # Host 헤더는 손님이 정할 수 있으니, 돌아올 주소는 설정에서만 만듭니다.
        origin=(env.get('SHOP_ORIGIN') or f'http://localhost:{port}').rstrip('/'),
        host=env.get('HOST') or '127.0.0.1',
        port=int(port),
        data=env.get('SHOP_DATA') or 'shop.db',
        recover_seconds=int(env.get('SHOP_RECOVER_SECONDS') or 60),
    )


def is_secure(settings):
    return urlsplit(settings.origin).scheme == 'https'
