// The clips and stills that were made.

import { address, get } from './api.js';
import { el, field, problem, select } from './dom.js';
import { number, t, time } from './texts.js';

const PAUSE_MILLIS = 300;
const PAGE = 24;

/** Clips that were chosen to be compared. */
const chosen = new Set();

/** A still picture that becomes a clip while the pointer or the focus is on it, unless the reader wants no motion. */
export function poster(asset) {
  const picture = el('img', { src: address(`assets/${asset.id}/files/poster.jpg`), alt: '', loading: 'lazy' });
  const frame = el('span', { class: 'poster' }, picture);
  frame.style.aspectRatio = `${asset.width} / ${asset.height}`;
  let video = null;
  return {
    frame,
    play() {
      if (asset.kind !== 'clip' || video || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      video = el('video', { src: address(`assets/${asset.id}/files/clip.mp4`), loop: true, playsinline: true });
      video.muted = true;
      frame.append(video);
      video.play().catch(() => {});
    },
    stop() {
      video?.remove();
      video = null;
    },
  };
}

function card(asset, changed) {
  const { frame, play, stop } = poster(asset);
  const name = asset.title ?? asset.prompt;
  const box = el('input', { type: 'checkbox', 'aria-label': t('gallery.choose', { name }), onchange: () => {
    if (box.checked) chosen.add(asset.id);
    else chosen.delete(asset.id);
    changed();
  } });
  box.checked = chosen.has(asset.id);
  return el('li', { class: 'asset' },
    el('a', { href: `#/clip/${asset.id}`, onpointerenter: play, onpointerleave: stop, onfocus: play, onblur: stop },
      frame, el('span', { class: 'prompt' }, name)),
    el('div', { class: 'assetfoot' },
      el('small', {}, `${asset.width}×${asset.height} · ${asset.kind === 'clip' ? `${number(asset.seconds, 2)} s` : t('gallery.still')} · ${time(asset.created)}`),
      asset.kind === 'clip' ? box : null));
}

export async function show(place, { caller }) {
  const { models } = await get('models');
  const text = el('input', { type: 'search', oninput: later });
  const model = select([['', t('gallery.allModels')], ...models.map((each) => [each.name, each.name])], '', { onchange: search });
  const who = select([['', t('gallery.everybody')], [caller.user, t('gallery.mine')]], '', { onchange: search });
  const since = el('input', { type: 'date', onchange: search });
  const list = el('ul', { class: 'assets', 'aria-label': t('view.gallery') });
  const told = el('p', { class: 'hint', role: 'status' });
  const more = el('button', { type: 'button', hidden: true, onclick: () => read() }, t('gallery.more'));
  const compare = el('a', { class: 'button', role: 'link' }, t('gallery.compare'));
  let next = null;
  let timer = null;

  function changed() {
    const two = [...chosen].slice(-2);
    if (two.length === 2) compare.href = `#/compare/${two.join('+')}`;
    else compare.removeAttribute('href');
    compare.setAttribute('aria-disabled', String(two.length < 2));
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MILLIS);
  }

  async function search() {
    next = null;
    list.replaceChildren();
    await read();
  }

  async function read() {
    const query = new URLSearchParams({ limit: PAGE });
    for (const [name, control] of Object.entries({ text, model, requester: who, since })) {
      if (control.value.trim()) query.set(name, control.value.trim());
    }
    if (next) query.set('cursor', next);
    try {
      const page = await get(`assets?${query}`);
      list.append(...page.assets.map((asset) => card(asset, changed)));
      next = page.next;
      more.hidden = !next;
      told.textContent = list.children.length ? '' : t('gallery.none');
    } catch (error) {
      told.replaceChildren(problem(error));
    }
  }

  place.append(
    el('div', { class: 'viewhead' }, el('h1', {}, t('view.gallery')), compare),
    el('form', { role: 'search', class: 'panel settings', onsubmit: (event) => event.preventDefault() },
      field(t('gallery.text'), text), field(t('create.model'), model), field(t('gallery.who'), who), field(t('gallery.since'), since)),
    told, list, more);
  changed();
  await read();
  return () => clearTimeout(timer);
}
