// Two clips side by side, at the same time code.

import { address, get } from './api.js';
import { el } from './dom.js';
import { number, t } from './texts.js';

const MAX_APART = 0.05;

export async function show(place, { part }) {
  const assets = await Promise.all(part.split('+').slice(0, 2).map((id) => get(`assets/${id}`)));
  const videos = assets.map((asset) => {
    const video = el('video', { src: address(`assets/${asset.id}/files/clip.mp4`), loop: false, playsinline: true, preload: 'auto' });
    video.muted = true;
    return video;
  });
  const length = Math.max(...assets.map((asset) => asset.seconds));
  const frame = 1 / Math.max(...assets.map((asset) => asset.frameRate));
  const code = el('output', {});
  const slider = el('input', { type: 'range', min: 0, max: length, step: frame, value: 0, 'aria-label': t('compare.time'), oninput: () => { pause(); seek(Number(slider.value)); } });
  const play = el('button', { type: 'button', class: 'primary', onclick: () => (playing ? pause() : start()) }, t('compare.play'));
  let playing = false;
  let tick = 0;

  function tell(seconds) {
    slider.value = seconds;
    const text = `${number(seconds, 2)} s · ${t('compare.frame', { n: Math.round(seconds / frame) })}`;
    code.textContent = text;
    slider.setAttribute('aria-valuetext', text);
  }

  function seek(seconds) {
    const at = Math.min(Math.max(seconds, 0), length);
    videos.forEach((video, i) => { video.currentTime = Math.min(at, assets[i].seconds); });
    tell(at);
  }

  function pause() {
    playing = false;
    cancelAnimationFrame(tick);
    videos.forEach((video) => video.pause());
    play.textContent = t('compare.play');
  }

  function start() {
    if (Number(slider.value) >= length - frame) seek(0);
    playing = true;
    play.textContent = t('compare.pause');
    videos.forEach((video) => video.play().catch(() => {}));
    follow();
  }

  /** The longer clip leads; the other is put right when it is more than a moment away. */
  function follow() {
    const [lead, other] = assets[0].seconds >= assets[1].seconds ? videos : [...videos].reverse();
    if (!other.ended && Math.abs(lead.currentTime - other.currentTime) > MAX_APART) other.currentTime = lead.currentTime;
    tell(lead.currentTime);
    if (lead.ended) pause();
    else tick = requestAnimationFrame(follow);
  }

  place.append(
    el('div', { class: 'viewhead' }, el('h1', {}, t('compare.title')), el('a', { class: 'button', href: '#/gallery' }, t('compare.back'))),
    el('div', { class: 'pair' }, assets.map((asset, i) => el('figure', {}, videos[i],
      el('figcaption', {}, el('a', { href: `#/clip/${asset.id}` }, asset.title ?? asset.prompt), el('small', {}, ` ${t('clip.seed')} ${asset.seed}`))))),
    el('div', { class: 'panel transport' },
      el('button', { type: 'button', onclick: () => { pause(); seek(Number(slider.value) - frame); } }, t('compare.earlier')),
      play,
      el('button', { type: 'button', onclick: () => { pause(); seek(Number(slider.value) + frame); } }, t('compare.later')),
      slider, code));
  tell(0);
  return pause;
}
