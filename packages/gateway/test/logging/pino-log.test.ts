import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogLevel } from '../../src/logging/log.ts'
import { createLog } from '../../src/logging/pino-log.ts'

test('a level may change between two lines; security events are written at every level', () => {
  const lines: string[] = []
  let level: LogLevel = 'info'
  const log = createLog({ destination: { write: (line) => lines.push(JSON.parse(line).event) }, level: () => level })
  const writeAll = (): readonly string[] => {
    log.info('request')
    log.warn('circuit_opened')
    log.error('request_failed')
    log.info('security_event')
    return lines.splice(0)
  }
  assert.deepEqual(writeAll(), ['request', 'circuit_opened', 'request_failed', 'security_event'])
  level = 'warn'
  assert.deepEqual(writeAll(), ['circuit_opened', 'request_failed', 'security_event'])
  level = 'error'
  assert.deepEqual(writeAll(), ['request_failed', 'security_event'])
})
