import type { Crossing } from './link.ts'

/** One request over a link, with whatever goes wrong on it. `about`: the payment, when it is known. */
export type Travel = (
  link: string,
  about: string,
  timeoutMs: number,
  deliver: () => Promise<Crossing>,
) => Promise<Crossing>
