/**
 * Fetches the same page and puts its `<main>` in place when it differs; leaves a page alone that is hidden, selected in, being typed in or
 * filled in, and a long list also while it is scrolled through. The browser reads the page itself: no text is turned into markup here, which Trusted Types would refuse.
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
