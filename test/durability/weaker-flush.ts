import { DatabaseSync } from 'node:sqlite'

/**
 * Loaded before the gateway, it removes the flush that a commit waits for, to show that the proof finds a missing one.
 */
const { exec } = DatabaseSync.prototype

DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
  exec.call(this, sql.replace('pragma synchronous = full', 'pragma synchronous = normal'))
}
