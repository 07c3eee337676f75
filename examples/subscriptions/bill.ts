import { recover } from '@sspay/merchant'
import { billingRecovery, runBilling } from './billing.ts'
import { dayOf } from './calendar.ts'
import { openShop } from './open-shop.ts'

/**
 * cron이 하루에 한 번 이상 부릅니다: `0 9,15,21 * * * cd /srv/shop && npm run bill`. 두 번 겹쳐 돌거나 하루를 걸러도 됩니다.
 */
const shop = openShop(process.env)
const today = dayOf(new Date())
const { pending } = await recover(shop.merchant, billingRecovery(shop, today, process.env.CANCEL_PASSWORD ?? ''))
const report = await runBilling(shop, today)
console.log(JSON.stringify({ today, ...report, pending }))
if (report.failed.length > 0) process.exitCode = 1
