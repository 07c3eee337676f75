import { resolve } from 'node:path'
import { checkoutContract } from './contract.ts'

const folder = resolve(import.meta.dirname, '../../examples/hono')

await checkoutContract({ name: 'hono', folder, arguments: ['shop.ts'] }, { isPartWhenShort: true })
