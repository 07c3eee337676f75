import type { LocalizedText } from '../../packages/protocol/src/field-table.ts'
import { frameworks } from '../../packages/sandbox/src/init/frameworks.ts'
import type { Shown, StartServer } from './start-servers.ts'

/** The same in PowerShell, where `cp` is an alias. */
const inFolder = (name: string, ...start: readonly string[]): readonly string[] => [
  `cd examples/${name}`,
  'cp .env.example .env',
  ...start,
]

const notificationUrl = 'http://localhost:4700/notify'

const keys: LocalizedText = {
  ko: '키를 환경 변수에 넣고(`.env`는 개발용입니다), `SSPAY_GATEWAY`를 `staging`이나 `production`으로, `SHOP_ORIGIN`을 쇼핑몰의 주소로 합니다.',
  en: 'Set the environment variables to your keys (`.env` is for development only), `SSPAY_GATEWAY` to `staging` or `production`, and `SHOP_ORIGIN` to the address of the shop.',
}

const about = (language: string): LocalizedText => ({
  ko: `SDK가 없는 ${language}에서 전문을 직접 씁니다. 표준 라이브러리만 쓰고, 승인 응답을 잃어도 돈과 주문이 맞는 상점 전체가 예제입니다. 그대로 가져가서 주문 표만 바꾸세요.`,
  en: `The wire protocol in ${language}, which has no SDK. The example is a complete shop on the standard library; payments and orders stay consistent even if an approval answer is lost. Copy it and replace the orders table.`,
})

const titles = {
  signature: { ko: '서명', en: 'The signature' },
  authorize: { ko: '누구의 반환인지 확인', en: 'Verify whose return it is' },
  begin: { ko: '먼저 적고, 그다음 요청', en: 'Record first, then request' },
  markPaid: { ko: '한 번만 반영', en: 'Mark as paid once' },
  notification: { ko: '재통보', en: 'Notifications' },
  recover: { ko: '복구', en: 'The recovery' },
  window: { ko: '결제창을 여는 화면', en: 'The page that opens the window' },
  spring: { ko: 'Spring Boot', en: 'Spring Boot' },
} as const satisfies Record<string, LocalizedText>

const sentences: Readonly<Record<keyof typeof titles, LocalizedText>> = {
  signature: {
    ko: '`EdiDate + Mid + Amt + MerchantKey`를 SHA-256으로, 32바이트를 Base64로 씁니다. 16진수가 아닙니다.',
    en: 'SHA-256 of `EdiDate + Mid + Amt + MerchantKey`; the 32 bytes in Base64, not in hexadecimal.',
  },
  authorize: {
    ko: '누구나 남의 주문번호로 반환 주소에 인증키를 보낼 수 있습니다. 폼에 넣은 주문의 서명(`MallReserved`)을 조회해 비교하고, 맞지 않으면 아무것도 적지 않습니다.',
    en: 'Anyone can post a ticket to the ReturnUrl of another order. The inquiry repeats the order signature of the form (`MallReserved`); if it does not match, nothing is written.',
  },
  begin: {
    ko: '승인을 요청하기 전에 장부에 적습니다. 한 주문에 살아 있는 결제는 하나뿐이므로, 두 탭에서 결제해도 두 번째는 승인을 요청하지 않습니다.',
    en: 'The journal entry is written before the approval is requested. An order has at most one payment in progress, so with two tabs the second one requests no approval.',
  },
  markPaid: {
    ko: '돌아온 구매자, 새로고침, 재통보, 복구가 모두 이 함수를 지나갑니다.',
    en: 'The returning buyer, a reload, a notification and the recovery all call this function.',
  },
  notification: {
    ko: '서명은 거래번호와 결과코드만 지킵니다. 금액과 주문을 직접 비교하고, 저장한 뒤에 `OK`라고 답합니다.',
    en: 'The signature covers only the transaction id and the result code. Compare amount and order yourself, and answer `OK` after the commit.',
  },
  recover: {
    ko: '결과를 모르는 결제를 조회하고, 승인 전이면 같은 인증키로 다시 승인합니다. 시작할 때와 1분마다 실행합니다.',
    en: 'Inquires about payments whose outcome is unknown, and approves again with the same ticket if the payment is not approved yet. Runs at startup and every minute.',
  },
  window: {
    ko: '서블릿이 서명한 폼을 JSP가 보여 주기만 합니다. 바깥에서 온 글자는 모두 `Html.e()`를 거칩니다.',
    en: 'The servlet signs the form, the JSP only shows it. All text from outside passes through `Html.e()`.',
  },
  spring: {
    ko: '`sspay` 폴더를 `src/main/java`에 그대로 두고, `@Controller`에서 부릅니다. `spring/ShopController.java`가 그 전부입니다(Spring Boot 3). `@RequestParam`은 EUC-KR 재통보를 깨뜨리므로 본문을 직접 읽습니다. Spring Security를 쓰면 `/return`, `/abort`, `/notify`를 CSRF 검사에서 뺍니다: 다른 사이트에서 오는 POST이고, 검사가 본문을 먼저 읽어 버립니다.',
    en: 'Put the folder `sspay` into `src/main/java` as it is and call it from a `@Controller`; `spring/ShopController.java` is all of it (Spring Boot 3). `@RequestParam` breaks notifications in EUC-KR, so it reads the body itself. With Spring Security exempt `/return`, `/abort` and `/notify` from CSRF protection: they are posts from another site, and the check would consume the body.',
  },
}

