import { createHash } from 'node:crypto'
import type { Environment, MerchantConfig, OrderSignature } from './merchant.ts'

/**
 * The public merchant of every sandbox: its key is printed in the documentation, so it must never sign a real payment.
 */
const sandboxMerchantId = 'ssptest01m'
const sandboxKeyDigest = '7e9cce0c0640288dcbfd5f34cd662135fc42c887d84b1ef7fee34d40432d418d'

/** The test id that the guide prints (STEP 2): not for production. */
const guideTestId = 'SMTSSPAY0p'

/** Environment variables are missing or invalid: see {@link readMerchantConfig}. */
export class MerchantEnvironmentError extends Error {
  /** Names of the missing or invalid variables. */
  readonly variables: readonly string[]

  /** @internal */
  constructor(problems: readonly VariableProblem[]) {
    const lines = problems.map(({ variable, ko, en }) => `  ${variable}: ${ko} / ${en}`)
    super(`환경 변수를 확인하세요. Check the environment variables.\n${lines.join('\n')}`)
    this.name = 'MerchantEnvironmentError'
    this.variables = problems.map(({ variable }) => variable)
  }
}

/** A missing or invalid environment variable. */
export interface VariableProblem {
  readonly variable: string
  readonly ko: string
  readonly en: string
}

/** `process.env`. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings of {@link defineMerchant} from environment variables, so that no key is written in code.
 *
 * | variable | meaning |
 * |---|---|
 * | `SSPAY_MERCHANT_ID` | 상점ID, ten letters and digits |
 * | `SSPAY_EASY_PAY_MERCHANT_ID` | 간편결제 가맹점 ID, ten letters and digits |
 * | `SSPAY_MERCHANT_KEY` | 상점키, exactly as issued |
 * | `SSPAY_ENVIRONMENT` | `staging`, `production`, or the origin of a gateway |
 * | `SSPAY_WINDOW_ORIGIN` | optional: origin at which browsers reach that gateway, if it is another one |
 * | `SSPAY_ORDER_SIGNING_KEYS` | one or two secrets of at least 32 characters, the newest first, separated by a comma |
 *
 * @param environment - `process.env`.
 * @returns The settings for `defineMerchant`.
 * @throws {@link MerchantEnvironmentError} with all missing or invalid variables, never with a value; also if the
 *   public merchant of the sandbox is used with `staging` or `production`.
 * @example
 * ```ts
 * import { defineMerchant, readMerchantConfig } from '@sspay/merchant'
 *
 * export const merchant = defineMerchant(readMerchantConfig(process.env))
 * ```
 */
export function readMerchantConfig(environment: EnvironmentVariables): MerchantConfig {
  const { config, problems } = readMerchantVariables(environment)
  if (problems.length > 0) throw new MerchantEnvironmentError(problems)
  return config
}

/** @internal The valid settings, and the problems of the others. */
export function readMerchantVariables(environment: EnvironmentVariables): {
  readonly config: MerchantConfig
  readonly problems: readonly VariableProblem[]
} {
  const windowOrigin = trimmed(environment.SSPAY_WINDOW_ORIGIN)
  const settings = {
    merchantId: trimmed(environment.SSPAY_MERCHANT_ID),
    easyPayMerchantId: trimmed(environment.SSPAY_EASY_PAY_MERCHANT_ID),
    merchantKey: environment.SSPAY_MERCHANT_KEY ?? '',
    environment: readEnvironment(trimmed(environment.SSPAY_ENVIRONMENT), windowOrigin),
    windowOrigin,
    orderSignature: readOrderSignature(trimmed(environment.SSPAY_ORDER_SIGNING_KEYS)),
  }
  const problems = checks.flatMap(({ variable, ko, en, isRight }) => (isRight(settings) ? [] : [{ variable, ko, en }]))
  const { windowOrigin: _, ...config } = settings
  return { config: config as MerchantConfig, problems }
}

interface Settings {
  readonly merchantId: string
  readonly easyPayMerchantId: string
  readonly merchantKey: string
  readonly environment: Environment | undefined
  readonly windowOrigin: string
  readonly orderSignature: Exclude<OrderSignature, string> | undefined
}

interface Check extends VariableProblem {
  readonly isRight: (settings: Settings) => boolean
}

const isId = (text: string): boolean => /^[A-Za-z0-9]{10}$/.test(text)

