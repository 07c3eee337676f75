import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkoutContract } from '../adapters/contract.ts'
import { installExample, run } from './install-example.ts'

const folder = await installExample('nest')
await run(folder, process.execPath, ['node_modules/typescript/bin/tsc'])
copyFileSync(join(import.meta.dirname, 'nest-module-middleware.js'), join(folder, 'dist/module-middleware.js'))

const program = { name: 'nest as module middleware', folder, arguments: ['dist/module-middleware.js'] }
// Nest's parsers, which come first here, reject a body in EUC-KR.
await checkoutContract(program, { notificationCharsets: ['utf-8'] })
