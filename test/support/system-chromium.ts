import { existsSync } from 'node:fs'

/**
 * The Chromium of this machine; the headless shell does the same for less of the processor. Undefined where there is
 * none.
 */
export const systemChromium = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(existsSync)
