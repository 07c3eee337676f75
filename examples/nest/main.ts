import 'reflect-metadata'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { nestCheckout } from '@sspay/merchant/nest'
import { CHECKOUT, CheckoutModule } from './checkout.module.ts'
import { ShopController } from './shop.controller.ts'

@Module({ imports: [CheckoutModule], controllers: [ShopController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] })

// listen보다 먼저 두면 Nest의 본문 파서보다, 세션보다 먼저입니다. 결제창에서 돌아오는 첫 요청에는 쿠키가 없어서,
// 세션이 먼저라면 새 쿠키가 고객의 쿠키를 덮어씁니다.
app.use(nestCheckout(app.get(CHECKOUT)))
app.enableShutdownHooks()

const { PORT = '4700' } = process.env
await app.listen(Number(PORT))
console.log(`http://localhost:${PORT} 을 열어 보세요.`)
