<?php

declare(strict_types=1);

// 환경 변수와, 거기에 없으면 이 폴더의 .env에서 읽는 설정. 빠졌거나 틀린 것은 이름을 모두 알려 주고 시작하지 않습니다.

const EXTENSIONS = ['curl', 'mbstring', 'openssl', 'pdo_sqlite'];

// 가이드의 호스트: PC 결제창, 모바일 결제창, 승인
const HOSTS = [
    'staging' => ['https://tpay.smartropay.co.kr', 'https://tmpay.smartropay.co.kr', 'https://tapproval.smartropay.co.kr'],
    'production' => ['https://pay.smartropay.co.kr', 'https://mpay.smartropay.co.kr', 'https://approval.smartropay.co.kr'],
];

const REQUIRED = [
    'SSPAY_MERCHANT_ID' => ['/^[A-Za-z0-9]{10}\z/', '상점ID(Mid), 영문·숫자 10자'],
    'SSPAY_EASY_PAY_MERCHANT_ID' => ['/^[A-Za-z0-9]{10}\z/', '간편결제 가맹점 ID(SspMallId), 영문·숫자 10자'],
    'SSPAY_MERCHANT_KEY' => ['/^[!-~]{32,}\z/', '상점키(MerchantKey), 발급받은 그대로 32자 이상'],
    'SSPAY_CANCEL_PASSWORD' => ['/^[0-9]{6}\z/', '취소 비밀번호, 숫자 6자리'],
    'SHOP_ADMIN_PASSWORD' => ['/^[!-~]{12,}\z/', '관리 화면의 비밀번호, 12자 이상'],
    'SHOP_DATA' => ['/^.+\z/', '장부 파일. 웹에서 열리지 않는 폴더에 두세요'],
];

final class SettingsError extends Exception
{
}

final class Settings
{
    public string $merchantId;
    public string $easyPayMerchantId;
    public string $merchantKey;
    public string $cancelPassword;
    public string $adminPassword;
    public string $pcWindow;
    public string $mobileWindow;
    public string $approval;
    public string $mode;
    public string $caFile;
    public string $origin;
    public string $data;

    public function __construct()
    {
        self::requirePhp();
        $wrong = [];
        foreach (REQUIRED as $name => [$pattern, $meaning]) {
            $value = self::read($name);
            if (preg_match($pattern, $value) !== 1) {
                $wrong[] = "  $name: $meaning / " . ($value === '' ? 'missing' : 'malformed');
            }
        }
        $gateway = self::read('SSPAY_GATEWAY', 'http://localhost:4610');
        if (!isset(HOSTS[$gateway]) && preg_match('~^https?://[^/\s]+\z~', $gateway) !== 1) {
            $wrong[] = '  SSPAY_GATEWAY: staging, production 또는 http(s)://호스트:포트 / malformed';
        }
        // 컨테이너처럼 서버와 브라우저가 게이트웨이를 다른 주소로 부를 때의 결제창 주소
        $window = self::read('SSPAY_WINDOW_ORIGIN', $gateway);
        if ($window !== $gateway && (isset(HOSTS[$gateway]) || preg_match('~^https?://[^/\s]+\z~', $window) !== 1)) {
            $wrong[] = '  SSPAY_WINDOW_ORIGIN: http(s)://호스트:포트, SSPAY_GATEWAY도 주소일 때만 / malformed';
        }
        if ($wrong !== []) {
            throw new SettingsError("환경 변수를 확인하세요 / check the environment:\n" . implode("\n", $wrong));
        }
        $this->merchantId = self::read('SSPAY_MERCHANT_ID');
        $this->easyPayMerchantId = self::read('SSPAY_EASY_PAY_MERCHANT_ID');
        $this->merchantKey = self::read('SSPAY_MERCHANT_KEY');
        $this->cancelPassword = self::read('SSPAY_CANCEL_PASSWORD');
        $this->adminPassword = self::read('SHOP_ADMIN_PASSWORD');
        [$this->pcWindow, $this->mobileWindow, $this->approval] = HOSTS[$gateway] ?? [$window, $window, $gateway];
        $this->mode = $gateway === 'production' ? 'REAL' : 'STG';
        $this->caFile = self::read('SSPAY_CA_FILE');
        // Host 헤더는 손님이 정할 수 있으니, 돌아올 주소는 설정에서만 만듭니다.
        $this->origin = rtrim(self::read('SHOP_ORIGIN', 'http://localhost:' . self::read('PORT', '4700')), '/');
        $this->data = self::read('SHOP_DATA');
    }

    /** var_dump로 통째로 찍어도 비밀 값은 나오지 않습니다. */
    public function __debugInfo(): array
    {
        return ['merchantId' => $this->merchantId];
    }

    /** 없는 확장은 결제 도중이 아니라 시작할 때 이름과 고치는 법을 알려 줍니다. */
    private static function requirePhp(): void
    {
        $missing = array_filter(EXTENSIONS, fn (string $name): bool => !extension_loaded($name));
        if (PHP_VERSION_ID >= 80100 && $missing === []) {
            return;
        }
        // 데비안과 우분투의 패키지 이름은 php-sqlite3입니다.
        $packages = implode(' ', array_map(fn (string $name): string => 'php-' . str_replace('pdo_sqlite', 'sqlite3', $name), $missing));
        $lines = implode(', ', array_map(fn (string $name): string => "extension=$name", $missing));
        $ini = php_ini_loaded_file() ?: 'php.ini (php --ini)';
        throw new SettingsError(PHP_VERSION_ID < 80100
            ? 'PHP 8.1 이상이 필요합니다. 지금은 ' . PHP_VERSION . '입니다. / PHP 8.1 or later is needed; this is ' . PHP_VERSION . '.'
            : 'PHP 확장이 없습니다 / missing PHP extensions: ' . implode(', ', $missing)
                . "\n  Debian, Ubuntu: sudo apt install $packages"
                . "\n  Windows, macOS: $ini 에서 다음 줄의 앞의 ;를 지웁니다 / uncomment these lines in that file: $lines");
    }

    private static function read(string $name, string $default = ''): string
    {
        $value = getenv($name);
        if ($value === false || $value === '') {
            $value = self::fromFile()[$name] ?? '';
        }
        return $value === '' ? $default : $value;
    }

    /** 이 폴더의 .env: 개발할 때만. 운영에서는 환경 변수로 주고, .env가 웹에서 열리는 폴더에 두지 마세요. */
    private static function fromFile(): array
    {
        $file = __DIR__ . '/.env';
        preg_match_all('/^([A-Z_]+)=(.*?)\r?$/m', is_file($file) ? (string) file_get_contents($file) : '', $found);
        return array_combine($found[1], $found[2]);
    }
}
