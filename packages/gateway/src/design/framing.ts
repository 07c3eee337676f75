/** To pages of every origin, also those with `Cross-Origin-Embedder-Policy: require-corp`. */
export const embeddable = { 'cross-origin-resource-policy': 'cross-origin' } as const

/** By the policy's `frame-ancestors`. A page with an embedder policy frames only pages that have one too. */
export const framingHeaders = (frameAncestors: string): Readonly<Record<string, string>> =>
  frameAncestors === "'none'"
    ? { 'x-frame-options': 'DENY' }
    : { ...embeddable, 'cross-origin-embedder-policy': 'require-corp' }
