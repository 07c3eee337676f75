import type { LocalizedText } from '../../packages/protocol/src/field-table.ts'
import { packCommands } from './packages-page.ts'

/** An excerpt of the example, and its introduction. */
export interface Shown {
  readonly title: LocalizedText
  readonly about: LocalizedText
  /** As in a `from` comment, without the folder: `shop.ts: "first" .. "last"`. */
  readonly from: string
}

/** A web framework or language, and its example. */
export interface StartServer {
  /** Name of the page and of the folder in `examples/`. */
  readonly name: string
  readonly title: string
  readonly main: string
  readonly language: string
  /** The commands that start it, in the repository's root. */
  readonly run: readonly string[]
  readonly needs: LocalizedText
  readonly about: LocalizedText
  /** Its notification address. */
  readonly notificationUrl: string
  /** How to set the shop's own keys. */
  readonly keys: LocalizedText
  readonly shown: readonly Shown[]
  /** The example whose folder `sspay` this one uses. */
  readonly shares?: string
}

const checkoutShown = (from: string): Shown => ({
  title: { ko: '결제 주소: createCheckout', en: 'The addresses of a payment: createCheckout' },
  about: {
    ko: '주문을 찾는 함수, 결제 완료로 바꾸는 함수, 누가 결제해도 되는지, 결과 화면의 주소를 줍니다. 키와 주소는 환경 변수에서 읽습니다.',
    en: 'It takes the functions that find an order, mark it as paid and check who may pay, and the address of the result page. Keys and addresses come from environment variables.',
  },
  from: `${from}: "const checkout = createCheckout({"`,
})

const ordersShown = (file: string): readonly Shown[] => [
  {
    title: { ko: '주문을 찾는 함수: findOrder', en: 'The function that finds an order: findOrder' },
    about: {
      ko: '내 주문 표에서 읽어 `CheckoutOrder`로 돌려줍니다. 필수는 `orderId`(40자 이하), `amount`(원), `goodsName`(40자 이하), `customerId`, `buyerName`(30자 이하), `buyerPhone`, `buyerEmail`, `state`입니다. 하나라도 빠지거나 길면 결제창을 열지 않고 `onError`이 어느 항목인지 알려 줍니다. `customerId`는 **영문과 숫자 20자 이하**입니다. 이메일이나 하이픈이 든 UUID는 쓸 수 없고, 한 고객에게는 늘 같은 값을 줍니다. 나머지 항목은 [createCheckout에 주는 것](../../reference/ko/checkout-options.md#주문-checkoutorder)에 있습니다.',
      en: 'It reads your table of orders and returns a `CheckoutOrder`. Required: `orderId` (at most 40 characters), `amount` (won), `goodsName` (at most 40), `customerId`, `buyerName` (at most 30), `buyerPhone`, `buyerEmail` and `state`. If one is missing or too long, the window does not open, and `onError` reports which one. `customerId` is **at most 20 letters and digits**: e-mail addresses and UUIDs with hyphens are not allowed. Use the same value for a customer in every payment. For the other fields see [what createCheckout takes](../../reference/en/checkout-options.md#an-order-checkoutorder).',
    },
    from: `${file}: "export function findOrder"`,
  },
  {
    title: { ko: '구매자의 이름과 연락처', en: 'Name and contact of the buyer' },
    about: {
      ko: '`findOrder`가 주문과 함께 돌려주는 값입니다. 결제창의 본인인증 화면이 이름과 번호를 미리 채웁니다.',
      en: '`findOrder` returns them with the order. The window fills in name and number for the identity verification.',
    },
    from: `${file}: "/** 로그인한 회원의 이름과" .. "const buyer"`,
  },
  {
    title: { ko: '주문과 장부는 한 데이터베이스에', en: 'Orders and journal in one database' },
    about: {
      ko: '승인을 요청하기 전에 장부에 적습니다. 장부와 주문이 한 트랜잭션에서 바뀌므로 서버가 언제 멈춰도 짝이 맞습니다. PostgreSQL이면 `postgresJournal`을 씁니다.',
      en: 'The journal entry is written before the approval is requested. Journal and order change in one transaction, so they stay consistent whenever the server stops. For PostgreSQL use `postgresJournal`.',
    },
    from: `${file}: "const db = new DatabaseSync" .. "export const journal"`,
  },
  {
    title: { ko: '결제 완료는 한 곳에서만', en: 'One place marks an order as paid' },
    about: {
      ko: '돌아온 구매자, 새로고침, 재통보, 복구가 모두 이 함수를 지나갑니다. 기다리던 주문이 아니면 `false`이고, 그 돈은 돌아갑니다.',
      en: 'The returning buyer, a reload, a notification and the recovery all call this function. For an order that was not waiting it returns `false`, and that payment is refunded.',
    },
    from: `${file}: "export const markOrderPaid" .. ".changes === 1"`,
  },
  {
    title: { ko: '확인 중인 주문', en: 'An order that is being checked' },
    about: {
      ko: '결과를 모르는 결제가 있는 주문에는 결제하기를 보여 주지 않습니다.',
      en: 'While the outcome of a payment is unknown, its order offers no second payment.',
    },
    from: `${file}: "export const isBeingChecked" .. "some("`,
  },
]

