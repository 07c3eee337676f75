import { GenericContainer, TestContainers, Wait } from 'testcontainers'

const sspay = ['node', '/app/node_modules/@sspay/sandbox/dist/bin.js']

/** The sandbox in a container of its own; notifications arrive at `shopPort` of this machine. */
export async function startSandbox(shopPort: number) {
  await TestContainers.exposeHostPorts(shopPort)
  const container = await new GenericContainer('sspay-sandbox:0.1.0')
    .withCommand(['sandbox', '--private-networks'])
    .withExposedPorts(4610, 4620)
    .withWaitStrategy(Wait.forHttp('/healthz', 4610))
    .start()
  const url = `http://host.testcontainers.internal:${shopPort}/pay/notice`
  const { exitCode, output } = await container.exec([...sspay, 'merchants', 'set', 'ssptest01m', '--notify-url', url])
  if (exitCode !== 0) throw new Error(output)
  const origin = (port: number): string => `http://${container.getHost()}:${container.getMappedPort(port)}`
  return { gateway: origin(4610), console: origin(4620), stop: () => container.stop() }
}
