// The texts of the page in the reader's language, a file of JSON for each.

export const LANGUAGES = { en: 'English', de: 'Deutsch' };

const KEY = 'patchreel.language';

let texts = {};
export let language = 'en';

/** Loads the texts of a language: the one that was chosen, or else the browser's. */
export async function load(chosen) {
  const wanted = chosen ?? localStorage.getItem(KEY) ?? navigator.language.slice(0, 2);
  language = wanted in LANGUAGES ? wanted : 'en';
  if (chosen) localStorage.setItem(KEY, language);
  texts = await (await fetch(`${language}.json`)).json();
  document.documentElement.lang = language;
}

/** The text of a key, with values in the place of {names}. A word that the texts do not have stands for itself. */
export function t(key, values = {}) {
  return filled(texts[key] ?? key.replace(/^.*\./, ''), values);
}

/** A text with values in the place of {names}. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A number as the language writes it. */
export function number(value, digits = 1, minDigits = 0) {
  return value.toLocaleString(language, { maximumFractionDigits: digits, minimumFractionDigits: minDigits });
}

/** A time in some words, such as "3 min 20 s". */
export function duration(seconds) {
  if (seconds < 60) return `${number(seconds, seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A point of time. */
export function time(text) {
  return new Date(text).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}
