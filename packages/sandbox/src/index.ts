export { addresses, PortInUseError, type PortName } from './addresses.ts'
export { type Behaviour, type Registration, type TestCard, testCards } from './card-network/scenarios.ts'
export { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'
export { testMerchant } from './test-merchant.ts'
