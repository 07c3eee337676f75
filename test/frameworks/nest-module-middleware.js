import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { nestCheckout } from '@sspay/merchant/nest'
import { CHECKOUT, CheckoutModule } from './checkout.module.js'
import { ShopController } from './shop.controller.js'

/** The checkout behind Nest's body parsers, which keep the bytes for it: `rawBody: true`. */
class AppModule {
  constructor(checkout) {
    this.checkout = checkout
  }

  configure(consumer) {
    consumer.apply(nestCheckout(this.checkout)).forRoutes('*path')
  }
}
Reflect.defineMetadata('self:paramtypes', [{ index: 0, param: CHECKOUT }], AppModule)
Module({ imports: [CheckoutModule], controllers: [ShopController] })(AppModule)

const app = await NestFactory.create(AppModule, { rawBody: true, logger: ['warn', 'error'] })
app.enableShutdownHooks()
await app.listen(Number(process.env.PORT))
