/** The setting of a gateway process. A large number leaves only the fixed bounds. Under both names, so that older gateways know it too. */
export const latencyTarget = (milliseconds: number | string): Readonly<Record<string, string>> => ({
  SSPAY_LATENCY_TARGET_MS: String(milliseconds),
  SSPAY_CALM_MS: String(milliseconds),
})

/** What a gateway has without the setting, in milliseconds. */
export const usualLatencyTarget = '40'

/** So large that the gateway never sheds load because of it. */
export const noLatencyTarget = 60_000
