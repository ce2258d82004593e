// Whether a file is from here: one question, one answer.

import { announce, el, problem, select } from './dom.js';
import { sentence } from './sentence.js';
import { LANGUAGES, language, load, t } from './texts.js';

const CLASSES = { yes: 'ours', perhaps: 'possible-copy', 'not-proved': '' };

let asked = null;

async function examine(file, told, answers) {
  if (!file) return;
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  told.textContent = t('examining', { name: file.name });
  try {
    const type = /^(video|image)\//.test(file.type) ? file.type : 'application/octet-stream';
    const response = await fetch('verify', { method: 'POST', body: file, headers: { 'Content-Type': type }, signal });
    const answer = await response.json().catch(() => ({ error: response.statusText }));
    if (!response.ok) throw new Error(answer.error);
    const proved = await sentence(answer);
    answers.prepend(el('article', { class: 'panel report' },
      el('h2', {}, el('span', { class: `verdict ${CLASSES[answer.fromHere]}` }, t(answer.fromHere)), ' ', file.name),
      el('p', { class: 'sentence', lang: proved.lang }, proved.text),
      answer.fromHere === 'not-proved' ? el('p', { class: 'hint' }, t('caution')) : null));
    told.textContent = '';
    announce(`${t(answer.fromHere)}. ${proved.text}`);
  } catch (error) {
    if (signal.aborted) return;
    told.replaceChildren(problem(error));
  }
}

async function show(chosen) {
  await load(chosen);
  document.title = t('title');
  document.getElementById('who').replaceChildren(
    select(Object.entries(LANGUAGES), language, { 'aria-label': t('language'), onchange: (event) => show(event.target.value) }));
  const answers = el('div', { class: 'reports' });
  const told = el('div', { class: 'hint', role: 'status' });
  const input = el('input', {
    type: 'file', class: 'hidden', accept: 'video/*,image/*', 'aria-label': t('drop'),
    onchange: () => examine(input.files[0], told, answers),
  });
  const drop = el('label', {
    class: 'drop',
    ondragover: (event) => { event.preventDefault(); drop.classList.add('over'); },
    ondragleave: () => drop.classList.remove('over'),
    ondrop: (event) => {
      event.preventDefault();
      drop.classList.remove('over');
      examine(event.dataTransfer.files[0], told, answers);
    },
  }, input, el('span', { class: 'inside' }, t('drop')));
  document.getElementById('main').replaceChildren(
    el('h1', {}, t('title')), el('p', {}, t('explanation')), drop, el('p', { class: 'hint' }, t('privacy')), told, answers);
}

show();
