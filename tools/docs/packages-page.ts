import { firstPaymentSections } from './first-payment-sections.ts'
import type { Language } from './language.ts'
import { shell } from './markdown.ts'

/** Commands of the page by step. `test/frameworks/first-payment.test.ts` reads them from the page and runs them. */
const commands = {
  pack: [
    'npm run build',
    'mkdir ../tarballs',
    'npm pack --pack-destination ../tarballs ./dist/protocol ./dist/browser ./dist/merchant ./dist/gateway ./dist/sandbox',
  ],
  install: [
    'mkdir my-shop',
    'cd my-shop',
    'npm init -y',
    'npm pkg set type=module',
    'npm install --save-dev node@24',
    'npm install ../tarballs/sspay-*.tgz express@5.3.0',
  ],
  sandbox: ['npx sspay sandbox'],
  shop: ['npx node --env-file=.env shop.ts'],
} as const

/** The same in every shell: the pages of Next.js and NestJS begin with them. */
export const packCommands: readonly string[] = commands.pack

const files = ['shop.ts', 'orders.ts', 'pages.ts', 'session.ts'] as const

const link = (file: string): string => `[\`${file}\`](../../../examples/express/${file})`

const environment = '<!-- from examples/express/.env.example -->\n```ini\n```'

const pages: Readonly<Record<Language, readonly string[]>> = {
  ko: [
    '# 패키지로 시작하기',
    '저장소 없이, 빈 폴더에서 패키지만으로 Express 쇼핑몰의 첫 결제까지 갑니다. 10분이면 됩니다. 아래의 명령은 시험이 그대로 실행합니다.',
    '## 1. 설치합니다',
    '컴퓨터에는 Node.js 20.19 이상과 npm만 있으면 됩니다. 패키지는 아직 npm에 없으므로 타르볼 다섯 개(`sspay-protocol`, `sspay-browser`, `sspay-merchant`, `sspay-gateway`, `sspay-sandbox`의 `.tgz`)를 `tarballs` 폴더에 둡니다. 그 폴더가 있는 곳에서 실행하면 옆에 쇼핑몰의 폴더가 생깁니다.',
    shell(...commands.install),
    '- `"type": "module"`이 꼭 필요합니다. 코드가 모두 ES 모듈입니다. 이미 있는 `package.json`에 넣을 수 없다면 파일 이름을 `.mts`로 하세요.\n- `node@24`는 이 폴더에 Node.js 24를 둡니다. 샌드박스와 예제가 그것으로 실행되도록 명령은 `npx`로 시작합니다. 컴퓨터의 Node.js가 24 이상이면 없어도 됩니다. npm은 컴퓨터의 Node.js로 실행되므로 `EBADENGINE` 경고를, `node`의 설치 스크립트에 대해 `install-scripts` 경고를 낼 수 있습니다. `npx node --version`이 `v24`로 시작하면 괜찮습니다.\n- 패키지가 npm에 나오면 마지막 줄은 `npm install @sspay/merchant express`와 `npm install --save-dev @sspay/sandbox`가 됩니다.',
    'PowerShell은 `*`를 펼치지 않습니다. 거기에서는 타르볼 다섯 개의 이름을 모두 적습니다([Windows](index.md#windows)). 타르볼이 없고 저장소가 있다면 저장소의 폴더에서 만듭니다.',
    shell(...commands.pack),
    '## 2. 샌드박스를 켭니다',
    '쇼핑몰의 폴더에서 실행하고 켜 둡니다. 저장소의 `npm start`와 같습니다. 결제 서비스(http://localhost:4610), 데모 쇼핑몰, 가상 카드사, 휴대폰, 콘솔(http://localhost:4620)이 켜집니다.',
    shell(...commands.sandbox),
    '## 3. 쇼핑몰을 켭니다',
    `같은 폴더에 예제의 파일 네 개를 같은 이름으로 저장합니다: ${files.map(link).join(', ')}.`,
    '그리고 `.env`를 만듭니다. 샌드박스의 공개 테스트 가맹점이므로 그대로 복사하면 됩니다.',
    environment,
    '다른 터미널의 같은 폴더에서 실행합니다.',
    shell(...commands.shop),
  ],
  en: [
    '# Start from the packages',
    'From an empty folder to the first payment of an Express shop in ten minutes, with the packages alone and without the repository. A test runs the commands on this page.',
    '## 1. Install',
    'You need Node.js 20.19 or later and npm. The packages are not on npm yet: put the five tarballs (the `.tgz` of `sspay-protocol`, `sspay-browser`, `sspay-merchant`, `sspay-gateway`, `sspay-sandbox`) into a folder `tarballs`. Run these commands next to that folder; they create the shop’s folder beside it.',
    shell(...commands.install),
    '- `"type": "module"` is required: all code is ES modules. If an existing `package.json` cannot have it, name the files `.mts`.\n- `node@24` puts Node.js 24 into this folder. The commands start with `npx` so that the sandbox and the example run on it. You can omit it if your machine has Node.js 24 or later. npm itself runs on the machine’s Node.js, so it may warn about `EBADENGINE`, and about `install-scripts` for `node`. If `npx node --version` prints `v24…`, the installation is fine.\n- Once the packages are on npm the last line becomes `npm install @sspay/merchant express` and `npm install --save-dev @sspay/sandbox`.',
    'PowerShell does not expand `*`: write out the names of the five tarballs there ([Windows](index.md#windows)). If you have the repository but no tarballs, build them in its folder.',
    shell(...commands.pack),
    '## 2. Start the sandbox',
    'Run this in the shop’s folder and leave it running. It does the same as `npm start` in the repository and starts the gateway (http://localhost:4610), demo shop, simulated card network, phone, console (http://localhost:4620).',
    shell(...commands.sandbox),
    '## 3. Start the shop',
    `Save four files of the example in the same folder under the same names: ${files.map(link).join(', ')}.`,
    'Then create `.env`. It holds the public test merchant of the sandbox, so copy it unchanged.',
    environment,
    'Run this in another terminal, in the same folder.',
    shell(...commands.shop),
  ],
}

