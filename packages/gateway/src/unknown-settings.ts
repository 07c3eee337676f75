import { type Environment, EnvironmentError } from './environment.ts'
import { nearestName } from './nearest-name.ts'
import { settingsTable } from './settings.ts'

const prefix = 'SSPAY_'

/**
 * The `SSPAY_` variables that are no settings of the gateway: those of a shop on the same machine, or of Kubernetes,
 * which sets `…_SERVICE_HOST` for a service `sspay-gateway`. They are not rejected.
 *
 * @throws EnvironmentError for a variable that is a typing error away from a setting
 */
export function findUnknownSettings(environment: Environment): readonly string[] {
  const known = Object.keys(settingsTable)
  const unknown = Object.keys(environment).filter((name) => name.startsWith(prefix) && !known.includes(name))
  for (const name of unknown) {
    const nearest = nearestName(
      name.slice(prefix.length),
      known.map((setting) => setting.slice(prefix.length)),
    )
    if (nearest === undefined) continue
    const meant = prefix + nearest
    throw new EnvironmentError(name, `없는 변수입니다. ${meant}를 쓰세요`, `is no setting: did you mean ${meant}?`)
  }
  return unknown
}
