// One asset: how it was made, and what can be done with it.

import { address, get, send } from './api.js';
import { announce, asked, confirmed, el, problem, select } from './dom.js';
import { prepare } from './create.js';
import { number, t, time } from './texts.js';

const FORMATS = ['otio', 'edl', 'mlt', 'xmp'];
const HIDDEN = ['files', 'id', 'prompt', 'title', 'width', 'height', 'kind'];

function value(name, fact) {
  if (['created', 'reviewedAt', 'expires'].includes(name)) return time(fact);
  if (name === 'review') return t(`review.${fact}`);
  if (typeof fact === 'number' && name !== 'seed') return number(fact, 3);
  return String(fact);
}

function metadata(asset) {
  return el('dl', { class: 'facts' }, Object.entries(asset).filter(([name, fact]) => fact !== '' && !HIDDEN.includes(name)).map(([name, fact]) => [
    el('dt', {}, t(`fact.${name}`)),
    el('dd', {}, Array.isArray(fact) ? el('ul', {}, fact.map((each) => el('li', {}, each))) : value(name, fact)),
  ]).flat());
}

export async function show(place, { caller, part }) {
  const asset = await get(`assets/${part}`);
  const isClip = asset.kind === 'clip';
  const file = asset.files.find((each) => each.name === (isClip ? 'clip.mp4' : 'still.png'));
  const url = file && address(`assets/${asset.id}/files/${file.name}`);
  const described = asset.files.some((each) => each.name === 'description.vtt')
    && el('track', { kind: 'descriptions', label: t('clip.description'), src: address(`assets/${asset.id}/files/description.vtt`) });
  const outcome = el('div', { 'aria-live': 'polite' });
  const name = asset.title ?? asset.prompt;

  function again(mode, values) {
    prepare({ mode, prompt: asset.prompt, size: `${asset.width}x${asset.height}`, ...values });
    location.hash = '#/create';
  }

  const go = (key, act, properties) => el('button', { type: 'button', onclick: act, ...properties }, t(key));

  async function remove() {
    if (!await confirmed(t('clip.deleteQuestion', { name }), t('clip.delete'), t('keep'))) return;
    try {
      await send('DELETE', `assets/${asset.id}`);
      announce(t('clip.deleted'));
      location.hash = '#/gallery';
    } catch (error) {
      outcome.replaceChildren(problem(error.isMissing ? new Error(t('missing')) : error));
    }
  }

  async function review(decision) {
    const rejects = decision === 'rejected';
    const reason = await asked(t(rejects ? 'clip.rejectReason' : 'clip.approveNote'), t(`clip.${decision}`), t('cancel'), rejects);
    if (reason === null) return;
    try {
      await send('PUT', `assets/${asset.id}/review`, { json: { decision, ...(reason && { reason }) } });
      announce(t('clip.reviewed'));
      place.replaceChildren();
      await show(place, { caller, part });
      place.querySelector('.review')?.focus();
    } catch (error) {
      outcome.replaceChildren(problem(error));
    }
  }

  const format = select(FORMATS.map((each) => [each, each.toUpperCase()]), FORMATS[0], { 'aria-label': t('clip.format'), onchange: exportAs });
  const exported = el('a', { class: 'button', download: `${asset.id}.zip` }, t('clip.export'));

  function exportAs() {
    exported.href = address(`export?${new URLSearchParams({ assets: asset.id, formats: format.value })}`);
  }
  exportAs();
  const editor = caller.role !== 'viewer';
  place.append(
    el('div', { class: 'viewhead' }, el('h1', {}, name), el('a', { class: 'button', href: '#/gallery' }, t('compare.back'))),
    el('div', { class: 'clip' },
      isClip
        ? el('video', { src: url, controls: true, playsinline: true, loop: true, 'aria-label': asset.altText ?? name, poster: address(`assets/${asset.id}/files/poster.jpg`) }, described)
        : el('img', { src: url, alt: asset.altText ?? name }),
      el('div', { class: 'panel' },
        asset.title ? el('p', { class: 'prompt' }, asset.prompt) : null,
        el('p', {}, `${asset.width}×${asset.height} · ${number(asset.frameRate, 3)} fps · ${number(asset.seconds, 2)} s · ${asset.model}`),
        el('div', { class: 'actions' },
          editor && go('clip.again', () => again('text', { seconds: asset.seconds, model: asset.model })),
          editor && go('clip.same', () => again('text', { seconds: asset.seconds, model: asset.model, seed: asset.seed })),
          editor && isClip && ['extend', 'loop', 'blend'].map((mode) => go(`clip.${mode}`, () => again(mode, { clip: asset.id, model: asset.model }))),
          url && el('a', { class: 'button', href: url, download: `${asset.id}${isClip ? '.mp4' : '.png'}` }, t('clip.download')),
          asset.files.some((each) => each.name === 'master.mp4')
            && el('a', { class: 'button', href: address(`assets/${asset.id}/files/master.mp4`), download: `${asset.id}-master.mp4` }, t('clip.downloadMaster')),
          isClip && el('span', { class: 'joined' }, format, exported),
          caller.role === 'operator' && ['approved', 'rejected'].filter((each) => each !== asset.review)
            .map((decision) => go(`clip.${decision}`, () => review(decision), { class: 'review' })),
          editor && el('button', { type: 'button', class: 'danger', onclick: remove }, t('clip.delete'))),
        outcome,
        el('h2', {}, t('clip.facts')), metadata(asset))));
}
