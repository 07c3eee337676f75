import { type GatewayOptions, openCrashGateway } from './crash-gateway.ts'
import { obeyParent } from './obey-parent.ts'

const options: GatewayOptions = JSON.parse(process.argv[2] ?? '{}')
const { url, obey } = await openCrashGateway(options)

obeyParent(async (command) => {
  if (command.verb === 'stop') process.disconnect()
  return obey(command)
}, url)
