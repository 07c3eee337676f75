import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readNamedFile, readUrl, rootKeyFileOf, textOf } from './environment.ts'
import { createKeyRingOf, listMerchantsOf } from './key-rotation/open-key-ring.ts'
import { listRootKeys } from './key-rotation/store.ts'
import { exitCodes, type GatewayProcess, parseOrUsageError, runCommand } from './operator-command.ts'
import { causeCode } from './outgoing/failure.ts'
import { readCredentials } from './read-credentials.ts'
import { readMerchantsSetting, readSettings } from './read-settings.ts'
import { requireMigrated } from './storage/migrate.ts'
import { databaseFileIn, openStorageBeside, type StoragePlace } from './storage/open-storage.ts'
import type { Storage } from './storage/storage.ts'

export const checkHelp = `sspay-gateway check: 게이트웨이를 시작하지 않고 설정과 주변을 확인합니다
                     checks settings and surroundings without starting the gateway

사용법 / usage
  sspay-gateway check [--json]

확인하는 것 / what is checked
  settings          모든 SSPAY_ 변수와 그 파일 / every SSPAY_ variable and its file
  merchants         상점 파일 / the merchants file
  certificates      TLS 인증서와 만료일. 30일 안이면 경고 / TLS certificates; a warning within 30 days of their end
  database          연결과 스키마 버전 / connection and version of the schema
  root-key          데이터베이스를 여는지 / whether it decrypts the database
  card-network      연결과 TLS. 결제는 보내지 않습니다 / connection and TLS; no payment is sent
  identity          본인인증의 연결과 TLS / connection and TLS of identity verification

아무것도 만들거나 바꾸지 않습니다. 게이트웨이가 실행 중이어도 됩니다.
It creates and changes nothing; the gateway may be running.

끝 코드 / exit codes
  0  모두 정상이거나 경고뿐 / everything is in order, or there are only warnings
  1  데이터베이스, 카드망, 본인인증에 실패 / the database, card network or identity verification has failed
  2  설정이나 파일, 루트 키가 잘못됨, 잘못된 사용 / a wrong setting, file or root key, or wrong usage
`

const names = ['settings', 'merchants', 'certificates', 'database', 'root-key', 'card-network', 'identity'] as const

type CheckName = (typeof names)[number]

interface Finding {
  readonly status: 'ok' | 'warning' | 'failed'
  readonly detail: string
}

const ok = (detail: string): Finding => ({ status: 'ok', detail })
const warning = (detail: string): Finding => ({ status: 'warning', detail })
const failed = (cause: unknown): Finding => ({
  status: 'failed',
  detail: (cause instanceof Error ? cause.message : 'failed').replaceAll(/\s*\n\s*/g, ' / '),
})

/** A restart does not heal these. */
const lasting: readonly CheckName[] = ['settings', 'merchants', 'certificates', 'root-key']

/** `sspay-gateway check`: resolves with its exit code. */
export const runCheck = (args: readonly string[], command: GatewayProcess): Promise<number> =>
  runCommand('check', command, async () => {
    const { values } = parseOrUsageError(() =>
      parseArgs({
        args: [...args],
        options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      }),
    )
    if (values.help === true) {
      command.write(checkHelp)
      return exitCodes.done
    }
    const found = await findAll(command)
    const lines = names.map((name) => `${found[name].status.padEnd(8)} ${name.padEnd(13)} ${found[name].detail}\n`)
    command.write(values.json === true ? `${JSON.stringify(found)}\n` : lines.join(''))
    const hasFailed = (name: CheckName): boolean => found[name].status === 'failed'
    if (lasting.some(hasFailed)) return exitCodes.usage
    return names.some(hasFailed) ? exitCodes.rejected : exitCodes.done
  })

async function findAll(command: GatewayProcess): Promise<Readonly<Record<CheckName, Finding>>> {
  const ask = (check: () => Promise<Finding>): Promise<Finding> => check().catch(failed)
  const [settings, merchants, certificates, stored, cardNetwork, identity] = await Promise.all([
    ask(() => checkSettings(command)),
    ask(() => checkMerchants(command)),
    ask(() => checkCertificates(command)),
    checkStored(command),
    ask(() => checkService(command, 'cardNetwork', 'SSPAY_CARD_NETWORK_URL')),
    ask(() => checkService(command, 'identity', 'SSPAY_IDENTITY_URL')),
  ])
  return { settings, merchants, certificates, ...stored, 'card-network': cardNetwork, identity }
}