const recoveryShown = (from: string): Shown => ({
  title: { ko: '복구', en: 'The recovery' },
  about: {
    ko: '서버를 시작할 때, 그리고 그 뒤로 1분마다 결과를 모르는 결제를 끝냅니다.',
    en: 'Finishes payments whose outcome is unknown: when the server starts, and every minute from then on.',
  },
  from,
})

const mounted = (ko: string, en: string, from: string): Shown => ({
  title: { ko: '서버에 얹기', en: 'Mount it on the server' },
  about: { ko, en },
  from,
})

const nodeNeeds: LocalizedText = {
  ko: '예제는 TypeScript를 그대로 실행하고 `node:sqlite`를 쓰므로 Node.js 22.18 이상이 필요합니다. 저장소의 `npx node`는 Node.js 24입니다. SDK만 쓰는 서버는 Node.js 20.19부터 됩니다.',
  en: 'The example runs TypeScript directly and uses `node:sqlite`, so it needs Node.js 22.18 or later; `npx node` of the repository is Node.js 24. A server that only uses the SDK needs Node.js 20.19 or later.',
}

const checkoutNotification = 'http://localhost:4700/pay/notice'

const nodeKeys: LocalizedText = {
  ko: '키를 환경 변수에 넣습니다([환경 변수](index.md#환경-변수)).',
  en: 'Set the keys as environment variables ([variables](index.md#environment-variables)).',
}

/** An application with its own dependencies, built with the packages as npm will publish them. */
const applicationNeeds: LocalizedText = {
  ko: '이 예제는 자기 의존성을 가진 앱입니다. `sspay init`이 저장소 밖에 쓰고, 패키지가 npm에 나오기 전에는 저장소에서 만든 타르볼을 설치합니다. Node.js 24 이상이 필요합니다.',
  en: 'This example is an application with its own dependencies. `sspay init` writes it outside the repository. Until the packages are on npm it installs tarballs that the repository builds. Requires Node.js 24 or later.',
}

const runApplication = (name: string): readonly string[] => [
  ...packCommands,
  `npx sspay init ${name} ../sspay-${name} --tarballs ../tarballs`,
  `cd ../sspay-${name}`,
  'npm install',
  'npm run build',
  'npm start',
]

const nodeServer = (
  name: string,
  title: string,
  about: LocalizedText,
  mount: Shown,
  recovery: string,
  language: 'ts' | 'js' = 'ts',
): StartServer => ({
  name,
  title,
  main: `shop.${language}`,
  language,
  run: [`npx node --env-file=examples/${name}/.env.example examples/${name}/shop.${language}`],
  needs: nodeNeeds,
  notificationUrl: checkoutNotification,
  about,
  keys: nodeKeys,
  shown: [checkoutShown(`shop.${language}`), mount, ...ordersShown(`orders.${language}`), recoveryShown(recovery)],
})

