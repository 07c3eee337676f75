/** As much of the global URL, which Node and browsers share, as the root entry uses. */
declare class URL {
  static canParse(url: string): boolean
  readonly username: string
  readonly password: string
  constructor(url: string)
}