async function checkSettings({ environment }: GatewayProcess): Promise<Finding> {
  const { unknown, loaded } = await readSettings(environment)
  const unsafe = loaded.unsafe.map(({ name }) => name)
  const notes = [
    ...(unknown.length === 0 ? [] : [`모르는 변수 / unknown variables: ${unknown.join(' ')}`]),
    ...(unsafe.length === 0 ? [] : [`허용한 위험 / unsafe, and allowed: ${[...new Set(unsafe)].join(' ')}`]),
  ]
  return notes.length === 0 ? ok('') : warning(notes.join('; '))
}

async function checkMerchants({ environment }: GatewayProcess): Promise<Finding> {
  const merchants = await readMerchantsSetting(environment)
  const file = textOf(environment, 'SSPAY_MERCHANTS')
  return ok(file === '' ? '파일 없음 / no file' : `${file}: ${merchants.length}`)
}

const certificateSettings = ['SSPAY_TLS_CERT', 'SSPAY_CARD_NETWORK_TLS_CERT', 'SSPAY_IDENTITY_TLS_CERT'] as const
const dayMs = 24 * 60 * 60_000
const warnedDays = 30

async function checkCertificates({ environment, runtime }: GatewayProcess): Promise<Finding> {
  const found: Finding[] = []
  for (const setting of certificateSettings) {
    if (textOf(environment, setting) === '') continue
    const { validTo } = new X509Certificate(await readNamedFile(environment, setting))
    const days = Math.floor((Date.parse(validTo) - runtime.now().getTime()) / dayMs)
    const until = `${setting} ${new Date(validTo).toISOString().slice(0, 10)}`
    if (days < 0) found.push(failed(new Error(`만료됨 / expired: ${until}`)))
    else found.push(days < warnedDays ? warning(`곧 만료 / ends soon: ${until}`) : ok(until))
  }
  const worst = (['failed', 'warning', 'ok'] as const).find((status) => found.some((one) => one.status === status))
  return { status: worst ?? 'ok', detail: found.map(({ detail }) => detail).join('; ') || '없음 / none' }
}

/** Database and root key: without the one the other cannot be checked. */
async function checkStored(command: GatewayProcess): Promise<Record<'database' | 'root-key', Finding>> {
  const unchecked = warning('데이터베이스가 없어 확인하지 못했습니다 / not checked without the database')
  try {
    const place = command.place()
    if ('dataFolder' in place && !existsSync(databaseFileIn(place.dataFolder)))
      return { database: warning('처음 시작할 때 만듭니다 / made by the first start'), 'root-key': unchecked }
    const storage = await openStorageBeside(place, { runtime: command.runtime, onError: () => {} })
    try {
      const database = await checkSchema(storage)
      return {
        database,
        'root-key': database.status === 'ok' ? await checkRootKey(command, place, storage).catch(failed) : unchecked,
      }
    } finally {
      await storage.close()
    }
  } catch (cause) {
    return { database: failed(cause), 'root-key': unchecked }
  }
}

async function checkSchema(storage: Storage): Promise<Finding> {
  await storage.read('select 1 as one')
  return requireMigrated(storage).then(
    () => ok(''),
    (cause: Error) => warning(cause.message),
  )
}

async function checkRootKey(command: GatewayProcess, place: StoragePlace, storage: Storage): Promise<Finding> {
  const keyFile = rootKeyFileOf(command.environment, place)
  const keys = await command.rootKeys(place)
  const keyRing = createKeyRingOf(command, keys, await listRootKeys(storage))
  const merchants = await listMerchantsOf(storage, keyRing)
  const where = textOf(command.environment, 'SSPAY_ROOT_KEY') === '' ? (keyFile ?? '') : 'SSPAY_ROOT_KEY'
  return ok(`${where} (${keyRing.keyId}), 상점 / merchants ${merchants.length}`)
}

const timeoutMs = 5_000

async function checkService(
  { environment, runtime }: GatewayProcess,
  service: 'cardNetwork' | 'identity',
  setting: 'SSPAY_CARD_NETWORK_URL' | 'SSPAY_IDENTITY_URL',
): Promise<Finding> {
  const url = readUrl(environment, setting)
  const { tls } = await readCredentials(environment, service)
  try {
    const { status } = await runtime.fetch(`${url}/`, { method: 'GET', timeoutMs, tls })
    return status >= 500 ? warning(`HTTP ${status}`) : ok(`HTTP ${status}`)
  } catch (cause) {
    return failed(new Error(`${new URL(url).host}: 닿지 않습니다 / not reached (${causeCode(cause)})`))
  }
}
