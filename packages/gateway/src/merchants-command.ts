import { parseArgs } from 'node:util'
import {
  type ChangedMerchants,
  changeMerchants,
  type WrittenMerchant,
  withChange,
  withNewKey,
  withoutFormerKeys,
} from './change-merchants.ts'
import { readDuration } from './duration.ts'
import { EnvironmentError, textOf } from './environment.ts'
import { merchantChangeFrom, merchantSettings } from './merchant-settings.ts'
import { newCancelPassword, newMerchantKey, newWebhookKey } from './merchants/new-secrets.ts'
import type { MerchantEntry } from './merchants-file.ts'
import { exitCodes, type GatewayProcess, parseOrUsageError, runCommand, UsageError } from './operator-command.ts'
import { readMerchantsSetting } from './read-settings.ts'
import type { Runtime } from './runtime.ts'

const verbs = {
  list: '모든 상점 / all merchants',
  add: '새 상점. 키와 취소 비밀번호를 만듭니다 / a new merchant; key and cancel password are made',
  set: '설정 바꾸기 / changes settings',
  disable: '새 결제를 받지 않음. 취소와 조회는 됩니다 / no new payments; refunds and inquiries go on',
  enable: '다시 받음 / takes payments again',
  'rotate-key': '새 키를 만들고 지금 키도 받음 / makes a new key and accepts the present one too',
  'end-overlap': '새 키만 받음 / accepts the new key only',
} as const

type Verb = keyof typeof verbs

/** Settings of a new merchant that have no default. */
const idOptions = {
  'mall-id': { field: 'easyPayMerchantId', value: 'ID', text: '간편결제 가맹점 ID / the easy-pay merchant id' },
  acquirer: {
    field: 'acquirerMerchantNumber',
    value: 'NUMBER',
    text: '매입사의 가맹점 번호 / the number of the acquirer',
  },
} as const

const required = ['mall-id', 'acquirer', 'name', 'allow-origin'] as const

const line = (name: string, value: string, text: string): string =>
  `  --${`${name} ${value}`.trimEnd()}\n      ${text}\n`

export const merchantsHelp = `sspay-gateway merchants: 상점 파일(SSPAY_MERCHANTS)의 상점을 보고, 더하고, 바꿉니다
                         lists, adds and changes the merchants of the merchants file (SSPAY_MERCHANTS)

사용법 / usage
  sspay-gateway merchants list [--json]
  sspay-gateway merchants add|set|disable|enable|rotate-key|end-overlap MID [options]

${Object.entries(verbs)
  .map(([name, text]) => `  ${name.padEnd(12)} ${text}\n`)
  .join('')}
add, set의 옵션 / options of add and set (add: --${required.join(', --')} 필수 / required)
${Object.entries(idOptions)
  .map(([name, { value, text }]) => line(name, value, text))
  .join('')}${Object.entries(merchantSettings)
  .map(([name, { value, ko, en }]) => line(name, value, `${ko} / ${en}`))
  .join('')}
다른 옵션 / other options
${line('overlap', 'DURATION', 'rotate-key: 전의 키를 받는 동안, 14d 처럼. 없으면 end-overlap까지 / how long the former key is accepted, such as 14d; without it until end-overlap')}${line('show-secrets', '', 'add, rotate-key: 새로 만든 키를 출력 / prints what was newly made')}${line('json', '', '결과를 표준 출력에 JSON으로 / the result as JSON on stdout')}
파일은 한 번에 바뀝니다. 새 파일은 소유자만 읽을 수 있고(0600), 있던 파일은 소유자와 권한을 지킵니다. 키는 --show-secrets로 새로 만든 것만 출력합니다.
게이트웨이는 SIGHUP을 받으면 다시 시작하지 않고 파일을 읽습니다.
The file changes at once. A new one is readable by its owner only (0600), an existing one keeps owner and permissions. Only newly made keys are
printed, with --show-secrets. A gateway reads the file upon SIGHUP, without a restart.

예 / examples
  sspay-gateway merchants add shop000001 --mall-id SHOPPAY00p --acquirer 00951234567 --name '쇼핑몰' --allow-origin https://www.shop.example
  sspay-gateway merchants rotate-key shop000001 --overlap 14d --show-secrets
  systemctl reload sspay-gateway

끝 코드 / exit codes
  0  바꿈, 출력함 / changed, printed
  1  거절, 없거나 이미 있는 상점, 쓸 수 없는 파일 / rejected, a merchant that is missing or exists, or a file that cannot be written
  2  잘못된 사용, 잘못된 상점 파일 / wrong usage, or a wrong merchants file
`

