import { basename } from 'node:path'
import type { Environment } from '../addresses.ts'
import { readPort } from '../addresses.ts'
import { testMerchant, testWebhookKey } from '../test-merchant.ts'
import type { ExampleFiles } from './examples.ts'
import type { Framework } from './frameworks.ts'
import { writeReadme } from './next-steps.ts'

export interface ShopSettings {
  readonly folder: string
  readonly environment: Environment
  /** Where npm finds our packages, by name; absent: at its registry. */
  readonly packages?: Readonly<Record<string, string>>
}

const ignored = ['.env', '.sspay/', 'node_modules/', 'dist/', 'shop.db*']

/** Every file of a new shop by its path: those of the example, with `.env`, `.gitignore`, manifest and README. */
export function shopFiles(example: ExampleFiles, framework: Framework, settings: ShopSettings): ExampleFiles {
  const { '.env.example': environment = '', 'package.json': manifest, '.gitignore': ownIgnored = '' } = example
  return {
    ...example,
    '.env': fillEnvironment(environment, settings.environment),
    '.gitignore': `${[...new Set([...ignored, ...ownIgnored.trim().split('\n')])].filter(Boolean).join('\n')}\n`,
    ...(manifest === undefined ? {} : { 'package.json': fillManifest(manifest, settings) }),
    'README.md': writeReadme(basename(settings.folder), framework),
  }
}

/** Puts in the test merchant of the sandbox, and the port at which its gateway is. */
function fillEnvironment(text: string, environment: Environment): string {
  const gateway = `http://localhost:${readPort('gateway', environment)}`
  const values: Readonly<Record<string, string>> = {
    SSPAY_ENVIRONMENT: gateway,
    SSPAY_GATEWAY: gateway,
    SSPAY_MERCHANT_ID: testMerchant.merchantId,
    SSPAY_EASY_PAY_MERCHANT_ID: testMerchant.easyPayMerchantId,
    SSPAY_MERCHANT_KEY: testMerchant.merchantKey.expose(),
    SSPAY_CANCEL_PASSWORD: testMerchant.cancelPassword.expose(),
    SSPAY_WEBHOOK_KEYS: testWebhookKey,
  }
  return text.replaceAll(
    /^(\w+)=.*$/gm,
    (line, name: string) => `${name}=${values[name] ?? line.slice(name.length + 1)}`,
  )
}

const forDevelopment = /^@sspay\/(gateway|sandbox)$/

function fillManifest(text: string, { folder, packages }: ShopSettings): string {
  const manifest = JSON.parse(text)
  const { dependencies, devDependencies } = manifest
  const own = packages ?? { '@sspay/sandbox': dependencies['@sspay/merchant'] }
  const ofKind = (isDevelopment: boolean) =>
    Object.fromEntries(Object.entries(own).filter(([name]) => forDevelopment.test(name) === isDevelopment))
  const filled = {
    ...manifest,
    // npm accepts no other characters.
    name:
      basename(folder)
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]+/g, '-')
        .replaceAll(/^-+|-+$/g, '') || 'shop',
    dependencies: { ...dependencies, ...ofKind(false) },
    devDependencies: { ...devDependencies, ...ofKind(true) },
  }
  return `${JSON.stringify(filled, null, 2)}\n`
}
