import { resolve } from 'node:path'
import { checkoutContract } from './contract.ts'

const folder = resolve(import.meta.dirname, '../../examples/fastify')

await checkoutContract({ name: 'fastify', folder, arguments: ['shop.ts'] }, { isPartWhenShort: true })
