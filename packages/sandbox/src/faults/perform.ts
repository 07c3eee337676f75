import type { Exchange } from './exchange.ts'
import type { Fault } from './model.ts'

const garbage = Uint8Array.from({ length: 64 }, (_, index) => (index * 151 + 200) % 256)

const errorPage = new TextEncoder().encode('<!doctype html><title>500</title><h1>Internal Server Error</h1>\n')

/** Does to one exchange what the table of faults says. */
export async function perform(fault: Fault, exchange: Exchange): Promise<void> {
  switch (fault.name) {
    case 'refuse':
      return exchange.close()
    case 'reset-before':
      await exchange.body()
      return exchange.reset()
    case 'reset-after':
      await exchange.work()
      return exchange.reset()
    case 'cut':
      return exchange.sendPart(await exchange.work(), fault.bytes)
    case 'hang':
      await (fault.moment === 'after' ? exchange.work() : exchange.body())
      return exchange.hold()
    case 'delay':
      await exchange.body()
      await exchange.pause(fault.milliseconds)
      return exchange.send(await exchange.work())
    case 'drip':
      return exchange.drip(await exchange.work(), fault.milliseconds)
    case 'duplicate':
      await exchange.work()
      return exchange.send(await exchange.work())
    case 'garbage': {
      const answer = await exchange.work()
      return exchange.send({ ...answer, status: 200, body: garbage })
    }
    case 'http-500':
      await (fault.moment === 'after' ? exchange.work() : exchange.body())
      return exchange.send({ status: 500, headers: [['content-type', 'text/html; charset=utf-8']], body: errorPage })
  }
}
