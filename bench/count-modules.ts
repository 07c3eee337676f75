import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

/** Preloaded with `--import`: writes the number of loaded modules, without those of Node, to MODULES_FILE. */
let modules = 0
registerHooks({
  load(url, context, next) {
    if (!url.startsWith('node:')) modules += 1
    return next(url, context)
  },
})
process.on('exit', () => writeFileSync(process.env.MODULES_FILE ?? '/dev/stdout', String(modules)))
