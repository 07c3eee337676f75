import { DatabaseSync } from 'node:sqlite'

/** Loaded before the gateway, it takes away the flush that a commit waits for, so that a power cut shows that it would notice. */
const { exec } = DatabaseSync.prototype

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  exec.call(this, sql.replace('pragma synchronous = full', 'pragma synchronous = normal'))
}
