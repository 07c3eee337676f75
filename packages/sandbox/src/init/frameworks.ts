import type { LocalizedText } from '@sspay/protocol'

/** A kind of shop that `sspay init` writes. */
export interface Framework extends LocalizedText {
  /** Folder of its example. */
  readonly example: string
  /** In the shop's folder, before the first start. */
  readonly prepare: readonly string[]
  readonly start: readonly string[]
  /** Path of the shop that receives notifications. */
  readonly notificationPath: string
}

const onNode = (example: string, title: string, commands: Partial<Framework> = {}): Framework => ({
  example,
  ko: `${title}, Node.js 24 이상`,
  en: `${title}, Node.js 24 or later`,
  prepare: ['npm install'],
  start: ['npm start'],
  notificationPath: '/pay/notice',
  ...commands,
})

const withoutSdk = (example: string, text: LocalizedText, ...start: readonly string[]): Framework => ({
  example,
  ...text,
  prepare: [],
  start,
  notificationPath: '/notify',
})

const java = (ko: string, en: string): Framework =>
  withoutSdk(
    'java',
    { ko: `${ko}, JDK 17 이상`, en: `${en}, JDK 17 or later` },
    // Quoted: PowerShell would split the argument at its dot.
    'java "-Dfile.encoding=UTF-8" Shop.java',
  )

/** In the order of the list. */
export const frameworks: Readonly<Record<string, Framework>> = {
  express: onNode('express', 'Express 5, TypeScript'),
  fastify: onNode('fastify', 'Fastify 5, TypeScript'),
  hono: onNode('hono', 'Hono, TypeScript'),
  next: onNode('next', 'Next.js, TypeScript', { prepare: ['npm install', 'npm run build'] }),
  nest: onNode('nest', 'NestJS, TypeScript', { prepare: ['npm install', 'npm run build'] }),
  javascript: onNode('javascript', 'node:http, JavaScript'),
  php: withoutSdk(
    'php',
    {
      ko: 'PHP 8.1 이상, curl·mbstring·openssl·pdo_sqlite 확장',
      en: 'PHP 8.1 or later with curl, mbstring, openssl and pdo_sqlite',
    },
    'php index.php recover',
    'php -S localhost:4700 index.php',
  ),
  java: java('자바와 JDK의 HttpServer', 'Java on the HttpServer of the JDK'),
  spring: java(
    'java와 같습니다. Spring Boot나 JSP 예제는 아직 없습니다. Wire, Payments 클래스를 옮겨 쓰세요',
    'the same as java: there is no example for Spring Boot or JSP yet; move the classes Wire and Payments',
  ),
  python: withoutSdk('python', { ko: 'Python 3.10 이상', en: 'Python 3.10 or later' }, 'python3 shop.py'),
}
