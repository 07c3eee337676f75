import type { UndoneFixes } from './model.ts'

const source = 'packages/gateway/src'
const tests = 'packages/gateway/test'
const commands = `${tests}/commands.test.ts`
const reload = `${tests}/reload.test.ts`
const reloads = 'SIGHUP reloads merchants, keys and log level, and no request of another merchant fails'
const renews = 'SIGHUP renews the certificate; with a key that does not belong to it the former one stays'
const keys = `${tests}/merchants/keys.test.ts`

/** Faults that an operator meets: commands, settings, reloads and stops. */
export const operatorFixes: UndoneFixes = {
  'a misspelt command starts a gateway': {
    edits: [[`${source}/commands.ts`, "if (token.kind === 'positional')", 'if (Math.random() > 1)']],
    test: [commands, '… is wrong usage'],
  },
  'a misspelt variable is ignored': {
    edits: [[`${source}/read-settings.ts`, 'if (nearest === undefined) continue', 'if (nearest !== "x") continue']],
    test: [`${tests}/read-settings.test.ts`, '… is rejected as a misspelt …'],
  },
  'a variable of another program stops the gateway': {
    edits: [[`${source}/nearest-name.ts`, 'nearest.name.length < 6 ? 1 : 2', 'nearest.name.length < 6 ? 1 : 9']],
    test: [
      `${tests}/read-settings.test.ts`,
      'variables of others are reported, not rejected; settings and other names are not looked at',
    ],
  },
  'an old Node.js is started again for ever': {
    edits: [[`${source}/bin.ts`, 'process.exitCode = 2', 'process.exitCode = 1']],
    test: [`${tests}/bin.test.ts`, 'an older Node.js ends with exit code 2, so that no supervisor starts it again'],
  },
  'a wrong merchants file is started again for ever': {
    edits: [[`${source}/read-settings.ts`, 'if (!(cause instanceof MerchantsFileError)) throw cause', 'throw cause']],
    test: [`${tests}/main.test.ts`, 'a merchants file that is wrong is rejected without being quoted'],
  },
  'an answer of a draining gateway keeps its connection': {
    edits: [[`${source}/listen.ts`, 'if (isDraining) response.shouldKeepAlive = false', '']],
    test: [
      `${tests}/listen.test.ts`,
      'while it drains each answer closes its connection, also that of a request in progress',
    ],
  },
  'a request in progress keeps its connection while the gateway drains': {
    edits: [[`${source}/listen.ts`, 'for (const response of pending) response.shouldKeepAlive = false', '']],
    test: [
      `${tests}/listen.test.ts`,
      'while it drains each answer closes its connection, also that of a request in progress',
    ],
  },
  'the log names no cause of a failed connection': {
    edits: [[`${source}/card-network/http-client.ts`, 'causeCode(cause)', "cause instanceof Error ? cause.name : ''"]],
    test: [
      `${tests}/outgoing/failure.test.ts`,
      'a service that cannot be reached is logged with the code of the cause',
    ],
  },
  'a former merchant key is not accepted': {
    edits: [
      [`${source}/merchants/keys.ts`, 'until === undefined || at < until', 'until === undefined && at === until'],
    ],
    test: [reload, reloads],
  },
  'a former merchant key is accepted after its end': {
    edits: [
      [`${source}/merchants/keys.ts`, 'until === undefined || at < until', 'until === undefined || at !== until'],
    ],
    test: [reload, reloads],
  },
  'a payment is answered with another key than its request has': {
    edits: [[`${source}/merchants/keys.ts`, 'isOnlyKey ? undefined :', 'isOnlyKey || !isOnlyKey ? undefined :']],
    test: [keys, 'an approval is answered with the key of its request; without that key with the merchant key'],
  },
  'a disabled merchant is paid': {
    edits: [[`${source}/merchants/model.ts`, 'merchant.takesPayments !== false && isUsable', 'isUsable']],
    test: [keys, 'an approval for a merchant that takes no payments is rejected, and its ticket stays valid'],
  },
  'a reload applies a part of a wrong file': {
    edits: [[`${source}/merchants-file.ts`, 'reject(findMerchantProblems', 'void (findMerchantProblems']],
    test: [reload, reloads],
  },
  'a second move ends with a duplicate key': {
    edits: [
      [
        `${source}/move/move-database.ts`,
        `      await target.transact(async (transaction) => {\n`,
        `      await target.transact(async (transaction) => {\n        await insertRows(transaction, table, rows)\n`,
      ],
      [
        `${source}/move/move-database.ts`,
        `        })\n        await insertRows(transaction, table, rows)\n`,
        `        })\n`,
      ],
    ],
    test: [
      `${tests}/move/move-database.test.ts`,
      'of two commands that move at once, each batch is copied by one; the other names it',
    ],
  },
  'a renewed certificate is not presented': {
    edits: [[`${source}/reload.ts`, 'listener.renewTls(tls)', 'void listener']],
    test: [reload, renews],
  },
}
