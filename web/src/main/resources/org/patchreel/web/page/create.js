// What to make: a request that is put together from a prompt, a mode and its media.

import { get, hasWideNumbers, post } from './api.js';
import { el, field, problem, select, tabs } from './dom.js';
import { put } from './jobs.js';
import { dropZone } from './media.js';
import { storyboard } from './storyboard.js';
import { duration, number, t } from './texts.js';

const MODES = ['text', 'image', 'extend', 'loop', 'blend', 'storyboard'];
const SIZES = ['768x768', '1280x720', '720x1280', '640x368', '1920x1080', '96x96'];
const SECONDS = ['1', '2', '4', '8'];
const PAUSE_MILLIS = 500;

let draft = null;

/**
 * Has the next view of this kind begin with some values.
 * @param {object} values mode, prompt, negative, title, creator, copyright, expires, loras, size, seconds, seed, model, clip, the ID of an asset,
 *   media by mode and zone, and shots; or null for none
 */
export function prepare(values) {
  draft = values;
}

const keyframe = (media, at) => ({ use: 'keyframe', media, at });
const continued = (media, side) => ({ use: 'continue', media, side });

/** Of each mode: its drop zones, by a name and the kind of file, and the sources and fields that they become. */
const MEDIA = {
  text: { zones: {}, fields: () => ({}) },
  image: {
    zones: { first: 'image', last: 'image' },
    fields: ({ first, last }) => ({ sources: [first && keyframe(first, 'first'), last && keyframe(last, 'last')].filter(Boolean) }),
  },
  extend: {
    zones: { clip: 'video' },
    fields: ({ clip }, side) => ({ sources: clip ? [continued(clip, side)] : [] }),
  },
  loop: {
    zones: { clip: 'video' },
    fields: ({ clip }) => ({ loop: true, ...(clip && { sources: [continued(clip, 'after')] }) }),
  },
  blend: {
    zones: { from: 'video', to: 'video' },
    fields: ({ from, to }) => ({ sources: [from && continued(from, 'after'), to && continued(to, 'before')].filter(Boolean) }),
  },
};

const NEEDED = { image: ['first', 'last'], extend: ['clip'], blend: ['from', 'to'] };

/** The words of a text that mean nothing to a model with a vocabulary. */
function unknownWords(model, text) {
  if (!model?.vocabulary) return [];
  const known = new Set([...model.vocabulary, ...Object.keys(model.synonyms ?? {})]);
  return [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].filter((word) => !known.has(word));
}

/** LoRAs as people type them: NAME or NAME:STRENGTH, with commas between them. */
function adapters(text) {
  return text.split(',').map((each) => each.trim()).filter(Boolean).map((each) => {
    const [, name, strength] = /^([^:]*?)\s*(?::\s*(.*))?$/.exec(each);
    const number = strength === undefined ? 1 : Number(strength.replace(/^$/, 'NaN'));
    if (!Number.isFinite(number)) throw new Error(t('create.lorasWrong', { text: each }));
    return { name, strength: number };
  });
}

/** A field with a choice of usual values beside it. */
function preset(label, input, values, text) {
  const list = el('datalist', { id: `${label}-values` }, values.map((value) => el('option', { value })));
  input.setAttribute('list', list.id);
  return [field(text, input), list];
}

