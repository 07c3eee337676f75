import type { UndoneFixes } from './model.ts'

const source = 'packages/gateway/src'
const tests = 'packages/gateway/test'
const unwritable = `${tests}/approval/unwritable.test.ts`
const replayed = `${tests}/cancellation/replayed-approval.test.ts`
const startGateway = `${tests}/start-gateway.test.ts`
const served = 'with plain HTTP off the window is served over HTTPS only, and under its public hosts'
const slowCommit = `${tests}/approval/slow-commit.test.ts`

/** Faults of the gateway's configuration, transport and approvals. */
export const gatewayFixes: UndoneFixes = {
  'the console listens on every address': {
    edits: [
      [
        `${source}/read-addresses.ts`,
        'if (isLoopbackHost(host) || isBehindLogin) return host',
        `if (isLoopbackHost(host) || isBehindLogin || host !== '') return host`,
      ],
    ],
    test: [`${tests}/environment.test.ts`, '…=…: named with its rule in two languages, nothing opened'],
  },
  'unsafe settings start without a word': {
    edits: [
      [
        `${source}/unsafe-settings.ts`,
        '    if (found[0] !== undefined && !allowed.has(name)) throw errorOf(found[0])\n',
        '',
      ],
    ],
    test: [`${tests}/unsafe-settings.test.ts`, '… (…): rejected with variable, cure and override'],
  },
  'card numbers go to another host over plain HTTP': {
    edits: [
      [
        `${source}/unsafe-settings.ts`,
        `return protocol === 'http:' && !isLoopbackHost(hostname)`,
        `return protocol === 'ftp:' && !isLoopbackHost(hostname)`,
      ],
    ],
    test: [`${tests}/unsafe-settings.test.ts`, '… (…): rejected with variable, cure and override'],
  },
  'a merchant key of one letter is taken': {
    edits: [
      [
        `${source}/unsafe-settings.ts`,
        'if (key.length < shortestKey) return false',
        'if (key.length > 0) return false',
      ],
    ],
    test: [`${tests}/unsafe-settings.test.ts`, '… (…): rejected with variable, cure and override'],
  },
  'calls to the card network carry no credentials': {
    edits: [
      [
        `${source}/called-services.ts`,
        'cardNetworkCalls, () => addresses.cardNetworkCredentials ?? {})',
        'cardNetworkCalls, () => ({}))',
      ],
    ],
    test: [`${tests}/called-services.test.ts`, 'each service is sent its own token, and no line of the log has it'],
  },
  'plain HTTP stays open although it is off': {
    edits: [
      [`${source}/read-addresses.ts`, 'if (tls !== undefined) return undefined', 'if (tls !== undefined) return 0'],
    ],
    test: [startGateway, served],
  },
  'the listeners of a started gateway check no host': {
    edits: [
      [
        `${source}/start-gateway.ts`,
        'guardPublic(gateway.fetch, { ...context, proxyHops, publicHosts, allowsPlainWindow })',
        'gateway.fetch',
      ],
    ],
    test: [startGateway, served],
  },
  'a window takes card numbers over plain HTTP': {
    edits: [
      [
        `${source}/http/guard-public.ts`,
        'return !isForwarded && address !== undefined && isLoopbackAddress(unmapped(address))',
        'return !isForwarded && address !== undefined',
      ],
    ],
    test: [`${tests}/http/guard-public.test.ts`, '…: …'],
  },
  'a window opens under any host name': {
    edits: [
      [
        `${source}/http/guard-public.ts`,
        'publicHosts !== undefined && !isPublicHost(hostname, publicHosts)',
        'publicHosts !== undefined && !isPublicHost(hostname, [hostname])',
      ],
    ],
    test: [`${tests}/http/guard-public.test.ts`, '…: …'],
  },
  'a passkey belongs to any host name': {
    edits: [
      [
        `${source}/payment-window/passkey-offer.ts`,
        'isTrustedHost(settings, hostname) && relyingPartyOf',
        `hostname !== '' && relyingPartyOf`,
      ],
    ],
    test: [`${tests}/payment-window/passkey-host.test.ts`, 'a passkey may …belong to ………'],
  },
  'a curl command names any host': {
    edits: [[`${source}/request-log/record-calls-in.ts`, 'isTrusted(hostname) ? origin : undefined', 'origin']],
    test: [`${tests}/request-log/curl.test.ts`, 'a command does not name an untrusted host'],
  },
  'TLS 1.2 accepts RSA key exchange': {
    edits: [[`${source}/listen.ts`, ':!kRSA', '']],
    test: [`${tests}/listen-tls.test.ts`, 'rejects …'],
  },
  'TLS 1.2 renegotiates': {
    edits: [[`${source}/listen.ts`, 'constants.SSL_OP_NO_RENEGOTIATION', '0']],
    test: [`${tests}/listen-tls.test.ts`, 'does not renegotiate'],
  },
  'one address keeps any number of idle connections': {
    edits: [
      [
        `${source}/admission/bound-connections.ts`,
        'if (client.open > perAddress) closeOldestIdle(client)\n    else if',
        'if',
      ],
    ],
    test: [
      `${tests}/admission/bound-connections.test.ts`,
      'beyond the bound of an address its longest idle connection is closed',
    ],
  },
  'explaining a signature takes any number of digests': {
    edits: [
      [
        'packages/sandbox/src/diagnosis/explain-signature.ts',
        'const mostCharacters = 1024',
        'const mostCharacters = 1_000_000',
      ],
    ],
    test: [
      'packages/sandbox/test/diagnosis/secrets.test.ts',
      'looking for what no mistake explains takes a bounded number of digests: …',
    ],
  },
  'a column stays under the old root key': {
    edits: [[`${source}/key-rotation/model.ts`, `      cancel_password_encrypted: 'merchant-cancel',\n`, '']],
    test: [
      `${tests}/key-rotation/encrypted-columns.test.ts`,
      'every column of ciphertext, and every fingerprint and hash, is rotated or is kept for a reason',
    ],
  },
  'any page starts the export of the payments': {
    edits: [[`${source}/console/route.ts`, `'/payments.csv', requireSameOrigin, `, `'/payments.csv', `]],
    test: [
      `${tests}/console/csv.test.ts`,
      '… is sent to the console’s own page and to direct navigation, and to no other site',
    ],
  },
  'a sibling host sets the cookie of the console': {
    edits: [
      [
        `${source}/browser-safety/session-cookie.ts`,
        `secure ? ('host' as const) : undefined`,
        "undefined as undefined | 'host'",
      ],
    ],
    test: [
      `${tests}/browser-safety/session-cookie.test.ts`,
      'over … the cookie is one that no neighbouring host can set',
    ],
  },
  'a semicolon in a host name reaches the policy': {
    edits: [[`${source}/payment-window/answer.ts`, '[a-z0-9._:[\\]-]+$/.test(origin)', '[^/]+$/.test(origin)']],
    test: [`${tests}/payment-window/policy.test.ts`, 'the host … of a shop does not come into a policy'],
  },
  'a merchant name with a line break is saved': {
    edits: [
      [
        `${source}/merchants/model.ts`,
        `merchant.name.trim() !== '' && !unwritable.includes('companyName')`,
        `merchant.name.trim() !== ''`,
      ],
    ],
    test: [`${tests}/merchants/merchants.test.ts`, 'a merchant with … is rejected for its …'],
  },
  'the card network is asked before the answer is known to be writable': {
    edits: [[`${source}/approval/authorize.ts`, 'if (unwritable.length > 0) {', 'if (unwritable.length > 50) {']],
    test: [unwritable, 'an approval whose own fields cannot be written asks nobody, and alerts'],
  },
  'an approval that cannot be written stays unresolved': {
    edits: [
      [
        `${source}/approval/record-outcome.ts`,
        `    return 'silent'\n  }\n  await recordOutcome(`,
        `    return 'recorded'\n  }\n  await recordOutcome(`,
      ],
    ],
    test: [unwritable, 'an approval that cannot be written once it is charged is reversed in time, and alerts'],
  },
  'an impossible time of the card network is an approval': {
    edits: [
      [
        `${source}/card-network/read-answer.ts`,
        'time !== undefined && findUnwritable(approvalResult, { approvedAt: time }).length === 0 ? time : undefined',
        'time',
      ],
    ],
    test: [unwritable, 'an approval of the card network with … counts as no answer, and is reversed'],
  },
  'a replay approves what was cancelled since': {
    edits: [
      [
        `${source}/approval/approve.ts`,
        '(isReplayed ? currentAnswer(payment, merchant) : undefined)',
        '(isReplayed ? payment.answer : undefined)',
      ],
    ],
    test: [
      replayed,
      'the approval of a payment that was cancelled … since is no approval any more, in a replay and an inquiry alike',
    ],
  },
  'an inquiry keeps the code of an approval after a full refund': {
    edits: [[`${source}/approval/write-answer.ts`, 'const ended = isCancelled ? {', 'const ended = !isCancelled ? {']],
    test: [
      replayed,
      'the approval of a payment that was cancelled … since is no approval any more, in a replay and an inquiry alike',
    ],
  },
  'an approval is given up while the card network works on it': {
    edits: [
      [
        `${source}/approval/overdue.ts`,
        'retryBudgetMs + cardNetworkTimeoutMs + approvalMarginMs',
        'cardNetworkTimeoutMs + approvalMarginMs',
      ],
    ],
    test: [
      slowCommit,
      'an approval whose intent waited for its commit is not given up while the card network works on it',
    ],
  },
  'the resolver takes over an approval of its own process': {
    edits: [
      [
        `${source}/approval/resolve.ts`,
        'return overdue.filter(({ transactionId }) => !approvalsInProgress(gateway).has(transactionId))',
        'return overdue',
      ],
    ],
    test: [slowCommit, 'the resolver of the same process leaves an approval alone that still runs, however old it is'],
  },
  'an intent that is too old still calls the card network': {
    edits: [
      [
        `${source}/approval/overdue.ts`,
        'now.getTime() - begunAt.getTime() > retryBudgetMs',
        'now.getTime() - begunAt.getTime() > 100 * retryBudgetMs',
      ],
    ],
    test: [
      slowCommit,
      'an approval whose commit took longer than the storage retries asks nobody: the resolver may have it',
    ],
  },
}
