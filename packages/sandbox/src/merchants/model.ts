import type { Merchant, NotificationTarget } from '@sspay/gateway'

export type ShownTarget = Pick<NotificationTarget, 'url' | 'charset' | 'fieldNames' | 'intervalMinutes' | 'maxAttempts'>

/** A merchant without its key and password. */
export interface ShownMerchant extends Omit<Merchant, 'merchantKey' | 'cancelPassword'> {
  /** Null: no notifications. */
  readonly notification: ShownTarget | null
}

/** Ids for a new merchant; random by default. */
export interface GivenIds {
  readonly merchantId?: string
  readonly easyPayMerchantId?: string
}

/** The settings to change; `notification: null` ends the notifications. */
export interface MerchantChange extends Partial<Omit<ShownMerchant, 'notification' | keyof GivenIds>> {
  readonly notification?: Partial<ShownTarget> | null
}
