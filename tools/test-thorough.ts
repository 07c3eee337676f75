import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/** The proofs of which `npm test` and `npm run e2e` go through a part only, whole: about half an hour on two cores. */
const proofs = [
  'test/crash/*.test.ts',
  'test/faults/*.test.ts',
  'test/simulation/*.test.ts',
  'test/e2e/{xss,return-path,accessibility,accessibility-matrix}.test.ts',
]

const child = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=3600000', ...proofs], {
  cwd: resolve(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: { ...process.env, SSPAY_THOROUGH: '1' },
})
const [exitCode] = await once(child, 'exit')
process.exitCode = exitCode ?? 1
