import { parseArgs } from 'node:util'
import { nearestName } from './nearest-name.ts'
import type { GatewayCommand } from './operator-command.ts'

/** What an operator runs beside the gateway, each loaded when it runs. */
export const commands: Readonly<Record<string, () => Promise<GatewayCommand>>> = {
  archive: async () => (await import('./archive-command.ts')).runArchive,
  'rotate-root-key': async () => (await import('./rotate-command.ts')).runRotation,
  report: async () => (await import('./report-command.ts')).runReport,
  reconcile: async () => (await import('./reconcile-command.ts')).runReconcile,
  migrate: async () => (await import('./migrate-command.ts')).runMigration,
  merchants: async () => (await import('./merchants-command.ts')).runMerchants,
  backup: async () => (await import('./backup-command.ts')).runBackup,
  restore: async () => (await import('./restore-command.ts')).runRestore,
  move: async () => (await import('./move-command.ts')).runMove,
  verify: async () => (await import('./verify-command.ts')).runVerify,
  check: async () => (await import('./check-command.ts')).runCheck,
}

const options = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

export type CommandLine =
  | { readonly kind: 'gateway' | 'help' | 'version' }
  | { readonly kind: 'command'; readonly load: () => Promise<GatewayCommand>; readonly args: readonly string[] }
  /** The message, in both languages. */
  | { readonly kind: 'problem'; readonly message: string }

/** Reads the arguments of `sspay-gateway`. Without any it is the gateway itself. */
export function readCommandLine([first, ...rest]: readonly string[]): CommandLine {
  if (first !== undefined && Object.hasOwn(commands, first))
    return { kind: 'command', load: commands[first] as () => Promise<GatewayCommand>, args: rest }
  const given = first === undefined ? [] : [first, ...rest]
  const { tokens, values } = parseArgs({ args: given, options, strict: false, allowPositionals: true, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') return problem(token.value, Object.keys(commands), '명령', 'command')
    if (token.kind === 'option' && !Object.hasOwn(options, token.name))
      return problem(
        token.rawName,
        Object.keys(options).map((name) => `--${name}`),
        '옵션',
        'option',
      )
  }
  if (values.help === true) return { kind: 'help' }
  return { kind: values.version === true ? 'version' : 'gateway' }
}

function problem(given: string, known: readonly string[], ko: string, en: string): CommandLine {
  const meant = nearestName(given, known)
  const [isIt, mean] = meant === undefined ? ['', ''] : [` ${meant}?`, `; did you mean ${meant}?`]
  const list = known.join(', ')
  return { kind: 'problem', message: `${given}: 없는 ${ko}입니다.${isIt} (${list})\n${given} is no ${en}${mean}` }
}
