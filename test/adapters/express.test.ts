import { resolve } from 'node:path'
import { checkoutContract } from './contract.ts'

const folder = resolve(import.meta.dirname, '../../examples/express')

await checkoutContract({ name: 'express', folder, arguments: ['shop.ts'] })