const shown = (what: keyof typeof titles, from: string): Shown => ({
  title: titles[what],
  about: sentences[what],
  from,
})

export const startLanguages: readonly StartServer[] = [
  {
    name: 'php',
    title: 'PHP',
    main: 'index.php',
    language: 'php',
    run: inFolder('php', 'php index.php recover', 'php -S localhost:4700 index.php'),
    notificationUrl,
    needs: {
      ko: 'PHP 8.1 이상과 curl, mbstring, openssl, pdo_sqlite 확장이 필요합니다. 빠진 확장은 시작할 때 이름과 설치하는 법을 알려 줍니다. 장부의 폴더는 스스로 만듭니다. 복구는 cron으로 1분마다 그 폴더에서 `php index.php recover`를 실행합니다.',
      en: 'Requires PHP 8.1 or later with curl, mbstring, openssl and pdo_sqlite. At its start it names missing extensions and how to install them, and creates the folder of the journal. For the recovery, run `php index.php recover` in that folder every minute with cron.',
    },
    about: about('PHP'),
    keys,
    shown: [
      shown('signature', 'wire.php: "function digest("'),
      shown('signature', 'wire.php: "function sign_form("'),
      shown('authorize', 'payments.php: "/** 누구나 남의 주문번호로"'),
      shown('begin', 'payments.php: "/** 인증이 끝난 구매자가"'),
      shown('markPaid', 'journal.php: "/** 결제 한 건을 주문에"'),
      shown('recover', 'payments.php: "/** 결과를 모르는 결제와 취소를"'),
    ],
  },
  {
    name: 'java',
    title: 'Java',
    main: 'Shop.java',
    language: 'java',
    run: inFolder('java', ...(frameworks.java?.start ?? [])),
    notificationUrl,
    needs: {
      ko: 'JDK 17 이상이 필요합니다. JDK의 `HttpServer`로 만든 상점입니다. 톰캣의 JSP 쇼핑몰은 같은 `sspay` 클래스를 쓰는 [JSP 예제](jsp.md)에서, Spring Boot는 [아래](#spring-boot)에서 시작하고, `Journal`은 JDBC로 바꾸세요.',
      en: 'Requires JDK 17 or later. The shop uses the `HttpServer` of the JDK. For JSP on Tomcat start from the [JSP example](jsp.md), which uses the same `sspay` classes, for Spring Boot [below](#spring-boot); replace `Journal` by JDBC.',
    },
    about: about('Java'),
    keys,
    shown: [
      shown('signature', 'sspay/Wire.java: "static String digest("'),
      shown('signature', 'sspay/Wire.java: "static String signForm("'),
      shown('authorize', 'sspay/Payments.java: "/** 누구나 남의 주문번호로"'),
      shown('begin', 'sspay/Payments.java: "void receiveReturn("'),
      shown('markPaid', 'sspay/Journal.java: "synchronized void markPaid("'),
      shown('notification', 'sspay/Payments.java: "boolean receiveNotification("'),
      shown('recover', 'sspay/Payments.java: "String recover()"'),
      shown('spring', 'spring/ShopController.java: "/** ReturnUrl"'),
      shown('spring', 'spring/ShopController.java: "/** 재통보"'),
      shown('spring', 'spring/ShopController.java: "/** @RequestParam"'),
      shown('spring', 'spring/ShopController.java: "@Configuration"'),
    ],
  },
  {
    name: 'jsp',
    title: 'JSP',
    main: 'Start.java',
    language: 'java',
    shares: 'java',
    run: [
      'npx sspay init jsp ../my-jsp-shop',
      'cd ../my-jsp-shop',
      'mkdir lib',
      'ln -s /usr/share/java/tomcat10-*[a-z].jar /usr/share/java/eclipse-jdt-core.jar lib',
      ...(frameworks.jsp?.start ?? []),
    ],
    notificationUrl,
    needs: {
      ko: 'JDK 17 이상과 톰캣 10.1 이상이 필요합니다. 명령은 톰캣을 데비안·우분투의 `libtomcat10-java` 패키지에서 가져옵니다. 다른 운영체제에서는 `ln` 대신 `tomcat.apache.org`에서 내려받은 톰캣의 `lib/*.jar`와 `bin/tomcat-juli.jar`를 `lib`에 복사합니다. 설치한 톰캣에 올리는 법은 [README](../../../examples/jsp/README.md)에 있습니다.',
      en: 'Requires JDK 17 or later and Tomcat 10.1 or later. The commands take Tomcat from the package `libtomcat10-java` of Debian and Ubuntu. On other systems copy `lib/*.jar` and `bin/tomcat-juli.jar` of a Tomcat from `tomcat.apache.org` into `lib` in place of `ln`. How to deploy it to an installed Tomcat: [README](../../../examples/jsp/README.md).',
    },
    about: {
      ko: '톰캣의 JSP와 서블릿으로 만든 쇼핑몰입니다. SDK 없이 전문을 직접 쓰고, 돈이 걸린 판단은 [Java 예제](java.md)와 같은 `sspay` 클래스에 있습니다. 서블릿은 일을 하고 JSP는 보여 주기만 합니다.',
      en: 'A shop in JSP and servlets on Tomcat, without an SDK. The decisions about money are in the `sspay` classes of the [Java example](java.md). Servlets act, JSPs only show.',
    },
    keys,
    shown: [
      shown('window', 'web/OrderServlet.java: "protected void doGet("'),
      shown('window', 'webapp/WEB-INF/jsp/pay.jsp: "<form id=" .. "</form>"'),
      shown('begin', 'web/ReturnServlet.java: "/** ReturnUrl"'),
      shown('notification', 'web/NotificationServlet.java: "/** 재통보"'),
      shown('recover', 'web/ShopListener.java: "public void contextInitialized("'),
    ],
  },
  {
    name: 'python',
    title: 'Python',
    main: 'shop.py',
    language: 'python',
    run: inFolder('python', 'python3 shop.py'),
    notificationUrl,
    needs: {
      ko: 'Python 3.10 이상이 필요합니다. Windows에서는 `python3` 대신 `py`입니다. 취소와 회원 삭제의 AES는 `cryptography`가 있으면 그것을, 없으면 OpenSSL을 씁니다.',
      en: 'Requires Python 3.10 or later; on Windows type `py` instead of `python3`. AES for cancellation and member deletion uses `cryptography` if it is installed, otherwise OpenSSL.',
    },
    about: about('Python'),
    keys,
    shown: [
      shown('signature', 'wire.py: "def digest("'),
      shown('signature', 'wire.py: "def sign_form("'),
      shown('authorize', 'payments.py: "def may_approve("'),
      shown('begin', 'payments.py: "def receive_return("'),
      shown('markPaid', 'journal.py: "def mark_paid("'),
      shown('notification', 'payments.py: "def receive_notification("'),
      shown('recover', 'payments.py: "def recover("'),
    ],
  },
]
