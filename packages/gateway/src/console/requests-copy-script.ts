/** Shows the buttons that copy, and copies the text of the element that a button names; without a script the text can be selected. */
export const copyScript = `(function () {
  function select(element) {
    var range = document.createRange()
    range.selectNodeContents(element)
    var selection = window.getSelection()
    selection.removeAllRanges()
    selection.addRange(range)
  }
  function copy(button) {
    var source = document.getElementById(button.getAttribute('data-copy'))
    var words = button.textContent
    function done() {
      button.textContent = button.getAttribute('data-done')
      setTimeout(function () { button.textContent = words }, 2000)
    }
    function fallBack() {
      select(source)
      if (document.execCommand('copy')) done()
    }
    if (!navigator.clipboard) return fallBack()
    navigator.clipboard.writeText(source.textContent).then(done, fallBack)
  }
  Array.prototype.forEach.call(document.querySelectorAll('[data-copy]'), function (button) {
    button.hidden = false
    button.addEventListener('click', function () { copy(button) })
  })
})()`
