const sizes = ['short', 'medium', 'thorough'] as const
export type ProofSize = (typeof sizes)[number]

const given = process.env.SSPAY_PROOFS ?? 'short'
const known = sizes.find((size) => size === given)
if (known === undefined) throw new Error(`SSPAY_PROOFS: "${given}" is not one of ${sizes.join(', ')}`)

/**
 * How much of a long proof runs: `short` under `npm test`, `medium` in the check of a submission (`npm run
 * test:medium`), `thorough` with every case. A short proof must still find the injected bug that its `injected` test
 * names.
 */
export const proofSize: ProofSize = known

/** Only the thorough proofs repeat whole runs to compare their traces. */
export const repeatsRuns = proofSize === 'thorough'

export const bySize = <Value>(values: Readonly<Record<ProofSize, Value>>): Value => values[proofSize]
