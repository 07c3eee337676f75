import { cardsCommand } from './cards/command.ts'
import { clockCommand } from './clock/command.ts'
import type { Command } from './command-line/command.ts'
import { explainCommand } from './explain-command.ts'
import { faultsCommand } from './faults/command.ts'
import { merchantsCommand } from './merchants/command.ts'
import { notificationsCommand } from './notifications/command.ts'
import { payCommand } from './pay/command.ts'
import { phonesCommand } from './phone/command.ts'
import { requestsCommand } from './requests/command.ts'
import { signCommand } from './sign-command.ts'
import { sandboxCommand } from './start.ts'
import { checkWindowCommand } from './window-check/command.ts'

/** In the order of the help and the guide. */
export const commands: readonly Command[] = [
  sandboxCommand,
  payCommand,
  signCommand,
  explainCommand,
  requestsCommand,
  merchantsCommand,
  cardsCommand,
  phonesCommand,
  notificationsCommand,
  faultsCommand,
  clockCommand,
  checkWindowCommand,
]
