// Builds the page's elements. Texts are never read as HTML, which the page's policy would refuse, too.

/**
 * Makes an element.
 * @param {string} tag its name
 * @param {object} properties attributes; those that begin with "on" are listeners, true sets one without a value, and false,
 *     null and undefined leave it out
 * @param {...(Node|string|null|undefined|false)} children what is in it
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let numbers = 0;

/** A control with a label of its own, and a hint if there is one. */
export function field(label, control, hint) {
  control.id ||= `field-${++numbers}`;
  let note = null;
  if (hint) {
    note = el('small', { id: `${control.id}-hint` }, hint);
    control.setAttribute('aria-describedby', note.id);
  }
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control, note);
}

/** A choice of values: pairs of a value and its text. */
export function select(options, value, properties = {}) {
  const element = el('select', properties, options.map(([each, text]) => el('option', { value: each }, text)));
  element.value = value;
  return element;
}

/** Has screen readers tell something that is only seen otherwise. */
export function announce(text) {
  document.getElementById('announcements').textContent = text;
}

/** Shows what went wrong where the reader is. */
export function problem(error) {
  return el('p', { class: 'problem', role: 'alert' }, error.message);
}

/**
 * Tabs with their panel. Arrow keys, Home and End move between them.
 * @param {string} label of all
 * @param {Array} tabs pairs of a name and its text
 * @param {string} chosen name of the first
 * @param {function(string)} show is called with the name of a tab that was chosen
 */
export function tabs(label, tabs, chosen, show) {
  const panel = el('div', { role: 'tabpanel', id: 'tabpanel', 'aria-labelledby': `tab-${chosen}` });
  const buttons = tabs.map(([name, text]) => el('button', {
    type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'tabpanel', onclick: () => choose(name),
  }, text));
  function choose(name) {
    tabs.forEach(([each], i) => {
      buttons[i].setAttribute('aria-selected', String(each === name));
      buttons[i].tabIndex = each === name ? 0 : -1;
    });
    panel.setAttribute('aria-labelledby', `tab-${name}`);
    show(name);
  }
  const list = el('div', {
    role: 'tablist', 'aria-label': label,
    onkeydown: (event) => {
      const now = buttons.indexOf(document.activeElement);
      const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      const button = buttons[(next + buttons.length) % buttons.length];
      button.focus();
      button.click();
    },
  }, buttons);
  return { list, panel, choose };
}

/** Asks before something is lost. Answers whether to go on. */
export function confirmed(question, yes, no) {
  return new Promise((resolve) => {
    const dialog = el('dialog', { 'aria-labelledby': 'question', onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    } },
    el('p', { id: 'question' }, question),
    el('div', { class: 'actions' },
      el('button', { type: 'button', autofocus: true, onclick: () => dialog.close('no') }, no),
      el('button', { type: 'button', class: 'danger', onclick: () => dialog.close('yes') }, yes)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Asks for a line of text. Answers it, or null if there is to be none. */
export function asked(question, yes, no, required) {
  return new Promise((resolve) => {
    const line = el('input', { type: 'text', maxlength: 1000, required, pattern: required && '.*\\S.*', autofocus: true });
    const form = el('form', { method: 'dialog' }, field(question, line),
      el('div', { class: 'actions' },
        el('button', { type: 'button', onclick: () => dialog.close('no') }, no),
        el('button', { type: 'submit', value: 'yes' }, yes)));
    const dialog = el('dialog', { 'aria-label': question, onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? line.value.trim() : null);
    } }, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}
