/**
 * Fetches the same page and replaces `<main>` when it differs, except while the page is hidden, or has a selection,
 * focus or changed input, and long lists also while they are scrolled. The browser parses the document
 * (`responseType`), as Trusted Types forbid `innerHTML`.
 */
export const liveScript = `(function () {
  var delay = 3000
  function isBusy() {
    var selection = window.getSelection()
    if (document.hidden || (selection && !selection.isCollapsed) || document.querySelector('main :focus')) return true
    if (document.querySelector('main[data-live="at-top"]') && window.pageYOffset > 300) return true
    return Array.prototype.some.call(document.querySelectorAll('main input, main select'), isFilledIn)
  }
  function isFilledIn(field) {
    if (!field.options) return field.type !== 'hidden' && field.value !== field.defaultValue
    var first = field.querySelector('[selected]') || field.options[0]
    return first && !first.selected
  }
  function refresh() {
    if (isBusy()) return wait()
    var request = new XMLHttpRequest()
    request.open('GET', location.href)
    request.responseType = 'document'
    request.onload = function () {
      if (request.status === 200 && request.response) take(request.response.querySelector('main'))
    }
    request.onloadend = wait
    request.send()
  }
  function take(next) {
    var shown = document.querySelector('main')
    var open = Array.prototype.map.call(shown.querySelectorAll('details'), function (details) { return details.open })
    if (!next || isBusy()) return
    next.querySelectorAll('details').forEach(function (details, index) { details.open = open[index] === true })
    if (next.innerHTML !== shown.innerHTML) shown.replaceWith(document.adoptNode(next))
  }
  function wait() { setTimeout(refresh, delay) }
  wait()
})()`
