import type { LocalizedText } from '@sspay/protocol'

/** A kind of shop that `sspay init` writes. */
export interface Framework extends LocalizedText {
  /** Folder of its example. */
  readonly example: string
  /** Folder of another example that this one uses. */
  readonly shares?: `${string}/${string}`
  /** What the shop's folder needs first that no command of every system brings. */
  readonly needs?: LocalizedText
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

// Quoted: PowerShell would split the first argument at its dot, and javac on Windows would replace the star by names.
const java = (ko: string, en: string): Framework =>
  withoutSdk(
    'java',
    { ko: `${ko}, JDK 17 이상`, en: `${en}, JDK 17 or later` },
    'javac -encoding UTF-8 -d classes Shop.java',
    'java "-Dfile.encoding=UTF-8" -cp classes Shop',
  )

const jsp: Framework = {
  ...withoutSdk(
    'jsp',
    {
      ko: 'JSP와 서블릿, 톰캣 10.1 이상, JDK 17 이상',
      en: 'JSP and servlets on Tomcat 10.1 or later, JDK 17 or later',
    },
    'javac -encoding UTF-8 "--class-path=lib/*" -d webapp/WEB-INF/classes sspay/*.java web/*.java',
    'java "-Dfile.encoding=UTF-8" -cp "lib/*" Start.java',
  ),
  shares: 'java/sspay',
  needs: {
    ko: '톰캣 10.1의 `lib/*.jar`와 `bin/tomcat-juli.jar`를 쇼핑몰의 `lib` 폴더에 복사합니다(https://tomcat.apache.org/download-10.cgi). 데비안과 우분투에서는 `libtomcat10-java`를 설치하고 `mkdir lib && ln -s /usr/share/java/tomcat10-*[a-z].jar /usr/share/java/eclipse-jdt-core.jar lib`',
    en: 'Copy `lib/*.jar` and `bin/tomcat-juli.jar` of Tomcat 10.1 into the folder `lib` of the shop (https://tomcat.apache.org/download-10.cgi). On Debian and Ubuntu install `libtomcat10-java`, then `mkdir lib && ln -s /usr/share/java/tomcat10-*[a-z].jar /usr/share/java/eclipse-jdt-core.jar lib`',
  },
}

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
  jsp,
  spring: java(
    'java와 같습니다. Spring Boot에서는 sspay 폴더와 spring/ShopController.java를 프로젝트로 옮깁니다',
    'the same as java; a Spring Boot project takes its folder sspay and spring/ShopController.java',
  ),
  python: withoutSdk('python', { ko: 'Python 3.10 이상', en: 'Python 3.10 or later' }, 'python3 shop.py'),
}
