import { nextCheckout } from '@sspay/merchant/next'
import { openCheckout } from '../../../checkout.ts'

export const { GET, POST } = nextCheckout(openCheckout)