/** `sspay-gateway merchants`: resolves with its exit code. */
export const runMerchants = (args: readonly string[], command: GatewayProcess): Promise<number> =>
  runCommand('merchants', command, async () => {
    const { values, positionals } = parse(args)
    if (values.help === true) {
      command.write(merchantsHelp)
      return exitCodes.done
    }
    const { verb, merchantId } = readVerb(positionals)
    const file = readFileName(command)
    if (verb === 'list') return list(command, values.json === true)
    const { change, made } = plan(verb, merchantId, values, command)
    const changed = await changeMerchants(file, change)
    command.write(describe(verb, merchantId, { changed, made, file, values }))
    return exitCodes.done
  })

const stringOption = { type: 'string' } as const

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...(Object.fromEntries(
          Object.entries(merchantSettings).map(([name, setting]) => [
            name,
            { ...stringOption, multiple: 'isRepeatable' in setting },
          ]),
        ) as Record<keyof typeof merchantSettings, { type: 'string'; multiple: boolean }>),
        'mall-id': stringOption,
        acquirer: stringOption,
        overlap: stringOption,
        'show-secrets': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  )

type Values = ReturnType<typeof parse>['values']

function readVerb([verb, merchantId = '', more]: readonly string[]): {
  readonly verb: Verb
  readonly merchantId: string
} {
  if (verb === undefined || !Object.hasOwn(verbs, verb))
    throw new UsageError(
      `${verb ?? 'merchants'}: ${Object.keys(verbs).join(', ')} 가운데 하나를 쓰세요. One of these is needed.`,
    )
  if (verb === 'list' ? merchantId !== '' : more !== undefined)
    throw new UsageError(`${more ?? merchantId}: 필요 없는 값입니다. Unexpected argument.`)
  if (verb !== 'list' && merchantId === '') throw new UsageError('MID: 상점ID가 없습니다. The merchant id is missing.')
  return { verb: verb as Verb, merchantId }
}

function readFileName({ environment }: GatewayProcess): string {
  const name = 'SSPAY_MERCHANTS'
  const file = textOf(environment, name)
  if (file === '') throw new EnvironmentError(name, '상점 파일이 없습니다', 'must name the merchants file')
  return file
}

/** Keys and passwords that the command has made. */
type Made = Readonly<Record<string, string>>

interface Plan {
  change(entries: readonly WrittenMerchant[]): readonly WrittenMerchant[]
  readonly made: Made
}

function plan(verb: Exclude<Verb, 'list'>, merchantId: string, values: Values, { runtime }: GatewayProcess): Plan {
  const settings = readChange(verb, values)
  const change = (edit: (entry: WrittenMerchant) => WrittenMerchant, made: Made = {}): Plan => ({
    change: (entries) => editOne(entries, merchantId, edit),
    made,
  })
  switch (verb) {
    case 'add':
      return add(merchantId, settings, runtime)
    case 'set':
      return change((entry) => withChange(entry, settings))
    case 'disable':
      return change((entry) => ({ ...entry, takesPayments: false }))
    case 'enable':
      return change(({ takesPayments: _, ...entry }) => entry)
    case 'rotate-key': {
      const [key, now] = [newMerchantKey(runtime), runtime.now()]
      const until = readUntil(values.overlap, now)
      return change((entry) => withNewKey(entry, { key, until, now }), { merchantKey: key })
    }
    case 'end-overlap':
      return change(withoutFormerKeys)
  }
}

function readUntil(overlap: string | undefined, now: Date): Date | undefined {
  if (overlap === undefined) return undefined
  const duration = readDuration(overlap)
  if (duration === undefined || duration === 0)
    throw new UsageError(`--overlap ${overlap}: 14d, 36h처럼 씁니다. Write 14d or 36h.`)
  return new Date(now.getTime() + duration)
}

function editOne(
  entries: readonly WrittenMerchant[],
  merchantId: string,
  edit: (entry: WrittenMerchant) => WrittenMerchant,
): readonly WrittenMerchant[] {
  if (!entries.some((entry) => entry.merchantId === merchantId))
    throw new Error(`${merchantId}: 상점 파일에 없는 상점입니다. The merchants file has no such merchant.`)
  return entries.map((entry) => (entry.merchantId === merchantId ? edit(entry) : entry))
}

