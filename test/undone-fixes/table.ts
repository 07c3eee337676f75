import { gatewayFixes } from './gateway-fixes.ts'
import type { UndoneFixes } from './model.ts'
import { operatorFixes } from './operator-fixes.ts'
import { shopFixes } from './shop-fixes.ts'
import { windowFixes } from './window-fixes.ts'

/** Every fault that was found by an attack, an audit or in operation, by a name in plain words. */
export const undoneFixes: UndoneFixes = { ...windowFixes, ...gatewayFixes, ...operatorFixes, ...shopFixes }
