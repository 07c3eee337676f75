import { nextCheckout } from '@sspay/merchant/next'
import { openShop } from '../../../open-shop.js'

export const { GET, POST } = nextCheckout(() => openShop().checkout)
