import { UsageError } from './addresses.ts'
import { runCheckWindow } from './check-window-command.ts'
import { runFaults } from './faults-command.ts'
import { runNotifications } from './notifications-command.ts'
import { runPay } from './run-pay.ts'
import { readSandboxOptions, runSandbox, sandboxHelp } from './start.ts'

const help = `sspay sandbox [--help]   SS-Pay 전체를 실행 / runs the whole of SS-Pay
sspay pay [--help]       브라우저 없이 한 번 결제 / pays once without a browser
sspay faults [--help]    실행 중인 샌드박스에 장애를 일으킴 / makes a running sandbox fail on demand
sspay notifications [--help]  상점 재통보를 보고 다시 보냄 / lists the notices to the shops, sends them again
sspay check-window [--help]   결제창의 스크립트와 보안 헤더 점검 / compares a running window with its inventory
`

/** For `pay` a failure leaves the outcome unknown. */
const exitCodes = { failed: 1, usage: 2, unknown: 3 } as const

async function run([command, ...given]: readonly string[]): Promise<number> {
  const asksHelp = given.includes('--help') || given.includes('-h')
  switch (command) {
    case 'pay':
      return runPay(given, { output: process.stdout, errors: process.stderr, environment: process.env })
    case 'faults':
      return runFaults(given, { output: process.stdout, errors: process.stderr, environment: process.env })
    case 'notifications':
      return runNotifications(given, { output: process.stdout, errors: process.stderr, environment: process.env })
    case 'check-window':
      return runCheckWindow(given, { output: process.stdout, errors: process.stderr, environment: process.env })
    case 'sandbox':
      if (!asksHelp)
        return runSandbox(readSandboxOptions(given, process.env), (text) => void process.stdout.write(text))
      process.stdout.write(sandboxHelp)
      return 0
    case undefined:
    case '--help':
    case '-h':
      process.stdout.write(help)
      return 0
    default:
      process.stderr.write(`${command}: 없는 명령입니다 / there is no such command\n\n${help}`)
      return exitCodes.usage
  }
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (cause) {
  process.stderr.write(`sspay: ${cause instanceof Error ? cause.message : String(cause)}\n`)
  const failed = process.argv[2] === 'pay' ? exitCodes.unknown : exitCodes.failed
  process.exitCode = cause instanceof UsageError ? exitCodes.usage : failed
}
