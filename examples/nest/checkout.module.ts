import { Inject, Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { type Checkout, createCheckout, type RecoveryLoop, readCheckoutConfig } from '@sspay/merchant'
import { findOrder, journal, markOrderPaid, noteRejection } from './orders.ts'
import { customerOf } from './session.ts'

export const CHECKOUT = Symbol('checkout')

const openCheckout = (): Checkout =>
  createCheckout({
    ...readCheckoutConfig(process.env),
    journal,
    findOrder,
    mayPay: (request, order) => customerOf(request.headers.get('cookie')) === order.customerId,
    markOrderPaid,
    onDeclined: noteRejection,
    resultUrl: ({ orderId, outcome }) => (orderId === undefined ? '/' : `/orders/${orderId}?result=${outcome}`),
    onError: (error) => console.warn(error),
  })

/** 결과 미확인 결제를 앱이 시작할 때와 그 뒤 1분마다 확인합니다. */
@Injectable()
class Recovery implements OnApplicationBootstrap, OnApplicationShutdown {
  private loop: RecoveryLoop | undefined

  constructor(@Inject(CHECKOUT) private readonly checkout: Checkout) {}

  onApplicationBootstrap(): void {
    this.loop = this.checkout.startRecovery()
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop?.stop()
  }
}

@Module({
  providers: [{ provide: CHECKOUT, useFactory: openCheckout }, Recovery],
  exports: [CHECKOUT],
})
export class CheckoutModule {}
