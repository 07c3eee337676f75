/** What the example uses of Testcontainers 12, so that it compiles here without its 170 packages. */
declare module 'testcontainers' {
  interface WaitStrategy {
    withStartupTimeout(milliseconds: number): WaitStrategy
  }
  export const Wait: { forHttp(path: string, port: number): WaitStrategy }
  export const TestContainers: { exposeHostPorts(...ports: number[]): Promise<void> }
  interface StartedContainer {
    getHost(): string
    getMappedPort(port: number): number
    exec(command: string[]): Promise<{ readonly output: string; readonly exitCode: number }>
    stop(): Promise<unknown>
  }
  export class GenericContainer {
    constructor(image: string)
    withCommand(command: string[]): this
    withExposedPorts(...ports: number[]): this
    withWaitStrategy(strategy: WaitStrategy): this
    start(): Promise<StartedContainer>
  }
}
