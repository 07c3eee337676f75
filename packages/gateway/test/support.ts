import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeThis } from '../../../test/support/closing.ts'
import type { CardNetwork } from '../src/card-network/port.ts'
import type { Context, Settings } from '../src/context.ts'
import type { Diagnose } from '../src/diagnosis.ts'
import { createKeyRing } from '../src/keyring.ts'
import type { Log, LogFields } from '../src/logging/log.ts'
import type { MemberIdentity } from '../src/members/model.ts'
import { createArgon2Hasher } from '../src/members/password-hash.ts'
import type { Merchant } from '../src/merchants/model.ts'
import { type Runtime, realRuntime } from '../src/runtime.ts'
import { Secret } from '../src/secret.ts'
import { migrate } from '../src/storage/migrate.ts'
import type { Storage } from '../src/storage/storage.ts'
import { openCopiedStorage, readTables, removeTestStorage } from './test-storage.ts'

export const testSettings: Settings = {
  windowLifeMs: 30 * 60_000,
  ticketLifeMs: 10 * 60_000,
  keypadLifeMs: 3 * 60_000,
  identityCodeLifeMs: 3 * 60_000,
  cardNetworkTimeoutMs: 20_000,
  reverseAfterMs: 60_000,
  identityTimeoutMs: 1000,
  notificationTimeoutMs: 10_000,
  answerReplayMs: 24 * 60 * 60_000,
  bodyLimitBytes: 64 * 1024,
  limits: {
    windowsPerMerchant: { burst: 10_000, refillEveryMs: 1 },
    windowsPerAddress: { burst: 10_000, refillEveryMs: 1 },
    addressShareOfMerchant: 0.05,
    windowsPerForm: { burst: 10_000, refillEveryMs: 1 },
    windowsPerSignature: { burst: 10_000, refillEveryMs: 1 },
    // Full again at once, also for who sets the clock back.
    requestsPerWindow: { burst: 1, refillEveryMs: 0 },
    windowRequestsPerAddress: { burst: 1, refillEveryMs: 0 },
    codesPerPhone: { burst: 1_000, refillEveryMs: 1_000 },
    codesPerWindow: 5,
    codesPerAddress: { burst: 1_000, refillEveryMs: 1_000 },
    codesPerMerchant: { burst: 10_000, refillEveryMs: 1_000 },
    codesInAll: { burst: 10_000, refillEveryMs: 1_000 },
    guesses: {
      freePerAddress: 1_000,
      freeUnderAttack: 1_000,
      freePerMerchant: 1_000,
      forgetOfAddressMs: 60_000,
      forgetOfMerchantMs: 500,
      firstDelayMs: 1_000,
      longestDelayMs: 60_000,
    },
    cardFailuresPerMember: { burst: 5, refillEveryMs: 60_000 },
    cardFailuresPerCard: { burst: 1_000, refillEveryMs: 1_000 },
    cardFailuresPerAddress: { burst: 1_000, refillEveryMs: 1_000 },
    inFlight: 1_000,
    targetLatencyMs: 60_000,
    connections: { perAddress: 1_000, inAll: 1_000 },
    unfinished: { deadlineMs: 3_000, bytesInAll: 1024 * 1024, perAddress: 256 },
    mostRememberedKeys: 10_000,
    proxyHops: 0,
  },
  keepUnauthenticatedMs: 7 * 24 * 60 * 60_000,
  consoleUserHeader: undefined,
  requestLog: 'off',
  service: { name: 'SS-Pay', phone: '' },
  isSandbox: true,
}

/** The merchant of the golden vectors. */
export const testMerchant: Merchant = {
  merchantId: 'ssptest01m',
  easyPayMerchantId: 'SSPTEST00p',
  name: '테스트 상점',
  merchantKey: new Secret('M6AywGL98l3kGfAPGZNPKoyTHEG+y6VvZQQKh6ZdQC0G1Ocg1/+oekxC/8K/MxMR5XI3+/vOTUABB+Dh7lEi1A=='),
  cancelPassword: new Secret('123456'),
  identityMatch: 'none',
  identityVerification: 'required',
  showsCardsBeforePassword: false,
  takesGeneralPayments: false,
  minimumAmount: 100,
  requestMaxAgeMs: 24 * 60 * 60_000,
  requestMaxAheadMs: 10 * 60_000,
  acceptsLegacySignature: false,
  repeatedApproval: 'replay',
  repeatedCancellation: 'replay',
  repeatedDeletion: 'delete',
  abortCode: 'S201',
  acquirerMerchantNumber: '00950000001',
  allowedOrigins: [],
  interestFree: [],
}

