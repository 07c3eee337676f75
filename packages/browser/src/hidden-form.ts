/** An invisible form with a hidden input for each field. */
export function createHiddenForm(fields: Readonly<Record<string, string>>): HTMLFormElement {
  const form = document.createElement('form')
  form.method = 'post'
  form.hidden = true
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.append(input)
  }
  document.body.append(form)
  return form
}
