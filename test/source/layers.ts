/** Who may import whom, and through which entry points. Everything else is forbidden. */
export const packages: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  protocol: {},
  browser: { protocol: ['.'] },
  merchant: { protocol: ['.', './internal', './signature', './sealed-body', './charset'] },
  gateway: {
    protocol: ['.', './internal', './signature', './sealed-body', './charset'],
    browser: ['./smartropay.js'],
  },
  sandbox: {
    protocol: ['.', './internal', './signature', './sealed-body', './charset', './vectors/signatures.json'],
    browser: ['.', './smartropay.js'],
    merchant: ['.'],
    gateway: ['.', './internal', './tools'],
  },
}

/** An example imports what a shop installs; one in a folder also its own files and its framework. */
export const examplesMayImport = /^(@sspay\/merchant(\/(express|fastify|hono|next|nest))?|@sspay\/browser|node:\w+)$/

/** Packages that also run in a browser, where there is no Node. */
export const withoutNode = ['browser']

/** The lowest parts of the gateway, from the bottom up: each may import the ones before it, all others all of them. */
export const ground = [
  'csv.ts',
  'durable-file.ts',
  'duration.ts',
  'event-chain.ts',
  'secret.ts',
  'diagnosis.ts',
  'network-address.ts',
  'within.ts',
  'outgoing',
  'runtime.ts',
  'logging',
  'keyring.ts',
  'storage',
  'design',
  'http',
  'browser-safety',
  'admission',
  'context.ts',
  'background-jobs.ts',
  'security-events',
]

const listed = (names: string): readonly string[] => names.split(' ')

/** What the other parts may import besides the ground. */
export const gatewayParts: Readonly<Record<string, readonly string[]>> = {
  'request-log': [],
  vault: [],
  passkeys: [],
  keypad: [],
  identity: [],
  merchants: [],
  'card-network': [],
  notifications: [],
  members: ['request-log', 'vault', 'passkeys', 'merchants', 'identity'],
  approval: ['request-log', 'card-network', 'notifications', 'members', 'vault', 'merchants', 'archive'],
  'bill-keys': ['request-log', 'approval', 'card-network', 'members', 'vault', 'merchants'],
  archive: [],
  'nearest-name.ts': [],
  'version.ts': [],
  'operator-command.ts': ['environment.ts', 'root-key.ts'],
  'commands.ts': [
    ...listed('nearest-name.ts operator-command.ts archive-command.ts rotate-command.ts check-command.ts'),
    ...listed('migrate-command.ts report-command.ts reconcile-command.ts verify-command.ts'),
    ...listed('backup-command.ts restore-command.ts merchants-command.ts move-command.ts'),
  ],
  'check-command.ts': [
    ...listed('environment.ts operator-command.ts read-settings.ts read-credentials.ts'),
    ...['key-rotation', 'merchants'],
  ],
  'archive-command.ts': ['archive', 'operator-command.ts'],
  reconciliation: [],
  'report-command.ts': ['reconciliation', 'archive', 'operator-command.ts'],
  'reconcile-command.ts': ['report-command.ts', 'reconciliation', 'operator-command.ts'],
  verification: ['archive'],
  move: [],
  'move-command.ts': [...listed('environment.ts move verification verify-command.ts operator-command.ts')],
  'verify-command.ts': ['verification', 'operator-command.ts'],
  'backup-command.ts': ['environment.ts', 'operator-command.ts'],
  'restore-command.ts': [
    ...listed('environment.ts key-rotation verification verify-command.ts backup-command.ts operator-command.ts'),
  ],
  'migrate-command.ts': ['operator-command.ts'],
  // Proves with the merchants that the keys are those of the database.
  'key-rotation': ['merchants', 'root-key.ts'],
  'rotate-command.ts': ['key-rotation', 'root-key.ts', 'operator-command.ts'],
  cancellation: ['request-log', 'approval', 'card-network', 'notifications', 'merchants'],
  'payment-window': [
    ...['request-log', 'approval', 'members', 'keypad', 'passkeys', 'identity', 'vault', 'merchants'],
    // Verifies the owner of a card before it is registered.
    'card-network',
    'bill-keys',
  ],
  console: listed('archive request-log payment-window cancellation approval members notifications vault merchants'),
  telemetry: ['version.ts', 'approval', 'cancellation', 'members', 'notifications', 'card-network'],
  'front-page.ts': ['payment-window', 'telemetry'],
  'not-offered-routes.ts': ['request-log'],
  'share-of-call.ts': ['approval', 'merchants'],
  'gateway.ts': [
    ...listed('built-scripts.ts front-page.ts not-offered-routes.ts share-of-call.ts'),
    ...listed('console payment-window bill-keys cancellation approval members'),
    ...listed('identity card-network merchants request-log notifications telemetry'),
  ],
  'built-scripts.ts': [],
  'root-key.ts': [],
  'listen.ts': [],
  'merchant-settings.ts': ['merchants', 'notifications'],
  'change-merchants.ts': ['merchants', 'merchants-file.ts', 'merchant-settings.ts'],
  'merchants-command.ts': [
    ...listed(
      'change-merchants.ts environment.ts merchants merchant-settings.ts merchants-file.ts operator-command.ts',
    ),
    'read-settings.ts',
  ],
  'merchants-file.ts': ['merchants', 'notifications'],
  'settings.ts': [],
  'help.ts': ['settings.ts'],
  'called-services.ts': ['gateway.ts', 'card-network', 'identity', 'request-log', 'telemetry'],
  'open-gateway.ts': [
    'settings.ts',
    ...['front-page.ts', 'gateway.ts', 'called-services.ts', 'built-scripts.ts', 'console', 'merchants', 'archive'],
    'merchants-file.ts',
    'key-rotation',
    'move',
    'request-log',
    'telemetry',
  ],
  'bin.ts': ['main.ts'],
  'environment.ts': ['root-key.ts', 'settings.ts'],
  'read-credentials.ts': ['environment.ts'],
  'read-addresses.ts': ['environment.ts', 'settings.ts'],
  'unsafe-settings.ts': ['environment.ts', 'read-addresses.ts', 'merchants-file.ts', 'merchants', 'settings.ts'],
  'read-settings.ts': [
    ...listed('environment.ts read-addresses.ts read-credentials.ts unsafe-settings.ts'),
    ...['merchants-file.ts', 'nearest-name.ts', 'open-gateway.ts', 'settings.ts'],
  ],
  'reload.ts': ['listen.ts', 'merchants-file.ts', 'open-gateway.ts', 'read-settings.ts'],
  'start-gateway.ts': [
    ...['environment.ts', 'read-settings.ts', 'read-addresses.ts', 'unsafe-settings.ts', 'version.ts'],
    ...['open-gateway.ts', 'reload.ts', 'listen.ts', 'merchants-file.ts'],
  ],
  'main.ts': [
    ...['commands.ts', 'environment.ts', 'help.ts', 'operator-command.ts', 'start-gateway.ts'],
    ...['unsafe-settings.ts', 'version.ts'],
  ],
}

/** Entry points may export from every part. */
export const entries = ['index.ts', 'internal.ts', 'tools.ts']

/**
 * Files of this name are pure: values only from each other and from the protocol. The merchant's model asks the rules
 * of interest.
 */
export const pureFiles = /\/(model|transitions|interest-free|bill-key-policy)\.ts$/
