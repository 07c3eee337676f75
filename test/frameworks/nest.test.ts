import { checkoutContract } from '../adapters/contract.ts'
import { installExample, run } from './install-example.ts'

const folder = await installExample('nest')
await run(folder, process.execPath, ['node_modules/typescript/bin/tsc'])

await checkoutContract({ name: 'nest', folder, arguments: ['dist/main.js'] })
