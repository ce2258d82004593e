// What is proved of a file, in the reader's language. The page and the detector have these texts from here.

import { filled, language, number, time } from './texts.js';

/** A value of a clause as the language writes it. */
function written(name, value, phrases) {
  if (name === 'created') return time(value);
  if (name !== 'seconds') return value;
  const second = (text) => number(Number(text), 1, 1);
  return value.replace(/([\d.]+) to ([\d.]+)/g, (whole, start, end) => filled(phrases.fromTo, { start: second(start), end: second(end) }));
}

/**
 * The sentence of a report and its language; the server's, in English, if it has a part that the texts do not have, or they
 * cannot be had.
 */
export async function sentence({ clauses = [], sentence: english }) {
  const lang = language;
  const phrases = await fetch(`phrases-${lang}.json`).then((response) => response.json()).catch(() => ({}));
  if (!clauses.length || !clauses.every(({ name }) => Object.hasOwn(phrases, `phrase.${name}`))) return { text: english, lang: 'en' };
  const text = clauses.map(({ name, values }) => filled(phrases[`phrase.${name}`],
    Object.fromEntries(Object.entries(values).map(([each, value]) => [each, written(each, value, phrases)])))).join('');
  return { text: `${text[0].toUpperCase()}${text.slice(1)}.`, lang };
}
