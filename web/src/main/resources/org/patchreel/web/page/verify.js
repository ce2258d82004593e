// Whose work a file is, and what proves it.

import { address, get, send } from './api.js';
import { announce, el, problem } from './dom.js';
import { sentence } from './sentence.js';
import { number, t, time } from './texts.js';

const MAX_DEPTH = 5;

/** The length of a video that the browser can play; null if it cannot. */
function lengthOf(file) {
  return new Promise((resolve) => {
    const url = URL.createObjectURL(file);
    const end = (length) => { URL.revokeObjectURL(url); resolve(length); };
    const video = el('video', { preload: 'metadata', src: url, onloadedmetadata: () => end(video.duration), onerror: () => end(null) });
  });
}

/** The seconds of a file that are ours, a bar for each clip and in words. */
function timeline(report, length) {
  const clips = [report.recovered, ...report.furtherClips].filter(Boolean);
  const rows = clips.map((clip) => [clip.assetId, clip.ranges]);
  const others = report.watermark.marks.filter((mark) => !clips.some((clip) => clip.watermarkId === mark.id));
  for (const mark of others) rows.push([mark.id, [mark]]);
  const whole = Math.max(length ?? 0, ...rows.flatMap(([, ranges]) => ranges.map((range) => range.end)));
  if (!whole) return null;
  const words = (range) => t('verify.range', { start: number(range.start, 2), end: number(range.end, 2) });
  return el('section', {}, el('h2', {}, t('verify.timeline')), rows.map(([id, ranges]) => [
    el('p', { class: 'row' }, clips.some((clip) => clip.assetId === id) ? el('a', { href: `#/clip/${id}` }, id) : id, ` ${ranges.map(words).join(', ')}`),
    el('div', { class: 'timeline', 'aria-hidden': 'true' }, ranges.map((range) => {
      const bar = el('span', { title: words(range) });
      bar.style.left = `${100 * range.start / whole}%`;
      bar.style.width = `${Math.max(0.5, 100 * (Math.min(range.end, whole) - range.start) / whole)}%`;
      return bar;
    })),
  ]).flat(), el('div', { class: 'scale', 'aria-hidden': 'true' }, el('span', {}, '0 s'), el('span', {}, `${number(whole, 2)} s`)));
}

/** An asset with what it was made of, and that in turn. */
async function branch(id, depth) {
  let asset;
  try {
    asset = await get(`assets/${id}`);
  } catch (error) {
    return el('li', {}, id, ' ', el('small', {}, t('verify.gone')));
  }
  const sources = (asset.sources ?? []).map((line) => line.split(' '));
  const below = await Promise.all(sources.map(async ([sha256, source, use, ...name]) => {
    if (source !== '-' && depth < MAX_DEPTH) return branch(source, depth + 1);
    return el('li', {}, name.join(' ') || sha256.slice(0, 12), ' ', el('small', {}, use));
  }));
  return el('li', {},
    el('a', { href: `#/clip/${id}` }, el('img', { src: address(`assets/${id}/files/poster.jpg`), alt: '', height: 40 }), ' ', asset.title ?? asset.prompt),
    below.length ? el('ul', {}, below) : null);
}

/** What a manifest says that a file was made of. */
function said(ingredient) {
  const notes = [t(`relationship.${ingredient.relationship}`), ingredient.signer,
    ingredient.failures.length ? t('verify.notValid', { codes: ingredient.failures.join(', ') }) : ''].filter(Boolean);
  return el('li', {}, ingredient.title || t('verify.untitled'), ' ', el('small', {}, notes.join(' · ')),
    ingredient.ingredients.length ? el('ul', {}, ingredient.ingredients.map(said)) : null);
}

async function report(file, answer, proved, length) {
  const { manifest, recovered } = answer;
  const ours = answer.origin === 'this-installation';
  const facts = [
    [t('verify.origin'), t(`origin.${answer.origin}`)],
    [t('verify.manifest'), manifest.state],
    manifest.signer ? [t('verify.signer'), manifest.signer] : null,
    manifest.signedAt ? [t('verify.signedAt'), time(manifest.signedAt)] : null,
    [t('verify.watermark'), t(`watermark.${answer.watermark.state}`)],
    recovered ? [t('verify.similarity'), `${number(100 * recovered.similarity)} %`] : null,
  ].filter(Boolean);
  const statements = recovered?.statements ?? manifest.statements;
  const clips = [recovered, ...answer.furtherClips].filter(Boolean);
  return el('article', { class: 'panel report' },
    el('h2', {}, el('span', { class: `verdict ${ours ? 'ours' : answer.verdict}` }, t(`verdict.${answer.verdict}`)), ' ', file.name),
    el('p', { class: 'sentence', lang: proved.lang }, proved.text),
    el('dl', { class: 'facts' }, facts.flatMap(([name, fact]) => [el('dt', {}, name), el('dd', {}, fact)])),
    timeline(answer, length),
    statements.length ? el('section', {}, el('h2', {}, t('verify.statements')), el('ul', { lang: 'en' }, statements.map((each) => el('li', {}, each)))) : null,
    clips.length ? el('section', {}, el('h2', {}, t('verify.ingredients')),
      el('ul', { class: 'tree' }, await Promise.all(clips.map((clip) => branch(clip.assetId, 0))))) : null,
    !clips.length && manifest.ingredients.length ? el('section', {}, el('h2', {}, t('verify.saidIngredients')),
      el('ul', { class: 'tree said' }, manifest.ingredients.map(said))) : null,
    manifest.failures.length ? el('section', {}, el('h2', {}, t('verify.failures')),
      el('ul', {}, manifest.findings.filter((finding) => finding.outcome === 'failure')
        .map((finding) => el('li', {}, el('code', {}, finding.code), ` ${finding.explanation}`)))) : null);
}

export async function show(place) {
  const reports = el('div', { class: 'reports' });
  const told = el('p', { class: 'hint', role: 'status' });
  const input = el('input', { type: 'file', class: 'hidden', accept: 'video/*,image/*', 'aria-label': t('verify.drop'), onchange: () => examine(input.files[0]) });
  let asked = null;

  async function examine(file) {
    if (!file) return;
    asked?.abort();
    asked = new AbortController();
    told.textContent = t('verify.examining', { name: file.name });
    try {
      const type = /^(video|image)\//.test(file.type) ? file.type : 'application/octet-stream';
      const [answer, length] = await Promise.all([
        send('POST', 'verify', { body: file, type, signal: asked.signal }).then((response) => response.json()), lengthOf(file)]);
      const proved = await sentence(answer);
      reports.prepend(await report(file, answer, proved, length));
      told.textContent = '';
      announce(`${t(`verdict.${answer.verdict}`)}. ${proved.text}`);
    } catch (error) {
      if (error.name !== 'AbortError') told.replaceChildren(problem(error));
    }
    input.value = '';
  }

  const zone = el('label', {
    class: 'drop wide',
    ondragover: (event) => { event.preventDefault(); zone.classList.add('over'); },
    ondragleave: () => zone.classList.remove('over'),
    ondrop: (event) => {
      event.preventDefault();
      zone.classList.remove('over');
      examine(event.dataTransfer.files[0]);
    },
  }, input, el('span', { class: 'inside' }, t('verify.drop')));
  place.append(el('h1', {}, t('view.verify')), el('p', { class: 'hint' }, t('verify.hint')), zone, told, reports);
  return () => asked?.abort();
}