export const startServers: readonly StartServer[] = [
  nodeServer(
    'express',
    'Express 5',
    {
      ko: 'Express 앱에 미들웨어 한 줄을 더합니다. Express 4에서도 같습니다.',
      en: 'Adds one line of middleware to an Express app. It works the same in Express 4.',
    },
    mounted(
      '세션과 본문 파서보다 **먼저** 둡니다. 결제창은 EUC-KR로도 보내므로, 파서가 먼저 읽으면 글자를 되돌릴 수 없습니다.',
      'Put it **before** session and body parsers: the window may post in EUC-KR, and a parser that reads the body first destroys the characters.',
      'shop.ts: "const app = express()" .. "app.use(expressCheckout"',
    ),
    'shop.ts: "const recovery = checkout.startRecovery()" .. "app.listen"',
  ),
  nodeServer(
    'fastify',
    'Fastify 5',
    { ko: 'Fastify에 플러그인 하나를 등록합니다.', en: 'Registers one plugin in Fastify.' },
    mounted(
      '접두사 없이, 세션 플러그인 **아래가 아니라 나란히** 등록합니다. 본문 파서는 플러그인이 따로 가집니다.',
      'Register it without a prefix, **beside, not below** the session plugin. The plugin has its own body parsers.',
      'shop.ts: "const app = fastify()" .. "app.register(fastifyCheckout"',
    ),
    'shop.ts: "const recovery = checkout.startRecovery()" .. "app.addHook"',
  ),
  nodeServer(
    'hono',
    'Hono',
    {
      ko: 'Hono에 미들웨어 한 줄을 더합니다. Node.js뿐 아니라 `Request`와 `Response`를 쓰는 다른 곳에서도 됩니다.',
      en: 'Adds one line of middleware to Hono, on Node.js and on any runtime with `Request` and `Response`.',
    },
    mounted(
      '세션보다 **먼저** 둡니다.',
      'Put it **before** the session.',
      'shop.ts: "const app = new Hono()" .. "app.use(honoCheckout"',
    ),
    'shop.ts: "const recovery = checkout.startRecovery()"',
  ),
  {
    name: 'next',
    title: 'Next.js',
    main: 'checkout.ts',
    language: 'ts',
    run: runApplication('next'),
    needs: applicationNeeds,
    notificationUrl: checkoutNotification,
    about: {
      ko: 'App Router에 `route.ts` 파일 하나를 더합니다. Next.js 13 이상이면 됩니다.',
      en: 'Adds one `route.ts` to the App Router. Requires Next.js 13 or later.',
    },
    keys: nodeKeys,
    shown: [
      {
        ...checkoutShown('checkout.ts'),
        from: 'checkout.ts: "export const openCheckout"',
      },
      mounted(
        "`/pay` 아래의 다섯 주소를 한 파일이 받습니다. 빌드할 때는 열지 않고 첫 요청에서 엽니다. Node.js 런타임 그대로 두세요. `basePath: '/store'`를 쓰면 파일은 그대로 두고, `SSPAY_CHECKOUT_URL`은 `/store/pay`로 끝나게, `resultUrl`은 `/store/…`를 돌려주게 합니다. `trailingSlash: true`에는 `skipTrailingSlashRedirect: true`를 함께 두세요. 없으면 Next.js가 `/pay/notice`를 308로 옮기는데, 재통보는 리디렉션을 따라가지 않습니다.",
        "One file handles the five addresses below `/pay`. It opens nothing during the build, only on the first request. Keep the Node.js runtime. With `basePath: '/store'` the file stays where it is, `SSPAY_CHECKOUT_URL` ends in `/store/pay`, and `resultUrl` returns `/store/…`. With `trailingSlash: true` also set `skipTrailingSlashRedirect: true`. Without it Next.js answers `/pay/notice` with 308, and notifications follow no redirect.",
        'app/pay/[step]/route.ts',
      ),
      {
        title: { ko: '버튼', en: 'The button' },
        about: {
          ko: '`payOrder`가 결제창을 페이지 위에 엽니다. 스크립트가 없으면 링크가 결제 페이지로 갑니다.',
          en: '`payOrder` opens the window over the page. Without JavaScript the link leads to the payment page.',
        },
        from: 'app/orders/[orderId]/pay-button.tsx: "  const pay = async"',
      },
      {
        title: { ko: '세션', en: 'The session' },
        about: {
          ko: '새 세션은 상품 페이지에서만 만듭니다. 결제창에서 돌아오는 첫 요청에는 쿠키가 없습니다.',
          en: 'A new session is created on the product page only: the first request that returns from the window carries no cookies.',
        },
        from: 'proxy.ts: "export function proxy" .. "export const config"',
      },
      ...ordersShown('orders.ts'),
      {
        ...recoveryShown('instrumentation.ts: "export async function register"'),
        about: {
          ko: '서버가 시작할 때 켭니다. 서버가 계속 켜져 있지 않은 곳에서는 예약 작업이 `/pay/recover`를 `SSPAY_RECOVERY_KEY`로 부르게 하세요.',
          en: 'It starts with the server. Where no server keeps running, let a scheduled job call `/pay/recover` with `SSPAY_RECOVERY_KEY`.',
        },
      },
    ],
  },
  {
    name: 'nest',
    title: 'NestJS',
    main: 'main.ts',
    language: 'ts',
    run: runApplication('nest'),
    needs: applicationNeeds,
    notificationUrl: checkoutNotification,
    about: {
      ko: '`main.ts`에 한 줄을 더합니다. Express와 Fastify 어느 쪽에서도 됩니다.',
      en: 'Adds one line to `main.ts`. It works on Express and on Fastify.',
    },
    keys: nodeKeys,
    shown: [
      {
        ...checkoutShown('checkout.module.ts'),
        from: 'checkout.module.ts: "const openCheckout"',
      },
      mounted(
        '`listen`보다 먼저, 세션보다 먼저 둡니다.',
        'Put it before `listen` and before the session.',
        'main.ts: "const app = await NestFactory" .. "app.enableShutdownHooks()"',
      ),
      ...ordersShown('orders.ts'),
      recoveryShown('checkout.module.ts: "class Recovery" .. "export class CheckoutModule"'),
    ],
  },
  {
    ...nodeServer(
      'javascript',
      'JavaScript',
      {
        ko: '타입도 프레임워크도 없이 `node:http`와 SDK만 씁니다. `node shop.js`로 바로 실행됩니다.',
        en: 'Neither types nor a framework: `node:http` and the SDK. Runs as `node shop.js`.',
      },
      mounted(
        'Express의 미들웨어를 `node:http`에 그대로 얹습니다. `/pay` 아래의 주소가 아니면 `next`를 부릅니다.',
        'The middleware of Express runs on `node:http` as it is, and calls `next` for addresses outside `/pay`.',
        'shop.js: "const server = createServer"',
      ),
      'shop.js: "const recovery = checkout.startRecovery()"',
      'js',
    ),
    needs: {
      ko: "예제는 `node:sqlite`를 쓰므로 Node.js 22.13 이상이 필요합니다. CommonJS 프로젝트에서는 SDK를 `const { createCheckout } = require('@sspay/merchant')`로 읽습니다(Node.js 20.19 이상, 22.12 이상). ES 모듈을 `require()`하는 것이므로 그보다 오래된 Node.js에서는 `await import('@sspay/merchant')`를 쓰세요.",
      en: "The example uses `node:sqlite`, so it needs Node.js 22.13 or later. A CommonJS project loads the SDK as `const { createCheckout } = require('@sspay/merchant')` (Node.js 20.19, 22.12 or later). It is an ES module, so older versions of Node.js need `await import('@sspay/merchant')`.",
    },
  },
]