export const testIdentity: MemberIdentity = {
  name: '홍길동',
  phone: '01077778888',
  birthDate: '19900117',
  gender: 'male',
  ci: 'CI-of-the-first-member',
  verifiedAt: new Date('2025-01-02T03:00:00+09:00'),
}

export const testRootKey = '5a'.repeat(32)

/** The cheapest that Argon2 takes: a hash as it is in use costs as much as a test. */
export const quickHasher = createArgon2Hasher({ memoryCost: 8, timeCost: 1 })

/** A fake that recognizes a digest in hexadecimal. */
const fakeDiagnose: Diagnose = (_request, fields) =>
  Object.values(fields).some((text) => /^[0-9a-f]{64}$/.test(text ?? ''))
    ? {
        joined: '20250102030405ssptest01m1004<MerchantKey>',
        mistakes: ['hex'],
        words: { ko: '16진수로 썼습니다', en: 'is written in hexadecimal' },
      }
    : undefined

export interface TestContextOptions {
  /** Repeatable randomness; without it, the machine's own. */
  readonly seed?: string
  /** Where the clock stands; without it, 2 January 2025 03:04:05 Korean time, as in the vectors. */
  readonly now?: Date
  /** An existing folder: opens the same database again, and `close` keeps it. */
  readonly folder?: string
  /** Opens the database instead of {@link openCopiedStorage}: several gateways on one. */
  readonly openStorage?: (file: string) => Storage | Promise<Storage>
  readonly settings?: Partial<Settings>
  /** Replaces parts of the runtime, for example `fetch`. */
  readonly runtime?: Partial<Runtime>
}

export interface TestContext extends AsyncDisposable {
  readonly context: Context
  readonly clock: { set(now: Date): void; advance(durationMs: number): void }
  readonly folder: string
  /** Every log line so far, as JSON text. */
  readonly lines: readonly string[]
  /**
   * All bytes at rest, the database file and its write-ahead log, and every value of every table: on PostgreSQL that is
   * what there is.
   */
  readStoredBytes(): Promise<Buffer>
  close(): Promise<void>
}

/** A real database in a temporary folder, a clock that stands until it is moved, a log that is kept. */
export async function createTestContext(options: TestContextOptions = {}): Promise<TestContext> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'sspay-test-')))
  let nowMs = (options.now ?? new Date('2025-01-02T03:04:05+09:00')).getTime()
  const runtime: Runtime = {
    ...realRuntime,
    now: () => new Date(nowMs),
    ...(options.seed === undefined ? {} : { randomBytes: seededBytes(options.seed) }),
    ...options.runtime,
  }
  const lines: string[] = []
  const file = join(folder, 'gateway.db')
  const storage = await (options.openStorage ?? openCopiedStorage)(file)
  await migrate(storage)
  const keyRing = createKeyRing(runtime, new Secret(testRootKey))
  return {
    context: {
      runtime,
      storage,
      keyRing,
      log: keptLog(lines),
      settings: { ...testSettings, ...options.settings },
      diagnose: fakeDiagnose,
    },
    clock: {
      set: (now) => {
        nowMs = now.getTime()
      },
      advance: (durationMs) => {
        nowMs += durationMs
      },
    },
    folder,
    lines,
    async readStoredBytes() {
      const names = await readdir(folder)
      const files = await Promise.all(names.map((name) => readFile(join(folder, name))))
      const values = (await readTables(storage)).flatMap((row) => Object.values(row))
      return Buffer.concat([...files, Buffer.from(values.join('\n'))])
    },
    async close() {
      await storage.close()
      if (options.folder !== undefined) return
      await removeTestStorage(file)
      await rm(folder, { recursive: true, force: true })
    },
    [Symbol.asyncDispose]: closeThis,
  }
}

function seededBytes(seed: string): Runtime['randomBytes'] {
  let drawn = 0
  return (length) => {
    const blocks: Buffer[] = []
    for (let have = 0; have < length; have += 32) {
      blocks.push(createHash('sha256').update(`${seed} ${drawn++}`).digest())
    }
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length))
  }
}

function keptLog(lines: string[]): Log {
  const keep =
    (level: string) =>
    (event: string, fields: LogFields & { readonly cause?: unknown } = {}) => {
      const { cause, ...rest } = fields
      lines.push(JSON.stringify({ level, event, ...rest, ...(cause === undefined ? {} : { cause: String(cause) }) }))
    }
  return { info: keep('info'), warn: keep('warn'), error: keep('error') }
}

const notAsked = (): Promise<never> => Promise.reject(new Error('no card network is called here'))

/** For tests that never call it. */
export const noCardNetwork: CardNetwork = {
  authorize: notAsked,
  inquire: notAsked,
  reverse: notAsked,
  cancel: notAsked,
  verifyCard: notAsked,
}
