/**
 * Tests of storage that say something about SQLite and nothing about PostgreSQL: each with its reason, and with its
 * twin where PostgreSQL has one.
 */
export const sqliteOnly: Readonly<Record<string, string>> = {
  'packages/gateway/test/storage/sqlite.test.ts': 'is about that engine; postgres.test.ts is about the other',
  'packages/gateway/test/storage/full.test.ts':
    'limits the pages of the file; npm run cluster:disk-full fills the disk of PostgreSQL',
  'packages/gateway/test/storage/flush.test.ts': 'counts the flushes of this process; PostgreSQL flushes in another',
  'packages/gateway/test/storage/by-key.test.ts': 'opens either engine by itself',
  'packages/gateway/test/storage/update-where.test.ts': 'opens either engine by itself',
  'packages/gateway/test/telemetry/storage.test.ts': 'limits the pages of the file',
  'packages/gateway/test/telemetry/machine-gauges.test.ts': 'opens no storage: it measures the space of a folder',
  'packages/gateway/test/check-command.test.ts': 'names data folders, as an operator does who has no server',
  'packages/gateway/test/verify-command.test.ts': 'flips bytes of files',
  'packages/gateway/test/backup-command.test.ts': 'copies files; PostgreSQL has tools of its own',
  'packages/gateway/test/restore-command.test.ts': 'the same',
  'packages/gateway/test/move-command.test.ts': 'opens both engines by itself',
  'packages/gateway/test/archive/command.test.ts': 'names data folders, as an operator does who has no server',
  'packages/gateway/test/key-rotation/command.test.ts': 'names data folders, as an operator does who has no server',
  'packages/gateway/test/key-rotation/killed.test.ts': 'copies data folders, and kills at the commits of that engine',
  'packages/gateway/test/key-rotation/killed.mutation.test.ts': 'the same',
  'packages/gateway/test/archive/killed.mutation.test.ts': 'copies the file of the database, as its proof does',
  'packages/gateway/test/telemetry/load.test.ts': 'counts commits that were shared, and asks SQLite for plans',
  'packages/sandbox/test/card-network/card-network.test.ts':
    'the simulated card network is somebody else, with a file of its own: its ledger is never in PostgreSQL',
  'packages/sandbox/test/csrf.test.ts': 'the same ledger',
  'test/journeys/no-statement-scans.test.ts': 'asks SQLite for the plan of every statement',
}