const others: Readonly<Record<Language, readonly string[]>> = {
  ko: [
    '## 다른 서버',
    '`sspay init`이 쇼핑몰 하나를 빈 폴더에 씁니다: 예제의 파일, `.env`, `.gitignore`, `package.json`, `README.md`. 다음에 칠 명령도 알려 줍니다. 이름 없이 실행하면 목록이 나옵니다. `--tarballs`는 아직 npm에 없는 패키지를 타르볼에서 설치하게 합니다. PHP, Java, JSP, Python에는 필요 없습니다.',
    shell(
      'npx sspay init',
      'npx sspay init fastify ../my-fastify-shop --tarballs ../tarballs',
      'npx sspay init php ../my-php-shop',
    ),
    '| 서버 | 이름 |\n|---|---|\n| [Express](express.md), [Fastify](fastify.md), [Hono](hono.md) | `express`, `fastify`, `hono` |\n| [Next.js](next.md), [NestJS](nest.md) | `next`, `nest` |\n| [JavaScript](javascript.md), 타입 없이 `node:http`만 | `javascript` |\n| [PHP](php.md), [Java](java.md), [JSP](jsp.md), [Python](python.md), SDK 없이 | `php`, `java`, `jsp`, `python` |',
    '다음은 [Express](express.md)의 코드 설명, [createCheckout에 주는 것](../../reference/ko/checkout-options.md), [테스트하기](../../guides/ko/testing.md)입니다.',
  ],
  en: [
    '## Other servers',
    '`sspay init` writes a shop into an empty folder: the files of the example, `.env`, `.gitignore`, `package.json` and `README.md`, and prints the commands to type next. Without a name it lists what it can write. `--tarballs` lets npm install our packages, which it does not have yet, from the tarballs; PHP, Java, JSP and Python do not need it.',
    shell(
      'npx sspay init',
      'npx sspay init fastify ../my-fastify-shop --tarballs ../tarballs',
      'npx sspay init php ../my-php-shop',
    ),
    '| server | name |\n|---|---|\n| [Express](express.md), [Fastify](fastify.md), [Hono](hono.md) | `express`, `fastify`, `hono` |\n| [Next.js](next.md), [NestJS](nest.md) | `next`, `nest` |\n| [JavaScript](javascript.md) without types, on `node:http` alone | `javascript` |\n| [PHP](php.md), [Java](java.md), [JSP](jsp.md), [Python](python.md), without the SDK | `php`, `java`, `jsp`, `python` |',
    'Next: the code of [Express](express.md), [what createCheckout takes](../../reference/en/checkout-options.md), [testing](../../guides/en/testing.md).',
  ],
}

/** From an empty folder to the first payment. The environment is filled in from the example. */
export function renderPackagesPage(language: Language): string {
  const payment = firstPaymentSections(language, {
    notificationUrl: 'http://localhost:4700/pay/notice',
    firstNumber: 4,
  })
  return `${[...pages[language], ...payment, ...others[language]].join('\n\n')}\n`
}
