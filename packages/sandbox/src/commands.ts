import type { Commands } from './command-line/command.ts'

/** In the order of the help and the guide. */
export const commands: Commands = {
  sandbox: async () => (await import('./start.ts')).sandboxCommand,
  init: async () => (await import('./init/command.ts')).initCommand,
  pay: async () => (await import('./pay/command.ts')).payCommand,
  sign: async () => (await import('./sign-command.ts')).signCommand,
  explain: async () => (await import('./explain-command.ts')).explainCommand,
  requests: async () => (await import('./requests/command.ts')).requestsCommand,
  merchants: async () => (await import('./merchants/command.ts')).merchantsCommand,
  cards: async () => (await import('./cards/command.ts')).cardsCommand,
  phones: async () => (await import('./phone/command.ts')).phonesCommand,
  'bill-keys': async () => (await import('./bill-keys/command.ts')).billKeysCommand,
  reconcile: async () => (await import('./reconcile/command.ts')).reconcileCommand,
  notifications: async () => (await import('./notifications/command.ts')).notificationsCommand,
  faults: async () => (await import('./faults/command.ts')).faultsCommand,
  clock: async () => (await import('./clock/command.ts')).clockCommand,
  'check-window': async () => (await import('./window-check/command.ts')).checkWindowCommand,
}