const checks: readonly Check[] = [
  {
    variable: 'SSPAY_MERCHANT_ID',
    ko: '상점ID, 영문과 숫자 10자',
    en: 'the merchant id, ten letters and digits',
    isRight: ({ merchantId }) => isId(merchantId),
  },
  {
    variable: 'SSPAY_EASY_PAY_MERCHANT_ID',
    ko: '간편결제 가맹점 ID, 영문과 숫자 10자',
    en: 'the easy-pay merchant id, ten letters and digits',
    isRight: ({ easyPayMerchantId }) => isId(easyPayMerchantId),
  },
  {
    variable: 'SSPAY_MERCHANT_KEY',
    ko: '발급받은 그대로의 상점키. 앞뒤 빈칸, 따옴표, 줄바꿈 없이 32자 이상',
    en: 'the MerchantKey exactly as issued: at least 32 characters, no blanks, quotes or line breaks around it',
    isRight: ({ merchantKey }) => /^[\x21-\x7E]{32,}$/.test(merchantKey) && !/^["']|["']$/.test(merchantKey),
  },
  {
    variable: 'SSPAY_ENVIRONMENT',
    ko: 'staging, production, 또는 http(s)://로 시작하는 게이트웨이 주소',
    en: 'staging, production, or the http(s) origin of a gateway',
    isRight: ({ environment }) => environment !== undefined,
  },
  {
    variable: 'SSPAY_ENVIRONMENT',
    ko: '샌드박스의 공개 상점으로는 실제 서비스에 접속할 수 없습니다. 발급받은 상점ID와 상점키를 넣으세요',
    en: 'the public merchant of the sandbox cannot be used with a real service: set the merchant id and key you were issued',
    isRight: ({ environment, merchantId, merchantKey }) =>
      typeof environment !== 'string' ||
      (merchantId !== sandboxMerchantId && digestOf(merchantKey) !== sandboxKeyDigest),
  },
  {
    variable: 'SSPAY_ENVIRONMENT',
    ko: '테스트용 SspMallId(SMTSSPAY0p)로는 운영에 접속할 수 없습니다. 운영용 상점ID, SspMallId, 상점키로 함께 바꾸세요',
    en: 'the test SspMallId (SMTSSPAY0p) cannot be used in production: change merchant id, SspMallId and key together',
    isRight: ({ environment, easyPayMerchantId }) => environment !== 'production' || easyPayMerchantId !== guideTestId,
  },
  {
    variable: 'SSPAY_ENVIRONMENT',
    ko: '스마트로 호스트는 주소가 아니라 staging 또는 production으로 쓰세요',
    en: 'name the hosts of the guide as staging or production, not by their address',
    isRight: ({ environment }) =>
      typeof environment !== 'object' || !/smartropay\.co\.kr$/.test(new URL(environment.origin).hostname),
  },
  {
    variable: 'SSPAY_WINDOW_ORIGIN',
    ko: '브라우저가 여는 게이트웨이의 http(s):// 주소. SSPAY_ENVIRONMENT도 주소일 때만',
    en: 'the http(s) origin at which browsers reach the gateway; only if SSPAY_ENVIRONMENT is an origin too',
    isRight: ({ environment, windowOrigin }) =>
      windowOrigin === '' || (typeof environment !== 'string' && originOf(windowOrigin) !== undefined),
  },
  {
    variable: 'SSPAY_ORDER_SIGNING_KEYS',
    ko: '쇼핑몰만 아는 32자 이상의 비밀 값. 바꿀 때는 새 값, 옛 값을 쉼표로. 상점키와 달라야 합니다',
    en: 'a secret of the shop, at least 32 characters; while it changes the new one, a comma, the old one; not the MerchantKey',
    isRight: ({ orderSignature, merchantKey }) =>
      orderSignature?.keys.every((key) => /^[\x21-\x7E]{32,}$/.test(key) && key !== merchantKey) === true,
  },
]

const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex')

/** @internal */
export const trimmed = (text: string | undefined): string => text?.trim() ?? ''

const originOf = (text: string): string | undefined =>
  /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).origin : undefined

function readEnvironment(text: string, windowText: string): Environment | undefined {
  if (text === 'staging' || text === 'production') return text
  const origin = originOf(text)
  const windowOrigin = originOf(windowText)
  if (origin === undefined) return undefined
  return windowOrigin === undefined ? { origin } : { origin, windowOrigin }
}

function readOrderSignature(text: string): Exclude<OrderSignature, string> | undefined {
  const [newest, previous, ...more] = text.split(',').map((key) => key.trim())
  if (newest === undefined || newest === '' || more.length > 0) return undefined
  return { keys: previous === undefined ? [newest] : [newest, previous] }
}
