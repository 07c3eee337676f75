import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readForms } from '../../src/buyer/html-forms.ts'

test('a form is read with its hidden fields, choices and buttons', () => {
  const [form] = readForms(`<!-- <form data-step="comment"> --><style>form > a { color: red }</style>
    <form method="post" data-step=card action='/next?a=1&amp;b=2'>
      <input type="hidden" name="step" value="card"><input name="cardNumber" required placeholder="1 > 0">
      <input type="checkbox" name="agree" value="Y"><input type="radio" name="plan" value="a"><input type="radio" name="plan" value="b" checked>
      <select name="carrier"><option value="">choose</option><option value="KT" selected>K &amp; T</option></select>
      <textarea name="memo">a &lt; b</textarea>
      <button name="tap" value="&#x41;&#66;" data-cell="3">key</button>
    </form><form data-step="abort"><button name="step" value="abort">stop</button></form>`)
  assert.ok(form)
  assert.deepEqual({ ...form.attributes }, { method: 'post', 'data-step': 'card', action: '/next?a=1&b=2' })
  assert.deepEqual(form.fields, [
    { name: 'step', value: 'card' },
    { name: 'cardNumber', value: '' },
    { name: 'plan', value: 'b' },
    { name: 'carrier', value: 'KT' },
    { name: 'memo', value: 'a < b' },
  ])
  assert.deepEqual(
    form.choices.carrier?.map(({ text }) => text),
    ['choose', 'K & T'],
  )
  assert.deepEqual(
    form.choices.agree?.map(({ value }) => value),
    ['Y'],
  )
  assert.equal(form.buttons[0]?.attributes.value, 'AB')
  assert.equal(form.buttons.length, 1)
})

test('markup inside a script is ignored', () => {
  const [form, more] = readForms(`<script>var x = '<form data-step="script">'</script><form data-step="real"></form>`)
  assert.equal(form?.attributes['data-step'], 'real')
  assert.equal(more, undefined)
})

test('reading never throws for any page', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('<', '>', '"', '/', 'form', 'input', ' ', '=', '&', '-', '!') }),
      (page) => void readForms(page),
    ),
  )
})