export async function show(place, { caller }) {
  const given = draft ?? {};
  draft = null;
  const { models } = await get('models');
  let mode = given.mode ?? 'text';
  let zones = {};
  let side = null;
  let board = null;

  const prompt = el('textarea', { rows: 3, maxlength: 10000, oninput: changed, placeholder: t('create.promptExample') });
  const negative = el('input', { maxlength: 10000, oninput: changed });
  const title = el('input', { maxlength: 200 });
  const creator = el('input', { maxlength: 200 });
  const copyright = el('input', { maxlength: 200 });
  const expires = el('input', { type: 'date' });
  const size = el('input', { pattern: '[0-9]{1,5}x[0-9]{1,5}', placeholder: t('create.modelDefault'), oninput: changed });
  const seconds = el('input', { inputmode: 'decimal', placeholder: t('create.modelDefault'), oninput: changed });
  const seed = el('input', { inputmode: 'numeric', pattern: '-?[0-9]{1,19}', placeholder: t('create.random') });
  const model = select([['', t('create.defaultModel', { name: models.find((each) => each.default)?.name ?? '–' })],
    ...models.map((each) => [each.name, each.name])], '', { onchange: changed });
  const loras = el('input', { maxlength: 1100, oninput: changed, placeholder: t('create.lorasNone') });
  const typed = { prompt, negative, title, creator, copyright, expires, loras, size, seconds, seed };
  for (const [name, input] of Object.entries(typed)) input.value = given[name] ?? '';
  model.value = models.some((each) => each.name === given.model) ? given.model : '';

  const lorasField = field(t('create.loras'), loras, ' ');
  const promptField = field(t('create.prompt'), prompt);
  const secondsField = preset('seconds', seconds, SECONDS, t('create.seconds'));
  const modePart = el('div', { class: 'mode' });
  const estimate = el('p', { class: 'estimate', 'aria-live': 'polite' });
  const outcome = el('div', { 'aria-live': 'polite' });
  const submit = el('button', { class: 'primary', disabled: caller.role === 'viewer' }, t('create.submit'));
  const modes = tabs(t('create.mode'), MODES.map((name) => [name, t(`mode.${name}`)]), mode, choose);

  function choose(name) {
    mode = name;
    zones = {};
    side = null;
    const isBoard = mode === 'storyboard';
    promptField.hidden = isBoard;
    secondsField[0].hidden = isBoard;
    if (isBoard) {
      board ??= storyboard(given.shots ?? [{ prompt: prompt.value }, {}], changed);
      modePart.replaceChildren(board.element);
    } else {
      const { zones: kinds } = MEDIA[mode];
      for (const [each, kind] of Object.entries(kinds)) {
        const clip = given.clip && (each === 'clip' || each === 'from') ? { media: { asset: given.clip } } : null;
        zones[each] = dropZone(t(`create.zone.${mode}.${each}`), kind, given.media?.[mode]?.[each] ?? clip, changed);
      }
      modePart.replaceChildren(
        el('p', { class: 'hint' }, t(`mode.${mode}.hint`)),
        el('div', { class: 'drops' }, Object.values(zones).map((zone) => zone.element)));
      if (mode === 'extend') {
        side = select([['after', t('create.after')], ['before', t('create.before')]], 'after', { onchange: changed });
        modePart.append(field(t('create.side'), side));
      }
    }
    changed();
  }

  /** The seed with all its digits; null if none is typed. What is no whole number of 64 bits is an error. */
  function seedOf(text) {
    if (!text) return null;
    const value = /^-?\d{1,19}$/.test(text) ? BigInt(text) : null;
    if (value === null || BigInt.asIntN(64, value) !== value) throw new Error(t('create.seedWrong', { seed: text }));
    if (Number.isSafeInteger(Number(value))) return Number(value);
    if (!hasWideNumbers) throw new Error(t('create.seedTooLarge'));
    return value;
  }

  /** The request, or null while something is missing that the mode needs. A wrong seed is an error. */
  function request() {
    const wanted = seedOf(seed.value.trim());
    const settings = {
      ...(size.value.trim() && { size: size.value.trim() }),
      ...(wanted !== null && { seed: wanted }),
      ...(model.value && { model: model.value }),
      ...(title.value.trim() && { title: title.value.trim() }),
      ...(creator.value.trim() && { creator: creator.value.trim() }),
      ...(copyright.value.trim() && { copyright: copyright.value.trim() }),
      ...(expires.value && { expires: expires.value }),
      ...(loras.value.trim() && { adapters: adapters(loras.value) }),
    };
    if (mode === 'storyboard') {
      const shots = board.shots();
      return shots && { ...settings, shots };
    }
    const media = Object.fromEntries(Object.entries(zones).map(([name, zone]) => [name, zone.media]));
    const needed = NEEDED[mode] ?? [];
    const enough = mode === 'image' ? needed.some((name) => media[name]) : needed.every((name) => media[name]);
    if (!prompt.value.trim() || !enough) return null;
    return {
      ...settings,
      prompt: prompt.value.trim(),
      ...(negative.value.trim() && { negativePrompt: negative.value.trim() }),
      ...(seconds.value.trim() && { seconds: Number(seconds.value.replace(',', '.')) }),
      ...MEDIA[mode].fields(media, side?.value),
    };
  }

  /** What was typed, for when this view comes back, perhaps in another language. */
  function kept() {
    const media = Object.entries(zones).filter(([, zone]) => zone.media).map(([name, zone]) => [name, { media: zone.media, name: zone.name }]);
    return {
      mode, model: model.value, media: { [mode]: Object.fromEntries(media) }, shots: board?.values(),
      ...Object.fromEntries(Object.entries(typed).map(([name, input]) => [name, input.value])),
    };
  }

  let done = false;
  let timer = null;
  let asked = null;
  function changed() {
    const installed = models.find((each) => (model.value ? each.name === model.value : each.default))?.adapters ?? [];
    lorasField.hidden = !installed.length && !loras.value;
    lorasField.querySelector('small').textContent = t('create.lorasHint', { names: installed.join(', ') || '–' });
    clearTimeout(timer);
    asked?.abort();
    timer = setTimeout(ask, PAUSE_MILLIS);
  }

  async function ask() {
    asked = new AbortController();
    try {
      const wanted = caller.role === 'viewer' ? null : request();
      if (!wanted) {
        estimate.textContent = '';
        return;
      }
      estimate.replaceChildren(...estimated(await post('estimates', wanted, { signal: asked.signal })));
    } catch (error) {
      estimate.textContent = error.name === 'AbortError' || error.isMissing ? '' : error.message;
    }
  }

  function estimated({ model: name, clip, estimatedSeconds, cost, currency }) {
    const unknown = unknownWords(models.find((each) => each.name === name), mode === 'storyboard' ? board.text() : prompt.value);
    return [
      t('create.estimate', { model: name, size: `${clip.width}×${clip.height}`, frames: clip.frames, seconds: number(clip.seconds, 2) }),
      estimatedSeconds === undefined ? '' : ` ${t('create.deviceTime', { time: duration(estimatedSeconds) })}`,
      cost === undefined ? '' : ` ${t('create.cost', { cost: `${number(cost, 4)} ${currency}` })}`,
      unknown.length ? el('strong', {}, ` ${t('create.unknownWords', { words: unknown.join(', ') })}`) : '',
    ];
  }

  async function submitted(event) {
    event.preventDefault();
    submit.disabled = true;
    try {
      const wanted = request();
      if (!wanted) throw new Error(t(`create.missing.${mode}`));
      const job = await post('jobs', wanted);
      put(job);
      if (job.state === 'refused') {
        outcome.replaceChildren(problem(new Error(t('create.refused', job))));
      } else {
        done = true;
        location.hash = '#/queue';
      }
    } catch (error) {
      outcome.replaceChildren(problem(error));
    } finally {
      submit.disabled = false;
    }
  }

  place.append(
    el('h1', {}, t('view.create')),
    modes.list,
    el('form', { class: 'panel', onsubmit: submitted, novalidate: true },
      modes.panel,
      promptField,
      el('div', { class: 'settings' },
        preset('size', size, SIZES, t('create.size')), secondsField, field(t('create.seed'), seed), field(t('create.model'), model)),
      el('details', {}, el('summary', {}, t('create.more')),
        el('div', { class: 'settings' }, field(t('create.title'), title, t('create.titleHint')), field(t('create.negative'), negative), lorasField)),
      el('details', {}, el('summary', {}, t('create.rights')), el('p', { class: 'hint' }, t('create.rightsHint')),
        el('div', { class: 'settings' }, field(t('create.creator'), creator), field(t('create.copyright'), copyright),
          field(t('create.expires'), expires, t('create.expiresHint')))),
      estimate, outcome,
      el('div', { class: 'actions' }, submit, caller.role === 'viewer' ? el('span', { class: 'hint' }, t('create.viewer')) : null)));
  modes.panel.append(modePart);
  modes.choose(mode);
  return () => {
    clearTimeout(timer);
    asked?.abort();
    if (!done) draft ??= kept();
  };
}
