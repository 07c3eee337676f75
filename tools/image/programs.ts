import type { PackageName } from '../packages/manifest.ts'

/** A program of ours and its image, `sspay-NAME`. */
export interface Program {
  readonly name: Extract<PackageName, 'sandbox' | 'gateway'>
  /** On the path of the image. */
  readonly command: string
  /** The packages of ours that it needs. */
  readonly packages: readonly PackageName[]
  /** What the image runs by default. */
  readonly words: readonly string[]
  readonly ports: readonly number[]
  /** A container engine restarts nothing for it, but shows it, and others wait for it. */
  readonly healthUrl: string
}

export const programs: Readonly<Record<Program['name'], Program>> = {
  sandbox: {
    name: 'sandbox',
    command: 'sspay',
    packages: ['protocol', 'browser', 'merchant', 'gateway', 'sandbox'],
    words: ['sandbox'],
    ports: [4600, 4610, 4611, 4620],
    healthUrl: 'http://127.0.0.1:4610/healthz',
  },
  gateway: {
    name: 'gateway',
    command: 'sspay-gateway',
    packages: ['protocol', 'browser', 'gateway'],
    words: [],
    ports: [4610, 4611, 4620],
    healthUrl: 'http://127.0.0.1:4610/readyz',
  },
}
