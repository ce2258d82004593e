// Signs in and shows the view that the address names: #/VIEW/PART.

import * as api from './api.js';
import { el, field, problem, select } from './dom.js';
import { follow, stop } from './jobs.js';
import { LANGUAGES, language, load, t } from './texts.js';
import * as create from './create.js';
import * as gallery from './gallery.js';
import * as clip from './clip.js';
import * as compare from './compare.js';
import * as operation from './operation.js';
import * as queue from './queue.js';
import * as verify from './verify.js';

const VIEWS = { create, queue, gallery, verify, operation };
const PARTS = { clip, compare };

const main = document.getElementById('main');
let caller = null;
let leave = () => {};

/** Takes the token out of the address, where serve has put it, before anything else can read it. */
function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token) history.replaceState(null, '', '#/create');
  return token;
}

async function begin() {
  await load();
  const token = takeToken();
  frame();
  try {
    if (token) await api.signIn(token);
    caller = await api.get('caller');
    if (!token) await api.resume();
  } catch (error) {
    showSignIn(error.status === 401 && !token ? null : error);
    return;
  }
  enter();
}

function enter() {
  follow();
  frame();
  show();
}

function frame() {
  document.getElementById('skip').textContent = t('skip');
  const nav = document.getElementById('nav');
  nav.setAttribute('aria-label', t('views'));
  nav.replaceChildren(...(caller ? Object.keys(VIEWS) : []).map((name) => el('a', { href: `#/${name}` }, t(`view.${name}`))));
  const languages = select(Object.entries(LANGUAGES), language, {
    'aria-label': t('language'),
    onchange: async (event) => {
      await load(event.target.value);
      frame();
      await show();
      document.querySelector('#who select').focus();
    },
  });
  document.getElementById('who').replaceChildren(
    ...(caller ? [el('span', { class: 'user', title: t(`role.${caller.role}`) }, caller.user)] : []),
    languages,
    ...(api.isSignedIn() ? [el('button', { type: 'button', onclick: signOut }, t('signOut'))] : []));
}

async function signOut() {
  await api.signOut();
  ended();
}

function ended() {
  stop();
  caller = null;
  leave();
  leave = () => {};
  create.prepare(null);
  frame();
  showSignIn(null);
}

/** Where the host authenticates, it answers 403 until its user has signed in there. */
function showSignIn(error) {
  document.title = `${t('signIn')} – Patchreel`;
  const failure = error ? problem(error) : null;
  if (error?.status === 403) {
    main.replaceChildren(el('h1', {}, t('signIn')), failure, el('p', {}, t('signInAtHost')));
    return;
  }
  const token = el('input', { type: 'password', autocomplete: 'off', required: true, spellcheck: 'false' });
  main.replaceChildren(el('form', {
    class: 'panel narrow',
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await api.signIn(token.value.trim());
        caller = await api.get('caller');
        enter();
      } catch (refused) {
        showSignIn(refused);
      }
    },
  }, el('h1', {}, t('signIn')), failure, field(t('token'), token, t('tokenHint')), el('button', { class: 'primary' }, t('signIn'))));
  token.focus();
}

async function show() {
  if (!caller) {
    if (!document.querySelector('form')) return;
    showSignIn(null);
    return;
  }
  const [name, part] = location.hash.replace(/^#\//, '').split('/').map(decodeURIComponent);
  const view = (part && PARTS[name]) || VIEWS[name] || create;
  const owner = name in PARTS ? 'gallery' : name in VIEWS ? name : 'create';
  for (const link of document.querySelectorAll('#nav a')) {
    link.toggleAttribute('aria-current', link.getAttribute('href') === `#/${owner}`);
    if (link.hasAttribute('aria-current')) link.setAttribute('aria-current', 'page');
  }
  leave();
  leave = () => {};
  const place = el('div', { class: `view ${owner}` });
  main.replaceChildren(place);
  document.title = `${t(`view.${owner}`)} – Patchreel`;
  try {
    leave = (await view.show(place, { caller, part })) ?? leave;
  } catch (error) {
    place.append(problem(error));
  }
}

document.getElementById('skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#/')) show().then(() => main.focus({ preventScroll: true }));
});
addEventListener('signedout', ended);
begin();
