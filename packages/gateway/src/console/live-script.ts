/** Fetches the same page and puts its `<main>` in place when it differs; leaves a page alone that is hidden, selected in or being typed in. */
export const liveScript = `(function () {
  var delay = 3000
  function isBusy() {
    var selection = window.getSelection()
    return document.hidden || (selection && !selection.isCollapsed) || document.querySelector('main :focus')
  }
  function refresh() {
    if (isBusy()) return wait()
    fetch(location.href, { credentials: 'same-origin' })
      .then(function (answer) { if (!answer.ok) throw answer; return answer.text() })
      .then(function (text) {
        var next = new DOMParser().parseFromString(text, 'text/html').querySelector('main')
        var shown = document.querySelector('main')
        var open = Array.prototype.map.call(shown.querySelectorAll('details'), function (details) { return details.open })
        if (!next || isBusy()) return
        next.querySelectorAll('details').forEach(function (details, index) { details.open = open[index] === true })
        if (next.innerHTML !== shown.innerHTML) shown.replaceWith(document.adoptNode(next))
      })
      .catch(function () {})
      .then(wait)
  }
  function wait() { setTimeout(refresh, delay) }
  wait()
})()`
