import { defaultSettings } from '@sspay/gateway'

/** The setting of a gateway process. A large number leaves only the fixed bounds. */
export const latencyTarget = (milliseconds: number | string): Readonly<Record<string, string>> => ({
  SSPAY_LATENCY_TARGET_MS: String(milliseconds),
})

/** Default of the gateway, in milliseconds. */
export const usualLatencyTarget = String(defaultSettings.limits.targetLatencyMs)

/** So large that the gateway never sheds load because of it. */
export const noLatencyTarget = 60_000
