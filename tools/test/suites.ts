import type { ProofSize } from '../../test/support/proof-size.ts'

/** Test files that one command runs. */
export interface Suite {
  readonly about: string
  readonly files: readonly string[]
  readonly without?: readonly string[]
  readonly proofs?: ProofSize
  /** Test processes at the same time. */
  readonly atOnce: number
  /** Small files share a process, so that each loads the modules of the gateway only once. */
  readonly isGrouped?: boolean
  readonly timeoutMs: number
  /** Starts a PostgreSQL that all its files share. */
  readonly hasPostgres?: boolean
  /** Another Node than this one, of the tools of a release. */
  readonly node?: 'node-20' | 'node-22'
}

const minutes = 60_000

/** Proofs of the tests' own support. */
const ofTheTests = ['test/support/embedded-postgres.test.ts']

const proofs = [
  'test/crash/*.test.ts',
  'test/faults/*.test.ts',
  'test/simulation/**/*.test.ts',
  'packages/gateway/test/keypad/{uniformity,picture}.test.ts',
  'packages/gateway/test/archive/killed.test.ts',
  'packages/gateway/test/key-rotation/killed.test.ts',
  'packages/sandbox/test/buyer/keypad-reader.test.ts',
  'packages/gateway/test/storage/on-postgres.test.ts',
  'packages/gateway/test/members/delete.test.ts',
  'packages/gateway/test/notifications/webhook-headers.test.ts',
  'test/docs/first-payment-guide.test.ts',
  'test/source-tokens.test.ts',
  'test/adapters/{fastify,hono}.test.ts',
  'packages/protocol/test/guess-charset.test.ts',
  ...ofTheTests,
]
/** About the tests themselves. */
const notMedium = ['test/source-tokens.test.ts', ...ofTheTests]

/** Show that the short part of each of those proofs finds a bug. */
const injected = ['{test,packages/*/test}/**/*.mutation.test.ts']
const browsers = ['test/e2e/**/*.test.ts', 'packages/*/test/**/*.browser.test.ts']

/** Every screen in every look: too long for the check of a submission. */
const everyLook = ['test/e2e/{accessibility-matrix,display-modes}.test.ts']
/** For the first a unit test makes the same payment without a browser, for the second `checkout.test.ts` with one. */
const browsersAtNight = [...everyLook, 'test/e2e/local-network.test.ts', 'test/e2e/pay-in-window.test.ts']

/** Have more cases in the thorough size. */
const everyWay = ['test/e2e/{accessibility,checkout,library-floor,mobile,return-path,window-binding,xss}.test.ts']

/** What a shop installs runs on older versions of Node than the gateway. */
const forShops = ['packages/{protocol,merchant,browser}/test/**/*.test.ts']
const withoutBrowsers = ['**/*.browser.test.ts']
const onMysql = ['packages/merchant/test/mysql-journal.test.ts']
const needSqlite = [
  'charge-bill-key',
  'checkout/*',
  'durable-object-sqlite',
  'journal',
  'named-sqlite',
  'sqlite-journal',
].map((name) => `packages/merchant/test/${name}.test.ts`)

export const suites = {
  unit: {
    about: 'every rule, and a short part of each long proof; needs neither a browser nor another language',
    files: [
      'packages/*/test/**/*.test.ts',
      'test/*.test.ts',
      'test/durability/synchronous.test.ts',
      'test/postgres/*.test.ts',
      'test/runtimes/light.test.ts',
      'test/{journeys,support,faults,crash,simulation,adapters,docs,image,bench,undone-fixes,first-hour-errors}/**/*.test.ts',
    ],
    without: [...withoutBrowsers, ...injected, ...ofTheTests, ...onMysql],
    atOnce: 4,
    isGrouped: true,
    hasPostgres: true,
    timeoutMs: 10 * minutes,
  },
  browsers: {
    about: 'in a real Chromium',
    files: browsers,
    without: browsersAtNight,
    atOnce: 3,
    timeoutMs: 10 * minutes,
  },
  engines: {
    about: 'payments, aborts and ways back to the shop in Firefox and WebKitGTK',
    files: ['test/engines/*.test.ts'],
    atOnce: 1,
    timeoutMs: 20 * minutes,
  },
  languages: {
    about: 'shops in PHP, Java, JSP and Python, the Java client of the guide, and twins of existing clients',
    files: ['test/other-languages/**/*.test.ts', 'test/java/*.test.ts', 'test/twins/*.test.ts'],
    atOnce: 3,
    timeoutMs: 10 * minutes,
  },
  mysql: {
    about: 'the journal on a MariaDB of this machine, or on the MySQL of SSPAY_TEST_MYSQL_URL',
    files: onMysql,
    atOnce: 1,
    timeoutMs: 10 * minutes,
  },
  frameworks: {
    about: 'Next.js, NestJS and every shop that sspay init writes, installed from the packed packages',
    files: ['test/frameworks/*.test.ts'],
    atOnce: 1,
    timeoutMs: 20 * minutes,
  },
  runtimes: {
    about: 'the checkout on Bun, Deno, workerd, Next.js below a basePath, and AWS Lambda; Jest, pnpm and Yarn',
    files: ['test/runtimes/{heavy,installs}.test.ts'],
    atOnce: 1,
    timeoutMs: 20 * minutes,
  },
  'node-20': {
    about: 'what a shop installs, on Node 20; without what needs node:sqlite, which came with Node 22',
    files: forShops,
    without: [...withoutBrowsers, ...needSqlite, ...onMysql],
    node: 'node-20',
    atOnce: 2,
    isGrouped: true,
    hasPostgres: true,
    timeoutMs: 10 * minutes,
  },
  'node-22': {
    about: 'what a shop installs, on Node 22',
    files: forShops,
    without: [...withoutBrowsers, ...onMysql],
    node: 'node-22',
    atOnce: 2,
    isGrouped: true,
    hasPostgres: true,
    timeoutMs: 10 * minutes,
  },
  medium: {
    about: 'the long proofs, at the size that the check of a submission has time for',
    files: [...proofs, ...injected],
    without: notMedium,
    proofs: 'medium',
    atOnce: 2,
    hasPostgres: true,
    timeoutMs: 15 * minutes,
  },
  thorough: {
    about: 'the long proofs with every case; about half an hour on two cores',
    files: [...proofs, ...injected, ...browsersAtNight, ...everyWay, 'test/compose/*.test.ts'],
    proofs: 'thorough',
    atOnce: 1,
    hasPostgres: true,
    timeoutMs: 60 * minutes,
  },
} satisfies Readonly<Record<string, Suite>>

export type SuiteName = keyof typeof suites
