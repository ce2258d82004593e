// The jobs as they are now: one stream of events for all views.

import { address, get } from './api.js';

const RETRY_MILLIS = 3000;

const jobs = new Map();
const listeners = new Set();
let source = null;
let retry = null;

/** Whether the stream is open: what is shown may be old otherwise. */
export let isLive = false;

/** States in which a job goes on. */
export const UNDERWAY = ['queued', 'waiting', 'running'];

function tell(job) {
  for (const listener of listeners) listener(job);
}

/** Puts a job in that was just submitted, or has changed. */
export function put(job) {
  jobs.set(job.id, job);
  tell(job);
}

async function readAll() {
  for (const job of (await get('jobs?limit=50')).jobs) jobs.set(job.id, job);
  tell(null);
}

/** Follows the jobs until stop. Browsers come back by themselves after a break, and not after an answer that is an error. */
export function follow() {
  stop();
  readAll().catch(() => {});
  source = new EventSource(address('events'));
  source.addEventListener('job', (event) => put(JSON.parse(event.data)));
  source.addEventListener('reset', () => readAll().catch(() => {}));
  source.addEventListener('open', () => live(true));
  source.addEventListener('error', () => {
    live(false);
    if (source?.readyState === EventSource.CLOSED) retry = setTimeout(comeBack, RETRY_MILLIS);
  });
}

/** Whoever is signed out does not ask again: strangers may ask a few times a minute only. */
async function comeBack() {
  try {
    await get('caller');
    follow();
  } catch (error) {
    if (error.status === 401) dispatchEvent(new Event('signedout'));
    else retry = setTimeout(comeBack, RETRY_MILLIS);
  }
}

function live(now) {
  isLive = now;
  tell(null);
}

/** Ends the stream and forgets the jobs. */
export function stop() {
  clearTimeout(retry);
  source?.close();
  source = null;
  jobs.clear();
}

/** All jobs, the latest first. */
export function all() {
  return [...jobs.values()].sort((one, other) => other.submitted.localeCompare(one.submitted));
}

/** Calls a listener with each job that changes, and with null if all may have. Answers a function that ends this. */
export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
