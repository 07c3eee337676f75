import { defineMerchant, type Merchant } from '../merchant.ts'
import {
  type EnvironmentVariables,
  MerchantEnvironmentError,
  readMerchantVariables,
  trimmed,
} from '../merchant-environment.ts'
import { optionRules } from './option-rules.ts'

/** The {@link CheckoutOptions} that belong into environment variables, not into code. */
export interface CheckoutEnvironment {
  readonly merchant: Merchant
  readonly url: string
  readonly cancelPassword?: string
  readonly webhookKeys?: readonly string[]
  readonly recoveryKey?: string
}

/**
 * Reads settings of {@link createCheckout} from environment variables.
 *
 * | variable | meaning |
 * |---|---|
 * | those of `readMerchantConfig` | the merchant |
 * | `SSPAY_CHECKOUT_URL` | public address of the checkout: `https://shop.example/pay`, at most 46 characters |
 * | `SSPAY_CANCEL_PASSWORD` | optional: 취소 비밀번호, six digits |
 * | `SSPAY_WEBHOOK_KEYS` | optional: one or two `whsec_…`, separated by a comma |
 * | `SSPAY_RECOVERY_KEY` | optional: at least 32 characters, for a scheduler that calls `/recover` |
 *
 * @param environment - `process.env`.
 * @returns Options to spread: `createCheckout({ ...readCheckoutConfig(process.env), journal, … })`.
 * @throws {@link MerchantEnvironmentError} with all missing or invalid variables, never with a value.
 */
export function readCheckoutConfig(environment: EnvironmentVariables): CheckoutEnvironment {
  const { config, problems } = readMerchantVariables(environment)
  const settings = {
    url: trimmed(environment.SSPAY_CHECKOUT_URL),
    cancelPassword: optional(environment.SSPAY_CANCEL_PASSWORD),
    webhookKeys: optional(environment.SSPAY_WEBHOOK_KEYS)
      ?.split(',')
      .map((key) => key.trim()),
    recoveryKey: optional(environment.SSPAY_RECOVERY_KEY),
  }
  const wrong = Object.entries(variables).flatMap(([name, variable]) => {
    const { ko, en, isRight } = optionRules[name as keyof typeof variables]
    const value = settings[name as keyof typeof variables]
    return value === undefined || isRight(value, config) ? [] : [{ variable, ko, en }]
  })
  if (problems.length + wrong.length > 0) throw new MerchantEnvironmentError([...problems, ...wrong])
  const { url, cancelPassword, webhookKeys, recoveryKey } = settings
  return {
    merchant: defineMerchant(config),
    url,
    ...(cancelPassword === undefined ? {} : { cancelPassword }),
    ...(webhookKeys === undefined ? {} : { webhookKeys }),
    ...(recoveryKey === undefined ? {} : { recoveryKey }),
  }
}

const optional = (text: string | undefined): string | undefined => trimmed(text) || undefined

const variables = {
  url: 'SSPAY_CHECKOUT_URL',
  cancelPassword: 'SSPAY_CANCEL_PASSWORD',
  webhookKeys: 'SSPAY_WEBHOOK_KEYS',
  recoveryKey: 'SSPAY_RECOVERY_KEY',
} as const
