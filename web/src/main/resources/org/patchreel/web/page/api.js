// The API, which authenticates this page by the cookie of its session or by that of the host.

const BASE = new URL('api/v1/', document.baseURI);

let csrfToken = null;

/**
 * Reads JSON. Whole numbers that JavaScript's numbers cannot hold, such as seeds of 64 bits, become a BigInt. Browsers that do not
 * show how a number was written leave them out, rather than tell another.
 */
export function parse(text) {
  return JSON.parse(text, (key, value, context) => {
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value;
    if (context?.source === undefined) return undefined;
    return /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
  });
}

/** Writes JSON, a BigInt with all its digits. */
function write(json) {
  return JSON.stringify(json, (key, value) => (typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value));
}

/** Whether this browser reads and writes each whole number as it is. */
export const hasWideNumbers = 'rawJSON' in JSON;

/** What the API has refused, in its words. */
export class ApiError extends Error {
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }

  /** Whether this installation does not offer what was asked for. */
  get isMissing() {
    return this.status === 404 || this.status === 405;
  }
}

/** The address of a resource. */
export const address = (path) => new URL(path, BASE).href;

/** Sends a request. Answers the response; what is no success is thrown. */
export async function send(method, path, { json, body, type, token, signal } = {}) {
  const headers = { 'X-Requested-With': 'patchreel' };
  if (csrfToken) headers['X-CSRF-Token'] = csrfToken;
  if (token) headers.Authorization = `Bearer ${token}`;
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  if (type) headers['Content-Type'] = type;
  const response = await fetch(address(path), {
    method, headers, signal, body: json === undefined ? body : write(json), credentials: 'same-origin',
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new ApiError(response.status, problem.detail ?? `${response.status} ${response.statusText}`, problem.field);
}

/** Reads a resource. */
export async function get(path, options) {
  return parse(await (await send('GET', path, options)).text());
}

/** Reads the health, which is told with 503 if something fails. */
export async function health() {
  return (await fetch(address('health'), { credentials: 'same-origin', headers: { 'X-Requested-With': 'patchreel' } })).json();
}

/** Sends JSON and reads the answer. */
export async function post(path, json, options = {}) {
  return parse(await (await send('POST', path, { json, ...options })).text());
}

/** Signs in with a token. */
export async function signIn(token) {
  csrfToken = (await (await send('POST', 'session', { token })).json()).csrfToken;
}

/** Reads the session of a page that was loaded again; where the host authenticates there is none. */
export async function resume() {
  try {
    csrfToken = (await get('session')).csrfToken;
  } catch (error) {
    if (error.status !== 404) throw error;
  }
}

/** Whether this page has signed in itself, so that it can sign out. */
export const isSignedIn = () => csrfToken !== null;

/** Signs out. */
export async function signOut() {
  await send('DELETE', 'session');
  csrfToken = null;
}