function add(merchantId: string, { notification, ...settings }: WrittenMerchant, runtime: Runtime): Plan {
  const secrets = { merchantKey: newMerchantKey(runtime), cancelPassword: newCancelPassword(runtime) }
  const isNotified = typeof notification === 'object' && notification !== null
  const webhookKey = newWebhookKey(runtime)
  const target = isNotified ? { notification: { ...notification, webhookKeys: [webhookKey] } } : {}
  return {
    made: { ...secrets, ...(isNotified ? { webhookKey } : {}) },
    change(entries) {
      if (entries.some((entry) => entry.merchantId === merchantId))
        throw new Error(
          `${merchantId}: 이미 있는 상점입니다. 바꾸려면 set을 쓰세요. The merchant exists: change it with set.`,
        )
      return [...entries, { merchantId, ...settings, ...secrets, ...target }]
    },
  }
}

/** The settings that were given, as JSON; throws for one that is wrong, missing, or not of this verb. */
function readChange(verb: Verb, values: Values): WrittenMerchant {
  const given: Readonly<Record<string, unknown>> = values
  const settings = { ...merchantSettings, ...idOptions }
  const wrongVerb = (name: string): UsageError =>
    new UsageError(`--${name}: ${verb}에는 쓰지 않습니다. It is no option of ${verb}.`)
  const names = Object.keys(settings).filter((name) => given[name] !== undefined)
  if (verb !== 'add' && verb !== 'set' && names[0] !== undefined) throw wrongVerb(names[0])
  if (verb !== 'rotate-key' && values.overlap !== undefined) throw wrongVerb('overlap')
  if (verb !== 'rotate-key' && verb !== 'add' && values['show-secrets'] === true) throw wrongVerb('show-secrets')
  if (verb === 'set' && names.length === 0)
    throw new UsageError('set: 바꿀 설정을 하나 이상 쓰세요. Name at least one setting.')
  const missing = required.find((name) => verb === 'add' && given[name] === undefined)
  if (missing !== undefined) throw new UsageError(`--${missing}: 필요합니다. It is required.`)
  for (const [name, { isRight, rule }] of Object.entries(merchantSettings)) {
    const wrong = [given[name] ?? []].flat().find((text) => !isRight(String(text)))
    if (wrong !== undefined) throw new UsageError(`--${name} ${wrong}: ${rule.ko} / ${rule.en}`)
  }
  const ids = Object.entries(idOptions).flatMap(([name, { field }]) =>
    given[name] === undefined ? [] : [[field, given[name]] as const],
  )
  return { ...Object.fromEntries(ids), ...merchantChangeFrom(values) }
}

/** A merchant without its secrets. */
function shownOf({ merchant, notificationTarget }: MerchantEntry) {
  const { merchantKey: _, cancelPassword: __, formerKeys = [], ...shown } = merchant
  const target = notificationTarget === undefined ? null : { ...notificationTarget, webhookKeys: undefined }
  return { ...shown, formerKeys: formerKeys.map(({ until }) => ({ until: until ?? null })), notification: target }
}

async function list(command: GatewayProcess, isJson: boolean): Promise<number> {
  const merchants = (await readMerchantsSetting(command.environment)).map(shownOf)
  const lines = merchants.map((merchant) => {
    const { merchantId, easyPayMerchantId, takesPayments, formerKeys, notification, name } = merchant
    const state = takesPayments === false ? '사용 안 함/disabled' : '결제 받음/takes payments'
    const keys = `키/keys ${1 + formerKeys.length}`
    return `${[merchantId, easyPayMerchantId, state, keys, notification?.url ?? '-', name].join('  ')}\n`
  })
  command.write(isJson ? `${JSON.stringify({ merchants })}\n` : lines.join(''))
  return exitCodes.done
}

interface Done {
  readonly changed: ChangedMerchants
  readonly made: Made
  readonly file: string
  readonly values: Values
}

function describe(verb: Verb, merchantId: string, { changed, made, file, values }: Done): string {
  const entry = changed.after.find(({ merchant }) => merchant.merchantId === merchantId)
  const secrets = values['show-secrets'] === true ? made : {}
  if (values.json === true)
    return `${JSON.stringify({ merchant: entry === undefined ? null : shownOf(entry), secrets, reload: 'SIGHUP' })}\n`
  const shown = Object.entries(secrets).map(([name, text]) => `  ${name}=${text}`)
  const hidden = Object.keys(made).length > 0 && shown.length === 0
  const lines = [
    `${file}: ${merchantId}  ${verbs[verb]}`,
    ...shown,
    ...(hidden ? [`새로 만든 값은 파일에 있습니다 / newly made, in the file: ${Object.keys(made).join(', ')}`] : []),
    '게이트웨이마다 SIGHUP을 보내세요 / send SIGHUP to each gateway: systemctl reload sspay-gateway',
  ]
  return `${lines.join('\n')}\n`
}
