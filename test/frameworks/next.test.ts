import { checkoutContract } from '../adapters/contract.ts'
import { installExample, run } from './install-example.ts'

const folder = await installExample('next')
const next = 'node_modules/next/dist/bin/next'
await run(folder, process.execPath, [next, 'build'])

await checkoutContract({ name: 'next', folder, arguments: [next, 'start'] })
