export default { basePath: '/store', trailingSlash: true }
