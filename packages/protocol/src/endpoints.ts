/** Full addresses of one environment. */
export interface Endpoints {
  /** Where the payment window opens on a PC; the form goes here. */
  readonly pcWindow: string
  readonly mobileWindow: string
  /** The drop-in script for PC pages; add `?version=` against caches. */
  readonly script: string
  readonly mobileScript: string
  readonly approval: string
  readonly memberDeletion: string
  readonly cancel: string
  readonly inquiry: string
  /** The window that issues a bill key: in place of the page, on every device. */
  readonly billKeyWindow: string
  readonly billKeyRegistration: string
  readonly billKeyCharge: string
  readonly billKeyDeletion: string
  /** Source addresses of the service's calls to a shop; empty when any address is allowed. */
  readonly sourceAddresses: readonly string[]
}

const windowPath = '/ssp/reqPay.do'
const scriptPath = '/asset/js/SmartroPAY-1.0.min.js'

interface Origins {
  readonly pc: string
  readonly mobile: string
  readonly approval: string
}

const endpointsAt = ({ pc, mobile, approval }: Origins, sourceAddresses: readonly string[]): Endpoints => ({
  pcWindow: pc + windowPath,
  mobileWindow: mobile + windowPath,
  script: pc + scriptPath,
  mobileScript: mobile + scriptPath,
  approval: `${approval}/payment/approval/urlCallApproval.do`,
  memberDeletion: `${approval}/payment/approval/ssbMemberDel.do`,
  cancel: `${approval}/payment/approval/cancel.do`,
  inquiry: `${approval}/payment/approval/approvalInquiry.do`,
  billKeyWindow: `${mobile}/ssb/interface.do`,
  billKeyRegistration: `${approval}/payment/approval/urlCallCardReg.do`,
  billKeyCharge: `${approval}/payment/approval/ssbbill.do`,
  billKeyDeletion: `${approval}/payment/approval/ssbdel.do`,
  sourceAddresses,
})

/** The service's own hosts (guide, SERVER IP and the sample page). */
export const endpoints = {
  staging: endpointsAt(
    {
      pc: 'https://tpay.smartropay.co.kr',
      mobile: 'https://tmpay.smartropay.co.kr',
      approval: 'https://tapproval.smartropay.co.kr',
    },
    ['211.193.35.11'],
  ),
  production: endpointsAt(
    {
      pc: 'https://pay.smartropay.co.kr',
      mobile: 'https://mpay.smartropay.co.kr',
      approval: 'https://approval.smartropay.co.kr',
    },
    ['211.193.35.20', '211.193.35.216', '211.193.35.217'],
  ),
} as const satisfies Readonly<Record<string, Endpoints>>

/**
 * Endpoints of a self-hosted gateway, where one host serves every path.
 *
 * @param options `origin`: scheme, host and port, without a trailing slash; `windowOrigin`: that of browsers, if the
 *   shop's server reaches the gateway at another one
 */
export const localEndpoints = ({
  origin,
  windowOrigin = origin,
}: {
  readonly origin: string
  readonly windowOrigin?: string
}): Endpoints => endpointsAt({ pc: windowOrigin, mobile: windowOrigin, approval: origin }, [])
