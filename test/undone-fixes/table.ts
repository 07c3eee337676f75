import { gatewayFixes } from './gateway-fixes.ts'
import type { UndoneFixes } from './model.ts'
import { shopFixes } from './shop-fixes.ts'
import { windowFixes } from './window-fixes.ts'

/** Every fault that was found by an attack or an audit, by a name in plain words. */
export const undoneFixes: UndoneFixes = { ...windowFixes, ...gatewayFixes, ...shopFixes }
