/** Notifications follow no redirect to an address with a slash: both spellings are served. */
export default { basePath: '/store', trailingSlash: true, skipTrailingSlashRedirect: true }
