// The jobs as they go on.

import { address, get, send } from './api.js';
import { announce, el, problem } from './dom.js';
import { UNDERWAY, all, isLive, listen, put } from './jobs.js';
import { duration, t, time } from './texts.js';

const PREVIEW_MILLIS = 2000;
const NO_PREVIEW_MILLIS = 200;

/** Before these stages have passed once there is no frame. */
const BEFORE_FRAMES = ['loading', 'encoding-prompt', 'sampling'];
const MAX_SHOWN = 50;

/** How much of a stage is done; null if it does not tell. */
const part = (job) => (job.total > 0 ? job.done / job.total : null);

/** Whether it waits until an operator releases it. */
const isHeld = (job) => job.state === 'waiting' && Boolean(job.rule);

/** Seconds that a job may still take, by its estimate or by how fast its stage goes on; null if neither tells. */
function remaining(job) {
  const passed = (Date.now() - Date.parse(job.started)) / 1000;
  if (job.estimatedDeviceSeconds) return Math.max(0, job.estimatedDeviceSeconds - passed);
  return part(job) > 0.05 && job.stage === 'sampling' ? passed / part(job) - passed : null;
}

/** A job's card, which update() changes in place so that the focus stays. */
function card(first, caller) {
  const state = el('span', {});
  const bar = el('progress', { max: 1, 'aria-label': t('queue.progress') });
  const told = el('p', { class: 'told' });
  const picture = el('img', { class: 'preview', alt: '', hidden: true });
  const actions = el('div', { class: 'actions' });
  const failed = el('div', {});
  const element = el('li', { class: 'job', 'data-job': first.id },
    picture,
    el('div', { class: 'jobtext' },
      el('div', { class: 'jobhead' }, state, el('small', {}, `${first.model} · ${first.requester.user ?? '–'} · ${time(first.submitted)}`)),
      el('p', { class: 'prompt' }, first.prompt || t('queue.noPrompt')), bar, told, failed, actions));
  let nextPreview = 0;
  let shown = '';

  async function showPreview(job) {
    const none = !picture.src && BEFORE_FRAMES.includes(job.stage);
    if (none || Date.now() < nextPreview) return;
    nextPreview = Infinity;
    let millis = NO_PREVIEW_MILLIS;
    try {
      const frame = await (await send('GET', `jobs/${job.id}/preview.jpg`)).blob();
      millis = PREVIEW_MILLIS;
      if (shown !== 'running' && shown !== 'held') return;
      const old = picture.src;
      picture.src = URL.createObjectURL(frame);
      picture.hidden = false;
      if (old.startsWith('blob:')) URL.revokeObjectURL(old);
    } catch (error) {
      // there is none yet, or this installation makes none
    } finally {
      nextPreview = Date.now() + millis;
    }
  }

  async function act(method, path) {
    failed.replaceChildren();
    try {
      const response = await send(method, path);
      put(response.status === 204 ? await get(`jobs/${first.id}`) : await response.json());
    } catch (error) {
      failed.replaceChildren(problem(error));
    }
  }

  function buttons(job) {
    const mine = caller.role === 'operator' || (caller.role === 'editor' && job.requester.user === caller.user);
    const button = (key, act) => el('button', { type: 'button', onclick: act }, t(key));
    if (job.state === 'completed') return [el('a', { class: 'button', href: `#/clip/${job.asset}` }, t('queue.open'))];
    if (UNDERWAY.includes(job.state)) {
      return [isHeld(job) && caller.role === 'operator' ? button('queue.release', () => act('POST', `jobs/${job.id}/release`)) : null,
        mine ? button('queue.cancel', () => act('DELETE', `jobs/${job.id}`)) : null].filter(Boolean);
    }
    return mine && job.state !== 'refused' ? [button('queue.retry', () => act('POST', `jobs/${job.id}/retry`))] : [];
  }

  function update(job) {
    state.className = `state ${job.state}`;
    state.textContent = t(`state.${job.state}`);
    const running = job.state === 'running';
    bar.hidden = !running;
    if (part(job) === null) bar.removeAttribute('value');
    else bar.value = part(job);
    const left = running ? remaining(job) : null;
    told.textContent = running
      ? [job.stage ? t(`stage.${job.stage}`) : '', job.total ? `${job.done}/${job.total}` : '', left === null ? '' : t('queue.remaining', { time: duration(left) })]
        .filter(Boolean).join(' · ')
      : job.message ?? (job.state === 'completed' ? t('queue.took', { time: duration(job.deviceSeconds) }) : '');
    const reviewed = isHeld(job) && caller.role === 'operator';
    if (running || reviewed) showPreview(job);
    if (isHeld(job) && !reviewed) picture.hidden = true;
    if (job.state === 'completed' && !picture.src.includes('poster')) {
      picture.src = address(`assets/${job.asset}/files/poster.jpg`);
      picture.hidden = false;
    }
    const now = isHeld(job) ? 'held' : job.state;
    if (shown !== now) {
      const focused = actions.contains(document.activeElement);
      actions.replaceChildren(...buttons(job));
      if (focused) actions.firstElementChild?.focus();
      if (shown) announce(t('queue.changed', { prompt: job.prompt, state: t(`state.${job.state}`) }));
      shown = now;
    }
  }

  update(first);
  return { element, update };
}

export async function show(place, { caller }) {
  const cards = new Map();
  const list = el('ul', { class: 'jobs', 'aria-label': t('view.queue') });
  const connection = el('p', { class: 'hint', role: 'status' });
  const summary = el('p', { class: 'summary' });
  const pause = el('button', { type: 'button', hidden: caller.role !== 'operator' });
  const empty = el('p', { class: 'hint' }, t('queue.empty'), ' ', el('a', { href: '#/create' }, t('view.create')));
  let paused = false;

  async function readQueue() {
    showQueue(await get('queue'));
  }

  function showQueue(queue) {
    paused = queue.paused;
    summary.textContent = [paused ? t('queue.paused') : '', ...UNDERWAY.map((state) => `${queue.jobs[state]} ${t(`state.${state}`)}`)]
      .filter(Boolean).join(' · ');
    pause.textContent = t(paused ? 'queue.resume' : 'queue.pause');
  }

  pause.addEventListener('click', async () => {
    showQueue(await (await send('PUT', 'queue', { json: { paused: !paused } })).json());
    announce(t(paused ? 'queue.paused' : 'queue.goesOn'));
  });

  let reading = null;
  function refresh(job) {
    connection.textContent = isLive ? '' : t('queue.reconnecting');
    const shown = all().slice(0, MAX_SHOWN);
    empty.hidden = shown.length > 0;
    if (job && cards.has(job.id)) {
      cards.get(job.id).update(job);
    } else {
      const order = shown.map((each) => {
        if (!cards.has(each.id)) cards.set(each.id, card(each, caller));
        else cards.get(each.id).update(each);
        return cards.get(each.id).element;
      });
      order.forEach((element, i) => {
        if (list.children[i] !== element) list.insertBefore(element, list.children[i] ?? null);
      });
      while (list.children.length > order.length) list.lastChild.remove();
    }
    clearTimeout(reading);
    reading = setTimeout(() => readQueue().catch(() => {}), 300);
  }

  place.append(el('div', { class: 'viewhead' }, el('h1', {}, t('view.queue')), summary, pause), connection, empty, list);
  await readQueue();
  refresh(null);
  const end = listen(refresh);
  return () => { end(); clearTimeout(reading); };
}
