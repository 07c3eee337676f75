import { parseArgs } from 'node:util'
import { groupThousands } from '@sspay/protocol/internal'
import { type CommandProcess, exitCodes, onceASecond, parseOrUsageError, runCommand } from './operator-command.ts'
import { requireGatewayDatabase } from './storage/migrate.ts'
import { openReaderBeside, openReaderOf } from './storage/open-storage.ts'
import type { ClosableReader } from './storage/storage.ts'
import { type Finding, isIntact, type VerifiedDatabase } from './verification/model.ts'
import { type VerifyStep, verifyDatabase } from './verification/verify-database.ts'

export const verifyHelp = `sspay-gateway verify: 데이터베이스의 모든 결제와 그 사건 사슬을 확인합니다
                      checks every payment of a database with its chain of events

사용법 / usage
  sspay-gateway verify [--file FILE] [--json]

옵션 / options
  --file FILE   게이트웨이의 데이터베이스 대신 SQLite 백업 파일
                a SQLite backup instead of the database of the gateway
  --json        결과를 표준 출력에 JSON으로 / the result as JSON on stdout

확인하는 것 / what is checked
  사건마다 해시가 맞는지, 빠진 사건이 없는지, 결제가 마지막 사건의 상태인지
  the hash of each event, that none is missing, and that the payment is in the state of the last one
  사건, 재통보, 취소, 카드망 호출 기록이 가리키는 결제가 있는지
  that the payment exists which an event, a notification, a refund or a recorded call to the card network names
  SQLite 파일의 구조 / the structure of a SQLite file

아무것도 바꾸지 않고 키도 필요 없습니다. 게이트웨이가 결제를 받는 동안 실행해도 됩니다. 보관 파일은 archive --verify로 확인합니다.
It changes nothing and needs no key; the gateway may keep running. Archive files are checked by archive --verify.

예 / examples
  sspay-gateway verify
  sspay-gateway verify --file /backup/gateway-20270105.db

끝 코드 / exit codes
  0  모두 온전함 / everything is intact
  1  온전하지 않은 것이 있음, 거절, 데이터베이스가 없음 / something is not intact, rejected, or no database
  2  잘못된 사용 / wrong usage
`

/** `sspay-gateway verify`: resolves with its exit code. */
export const runVerify = (args: readonly string[], command: CommandProcess): Promise<number> =>
  runCommand('verify', command, async () => {
    const values = parse(args)
    if (values.help === true) {
      command.write(verifyHelp)
      return exitCodes.done
    }
    const reader = await open(values.file, command)
    try {
      await requireGatewayDatabase(reader.database)
      const verified = await verifyDatabase(reader.database, {
        hasFile: reader.hasFile,
        onStep: reportVerifySteps(command),
      })
      command.write(values.json === true ? `${JSON.stringify(verified)}\n` : describeVerified(verified))
      return isIntact(verified) ? exitCodes.done : exitCodes.rejected
    } finally {
      await reader.database.close()
    }
  })

const parse = (args: readonly string[]) =>
  parseOrUsageError(() =>
    parseArgs({
      args: [...args],
      options: { file: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    }),
  ).values

async function open(
  file: string | undefined,
  command: CommandProcess,
): Promise<{ readonly database: ClosableReader; readonly hasFile: boolean }> {
  if (file !== undefined) return { database: await openReaderOf(file), hasFile: true }
  const place = command.place()
  const database = await openReaderBeside(place, { runtime: command.runtime, onError: () => {} })
  return { database, hasFile: 'dataFolder' in place }
}

/** Reports progress once a second. */
export function reportVerifySteps({ runtime, report }: CommandProcess): (step: VerifyStep) => void {
  const isDue = onceASecond(runtime)
  return (step) => {
    if (step.step === 'file') report('파일의 구조를 확인하는 중 / checking the structure of the file\n')
    else if (isDue()) {
      const counts = `${groupThousands(step.payments)}건 확인, 문제 ${groupThousands(step.found)}`
      report(`${counts} / payments checked, problems\n`)
    }
  }
}

export function describeVerified(verified: VerifiedDatabase): string {
  const { payments, events, fileProblems, findings, found } = verified
  const named = [
    ...fileProblems.map((problem) => `  파일 / file: ${problem}`),
    ...findings.map((finding) => `  ${finding.transactionId}: ${textOf(finding)}`),
    ...(found > findings.length ? [`  … ${groupThousands(found - findings.length)}`] : []),
  ]
  const counts = `${groupThousands(payments)}건, 사건 ${groupThousands(events)}개 / payments, events`
  const end = isIntact(verified) ? '온전합니다 / intact' : '온전하지 않습니다 / not intact'
  return `${[`${end}: ${counts}`, ...named].join('\n')}\n`
}

function textOf(finding: Finding): string {
  switch (finding.problem) {
    case 'event_changed':
      return `사건 ${finding.sequence}이(가) 바뀌었습니다 / event ${finding.sequence} was changed`
    case 'event_missing':
      return `사건 ${finding.sequence}이(가) 없습니다 / event ${finding.sequence} is missing`
    case 'payment_changed':
      return '결제가 마지막 사건의 상태가 아닙니다 / the payment is not in the state of its last event'
    case 'payment_missing':
      return `결제가 없습니다. ${finding.namedIn}에 있습니다 / the payment is missing; ${finding.namedIn} names it`
  }
}
