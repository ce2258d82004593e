// Pictures and clips that requests are made of: files that are dropped or chosen, and clips of the gallery.

import { address, send } from './api.js';
import { announce, el, problem } from './dom.js';
import { t } from './texts.js';

/** The SHA-256 of a file. Browsers compute it on secure origins alone: the loopback interface and HTTPS. */
async function digest(file) {
  if (!crypto.subtle) throw new Error(t('media.insecure'));
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Uploads a file unless the installation has it. Answers the media of a request. */
async function upload(file) {
  const sha256 = await digest(file);
  try {
    await send('HEAD', `sources/${sha256}`);
  } catch (error) {
    if (error.status !== 404) throw error;
    await send('PUT', `sources/${sha256}`, { body: file, type: 'application/octet-stream' });
  }
  return { sha256, name: file.name };
}

function preview(kind, url) {
  return kind === 'image' ? el('img', { src: url, alt: '' }) : el('video', { src: url, muted: true, playsinline: true, preload: 'metadata' });
}

/**
 * A place to drop a file, or to choose one by keyboard.
 * @param {string} label what it is for
 * @param {string} kind image or video
 * @param {?object} initial media as in a request, and the name of the file if they are one; or null
 * @param {function()} changed is called when the media have changed
 * @returns an object with the element, the media, which are null without a file, and the file's name
 */
export function dropZone(label, kind, initial, changed) {
  const zone = { element: null, media: initial?.media ?? null, name: initial?.name };
  const input = el('input', { type: 'file', accept: `${kind}/*`, class: 'hidden', 'aria-label': label, onchange: () => take(input.files[0]) });
  const inside = el('div', { class: 'inside' });
  let url = null;

  function show(content, removable) {
    inside.replaceChildren(...content);
    if (removable) {
      inside.append(el('button', { type: 'button', 'aria-label': t('media.remove', { label }), onclick: (event) => {
        event.preventDefault();
        input.value = '';
        set(null);
      } }, '×'));
    }
  }

  function set(media, content) {
    zone.media = media;
    if (url && !media) URL.revokeObjectURL(url);
    show(content ?? [el('span', {}, t(`media.drop.${kind}`))], media !== null);
    changed();
  }

  async function take(file) {
    if (!file) return;
    show([el('span', {}, t('media.uploading', { name: file.name }))], false);
    try {
      const media = await upload(file);
      zone.name = file.name;
      url = URL.createObjectURL(file);
      set(media, [preview(kind, url), el('span', { class: 'name' }, file.name)]);
      announce(t('media.ready', { name: file.name }));
    } catch (error) {
      set(null, [problem(error)]);
    }
  }

  zone.element = el('label', {
    class: 'drop',
    ondragover: (event) => { event.preventDefault(); zone.element.classList.add('over'); },
    ondragleave: () => zone.element.classList.remove('over'),
    ondrop: (event) => {
      event.preventDefault();
      zone.element.classList.remove('over');
      take(event.dataTransfer.files[0]);
    },
  }, el('span', { class: 'label' }, label), input, inside);
  const asset = zone.media?.asset;
  show(zone.media
    ? [asset ? el('img', { src: address(`assets/${asset}/files/poster.jpg`), alt: '' }) : '', el('span', { class: 'name' }, zone.name ?? asset)]
    : [el('span', {}, t(`media.drop.${kind}`))], Boolean(zone.media));
  return zone;
}
