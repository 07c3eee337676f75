import type { Disposable, Page } from 'playwright-core'

/** ECMAScript 5.1 with its annex B: the properties of each object of the library. */
const es5: Readonly<Record<string, string>> = {
  Object:
    'getPrototypeOf getOwnPropertyDescriptor getOwnPropertyNames create defineProperty defineProperties seal freeze preventExtensions isSealed isFrozen isExtensible keys',
  'Object.prototype': 'toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable',
  Function: '',
  'Function.prototype': 'toString apply call bind',
  Array: 'isArray',
  'Array.prototype':
    'toString toLocaleString concat join pop push reverse shift slice sort splice unshift indexOf lastIndexOf every some forEach map filter reduce reduceRight',
  String: 'fromCharCode',
  'String.prototype':
    'toString valueOf charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split substring toLowerCase toLocaleLowerCase toUpperCase toLocaleUpperCase trim substr',
  Boolean: '',
  'Boolean.prototype': 'toString valueOf',
  Number: 'MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY',
  'Number.prototype': 'toString toLocaleString valueOf toFixed toExponential toPrecision',
  Math: 'E LN10 LN2 LOG2E LOG10E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow random round sin sqrt tan',
  Date: 'parse UTC now',
  'Date.prototype':
    'toString toDateString toTimeString toLocaleString toLocaleDateString toLocaleTimeString valueOf getTime getFullYear getUTCFullYear getMonth getUTCMonth getDate getUTCDate getDay getUTCDay getHours getUTCHours getMinutes getUTCMinutes getSeconds getUTCSeconds getMilliseconds getUTCMilliseconds getTimezoneOffset setTime setMilliseconds setUTCMilliseconds setSeconds setUTCSeconds setMinutes setUTCMinutes setHours setUTCHours setDate setUTCDate setMonth setUTCMonth setFullYear setUTCFullYear toUTCString toISOString toJSON getYear setYear toGMTString',
  RegExp: '',
  // `flags` is newer, but today's `replace` and `match` read it.
  'RegExp.prototype': 'exec test toString source global ignoreCase multiline flags',
  Error: '',
  'Error.prototype': 'name message toString',
  JSON: 'parse stringify',
}

const es5Globals = `${Object.keys(es5).join(' ')} EvalError RangeError ReferenceError SyntaxError TypeError URIError
  NaN Infinity undefined eval parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI
  encodeURIComponent escape unescape`

/** Members of `window` in all of Internet Explorer 11, Chrome 32, Safari 7, Android 4.0 and iOS 8. */
const windowMembers = `window self document location history navigator screen frames parent top opener name closed length
  frameElement alert confirm prompt open close print stop focus blur scroll scrollTo scrollBy innerWidth innerHeight
  pageXOffset pageYOffset setTimeout clearTimeout setInterval clearInterval postMessage getComputedStyle getSelection
  localStorage sessionStorage atob btoa XMLHttpRequest Window Document Node Element Event`

/** DOM level 3, HTML 4 and what of HTML 5 those browsers share, whatever object it is on. */
const domMembers = `addEventListener removeEventListener dispatchEvent nodeName nodeValue nodeType parentNode childNodes
  firstChild lastChild previousSibling nextSibling ownerDocument insertBefore replaceChild removeChild appendChild
  hasChildNodes cloneNode normalize textContent compareDocumentPosition contains baseURI doctype implementation
  documentElement createElement createDocumentFragment createTextNode createComment getElementsByTagName getElementById
  getElementsByName getElementsByClassName title referrer domain URL body head images links forms cookie open close write
  querySelector querySelectorAll activeElement hasFocus readyState defaultView characterSet createEvent elementFromPoint
  tagName getAttribute setAttribute removeAttribute hasAttribute attributes id className classList dataset innerHTML
  children firstElementChild lastElementChild nextElementSibling previousElementSibling getBoundingClientRect clientTop
  clientLeft clientWidth clientHeight scrollTop scrollLeft scrollWidth scrollHeight scrollIntoView lang dir style
  offsetParent offsetTop offsetLeft offsetWidth offsetHeight click focus blur tabIndex hidden onclick onchange onsubmit
  onload onerror onfocus onblur onkeydown onkeyup onkeypress elements length name acceptCharset action enctype method
  target submit reset checkValidity noValidate type value defaultValue checked defaultChecked disabled form maxLength
  readOnly size src alt select required pattern placeholder selectionStart selectionEnd setSelectionRange options selected
  selectedIndex defaultSelected text label index item namedItem add toggle htmlFor href host hostname pathname search
  hash port protocol rel width height frameBorder contentDocument contentWindow complete async defer charset currentTarget
  eventPhase bubbles cancelable timeStamp stopPropagation preventDefault initEvent defaultPrevented
  stopImmediatePropagation view detail screenX screenY clientX clientY ctrlKey shiftKey altKey metaKey button keyCode
  charCode which relatedTarget data origin source persisted back forward go userAgent appName appVersion platform language
  cookieEnabled onLine getItem setItem removeItem clear`

/**
 * Removes from the page and its frames every global, function and DOM member that the guide's oldest browsers lack.
 * Nothing can be evaluated in them afterwards: Playwright's own code there is newer.
 */
export const useOldLibrary = (page: Page): Promise<Disposable> =>
  page.addInitScript(removeNewer, { es5, globals: `${es5Globals} ${windowMembers}`, domMembers })

interface Kept {
  readonly es5: Readonly<Record<string, string>>
  readonly globals: string
  readonly domMembers: string
}

/**
 * Runs in the page, before its scripts. Collects what to remove before it removes anything, since it needs newer
 * functions itself.
 */
function removeNewer({ es5, globals, domMembers }: Kept): void {
  const doomed: (readonly [owner: object, name: string])[] = []
  const keepOnly = (owner: object, names: string, others = /^(constructor|prototype|length|name)$/): void => {
    const kept = new Set(names.split(/\s+/))
    for (const name of Object.getOwnPropertyNames(owner))
      if (!kept.has(name) && !others.test(name)) doomed.push([owner, name])
  }
  const read = (name: string) => Object.getOwnPropertyDescriptor(window, name)?.value

  for (const [path, names] of Object.entries(es5)) {
    const owner = read(path.replace('.prototype', ''))
    keepOnly(path.endsWith('.prototype') ? owner.prototype : owner, names)
  }
  for (const name of Object.getOwnPropertyNames(window)) {
    const prototype = es5[name] === undefined ? read(name)?.prototype : undefined
    // An old browser ignores styles that it does not know.
    if (prototype && !/^CSS|Error$/.test(name)) keepOnly(prototype, domMembers, /^(constructor|[A-Z][A-Z_0-9]*)$/)
  }
  keepOnly(window, globals, /^HTML\w*Element$/)

  const { deleteProperty } = Reflect
  for (let index = 0; index < doomed.length; index++) {
    const [owner, name] = doomed[index] as (typeof doomed)[number]
    deleteProperty(owner, name)
  }
}
