// Uses Patchreel's page in Chromium as a person does, and tells of each thing whether it went well: a line of JSON with its name
// and what was wrong, if anything was. Its argument is JSON: address (of serve, with the token), token (of the operator), folder
// (for its files), chromium (the program), pictures (a folder for the documentation's; left out if none are wanted).

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const { address, token, folder, chromium: program, pictures } = JSON.parse(process.argv[2]);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const origin = address.replace(/#.*/, '');
const secret = address.replace(/.*token=/, '');

const PROMPT = 'a red ball rolls past a tree';
const GENERATION = { timeout: 240_000 };
const VIEWS = ['create', 'queue', 'gallery', 'verify', 'operation'];

const browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
  executablePath: program,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
  acceptDownloads: true, locale: 'en-GB', viewport: { width: 1180, height: 860 },
});
const page = browser.pages()[0] ?? await browser.newPage();
page.setDefaultTimeout(30_000);
const requests = [];
const faults = [];
page.on('request', (request) => requests.push(request.url()));
page.on('pageerror', (error) => faults.push(String(error)));
page.on('console', (message) => {
  // what a page asks for that is not there, the browser tells by itself
  if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) faults.push(message.text());
});

async function that(name, act) {
  let error = null;
  try {
    await act();
    assert.deepEqual(faults, [], 'errors in the console');
  } catch (failure) {
    error = `${failure.stack ?? failure}\n${await page.locator('main').innerText().catch(() => '')}`;
    await page.screenshot({ path: join(folder, `${name.replaceAll(' ', '-')}.png`) }).catch(() => {});
    faults.length = 0;
  }
  console.log(JSON.stringify({ name, error }));
}

/** Waits until something holds in the page. Playwright's own wait would evaluate text there, which the page's policy forbids. */
async function until(holds, { timeout = 30_000 } = {}) {
  const end = Date.now() + timeout;
  while (!await page.evaluate(holds)) {
    assert.ok(Date.now() < end, `never: ${holds}`);
    await page.waitForTimeout(50);
  }
}

/** Moves the focus by keyboard alone. */
async function tabTo(selector) {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

const go = async (view) => {
  await page.goto(`${origin}#/${view}`);
  await page.locator(`.view.${view.split('/')[0].replace(/clip|compare/, 'gallery')} h1`).waitFor();
};
const job = (id) => page.locator(`.job[data-job="${id}"]`);
const state = (id, name) => job(id).locator(`.state.${name}`);
const latest = async () => page.locator('.job').first().getAttribute('data-job');
const reaches = (id, name) => state(id, name).waitFor(GENERATION);

/** Submits with what is typed, and answers the job's ID. */
async function submitted() {
  const answer = page.waitForResponse((response) => response.url().endsWith('/jobs') && response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Generate' }).click();
  const { id } = await (await answer).json();
  await job(id).waitFor();
  return id;
}

const serious = async (where = page) => {
  await where.evaluate(axe);
  const { violations } = await where.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter((each) => ['serious', 'critical'].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(' ')}`);
};

async function picture(name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.jpg`), type: 'jpeg', quality: 80 });
}

let ball;
let longer;
let first;

await that('the address of serve signs in and its token is in no request', async () => {
  await page.goto(address);
  await page.getByRole('heading', { name: 'Create' }).waitFor();
  assert.equal(await page.evaluate(() => location.hash), '#/create');
  assert.ok(requests.length > 5);
  assert.deepEqual(requests.filter((url) => url.includes(secret)), []);
  await page.reload();
  await page.getByRole('heading', { name: 'Create' }).waitFor();
});

await that('the address signs nobody in again', async () => {
  const other = await browser.request.post(`${origin}api/v1/session`, { headers: { Authorization: `Bearer ${secret}` } });
  assert.equal(other.status(), 401);
});

await that('scripts cannot read the cookie', async () => {
  assert.equal(await page.evaluate(() => document.cookie), '');
  const [cookie] = (await browser.cookies()).filter((each) => each.name === 'patchreel-session');
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
});

await that('a clip is submitted by keyboard alone and its bar moves', async () => {
  await go('create');
  await page.evaluate(() => document.activeElement.blur());
  await tabTo('[role=tab][aria-selected=true]');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await tabTo('textarea');
  await page.keyboard.type(PROMPT);
  await tabTo('[list=size-values]');
  await page.keyboard.type('160x160');
  await tabTo('[list=seconds-values]');
  await page.keyboard.type('4');
  await tabTo('[inputmode=numeric]');
  await page.keyboard.type('7');
  if (pictures) await page.waitForTimeout(1500);
  await picture('create');
  await page.evaluate(() => {
    // a small clip is made in a moment: what is shown on the way is written down as it comes
    globalThis.seen = { bars: new Set(), states: new Set(), preview: false };
    globalThis.looking = setInterval(() => {
      const job = document.querySelector('.job');
      const bar = job?.querySelector('progress:not([hidden])');
      if (bar?.hasAttribute('value')) globalThis.seen.bars.add(bar.value);
      if (job) globalThis.seen.states.add(job.querySelector('.state').textContent);
      if (job?.querySelector('img.preview[src^="blob:"]')) globalThis.seen.preview = true;
    }, 10);
  });
  await tabTo('button.primary');
  await page.keyboard.press('Enter');
  await page.locator('.job').first().waitFor();
  ball = await latest();
  if (pictures) {
    await job(ball).locator('img.preview[src^="blob:"]').waitFor(GENERATION);
    await picture('queue');
  }
  await reaches(ball, 'completed');
  const seen = await page.evaluate(() => {
    clearInterval(globalThis.looking);
    const { bars, states, preview } = globalThis.seen;
    return { bars: bars.size, states: [...states], preview };
  });
  assert.ok(seen.bars >= 3 && seen.states.includes('running') && seen.preview, JSON.stringify(seen));
});

await that('the clip plays and is sought in', async () => {
  await job(ball).getByRole('link', { name: 'Open the clip' }).click();
  const video = page.locator('.clip video');
  await video.evaluate((element) => { element.muted = true; return element.play(); });
  await until(() => document.querySelector('.clip video').currentTime > 0.3);
  await video.evaluate((element) => element.pause());
  await video.evaluate((element) => new Promise((done) => { element.onseeked = done; element.currentTime = 2.5; }));
  assert.ok(Math.abs(await video.evaluate((element) => element.currentTime) - 2.5) < 0.2);
  assert.match(await page.locator('.facts').innerText(), /Seed\s+7/);
  await picture('clip');
});

await that('an operator approves a clip by keyboard and rejects it with a reason', async () => {
  const reviewed = (decision) => page.locator('.facts dt', { hasText: /^Review$/ }).locator('+ dd', { hasText: decision }).waitFor({ timeout: 60_000 });
  await go(`clip/${ball}`);
  await page.getByRole('button', { name: 'Approve' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await serious(), []);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Approve');
  await page.keyboard.press('Enter');
  await page.keyboard.type('fits the campaign');
  await page.keyboard.press('Enter');
  await reviewed('approved');
  assert.match(await page.locator('.facts').innerText(), /Reviewed by\s+\S+[\s\S]*fits the campaign/);
  assert.equal(await page.getByRole('button', { name: 'Approve' }).count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Reject');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('   ');
  await page.keyboard.press('Enter');
  assert.equal(await page.getByRole('dialog').count(), 1, 'a rejection needs a reason');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('shows a logo');
  await page.keyboard.press('Enter');
  await reviewed('rejected');
  assert.match(await page.locator('.facts').innerText(), /shows a logo/);
  const told = await (await page.request.get(`${origin}api/v1/assets/${ball}`)).json();
  assert.deepEqual([told.review, told.reviewReason], ['rejected', 'shows a logo']);
});

await that('a seed of 64 bits keeps its digits', async () => {
  const seed = '9223372036854775807';
  await go('create');
  await page.getByRole('tab', { name: 'Text' }).click();
  await page.getByLabel('Prompt').fill(PROMPT);
  await page.getByLabel('Size').fill('96x96');
  await page.getByLabel('Seconds').fill('1');
  await page.getByLabel('Seed').fill('9223372036854775808');
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByText(`The seed 9223372036854775808 is not`).first().waitFor();
  await page.getByLabel('Seed').fill(seed);
  const id = await submitted();
  await reaches(id, 'completed');
  assert.match(await (await page.request.get(`${origin}api/v1/assets/${id}`)).text(), new RegExp(`"seed":\\s*${seed}\\b`));
  await go(`clip/${id}`);
  assert.match(await page.locator('.facts').innerText(), new RegExp(`Seed\\s+${seed}`));
  await page.getByRole('button', { name: 'Make it again with changes' }).click();
  await page.getByRole('heading', { name: 'Create' }).waitFor();
  assert.equal(await page.getByLabel('Seed').inputValue(), seed);
});

await that('a clip is extended from the gallery, cancelled and tried again', async () => {
  await go(`clip/${ball}`);
  await page.getByRole('button', { name: 'Extend' }).click();
  await page.getByRole('tab', { name: 'Extend', selected: true }).waitFor();
  assert.equal(await page.getByLabel('Prompt').inputValue(), PROMPT);
  await page.getByLabel('Seconds').fill('4');
  longer = await submitted();
  await job(longer).getByRole('button', { name: 'Cancel' }).click();
  await reaches(longer, 'cancelled');
  await job(longer).getByRole('button', { name: 'Try again' }).click();
  await reaches(longer, 'completed');
  await go(`clip/${longer}`);
  assert.match(await page.locator('.facts').innerText(), new RegExp(`Made of\\s+\\w{64} ${ball}`));
});

await that('a picture is uploaded and becomes the first frame', async () => {
  const poster = await page.request.get(`${origin}api/v1/assets/${ball}/files/poster.jpg`);
  const file = join(folder, 'first.jpg');
  await writeFile(file, await poster.body());
  await go('create');
  await page.getByRole('tab', { name: 'Image' }).click();
  await page.getByLabel('Prompt').fill(PROMPT);
  await page.getByLabel('Size').fill('96x96');
  await page.locator('input[type=file]').first().setInputFiles(file);
  await page.locator('.drop .name').waitFor();
  first = await submitted();
  await reaches(first, 'completed');
});

await that('two shots are put into another order by keyboard and become one clip', async () => {
  await go('create');
  await page.getByRole('tab', { name: 'Storyboard' }).click();
  const prompts = page.locator('.shot textarea');
  await prompts.nth(0).fill('a blue cube falls on snow');
  await prompts.nth(1).fill(PROMPT);
  await prompts.nth(1).focus();
  await page.keyboard.press('Alt+ArrowUp');
  assert.deepEqual(await prompts.evaluateAll((all) => all.map((each) => each.value)), [PROMPT, 'a blue cube falls on snow']);
  assert.equal(await page.evaluate(() => document.activeElement.value), PROMPT);
  assert.match(await page.locator('#announcements').innerText(), /shot 1 of 2/);
  await page.locator('.shot').nth(0).getByLabel('Then').selectOption('dissolve');
  await page.getByLabel('Size').fill('96x96');
  await picture('storyboard');
  const board = await submitted();
  await reaches(board, 'completed');
  await go(`clip/${board}`);
  assert.equal(await page.locator('.facts dt', { hasText: 'Shots' }).locator('+ dd li').count(), 2);
});

await that('shots are dragged', async () => {
  await go('create');
  await page.getByRole('tab', { name: 'Storyboard' }).click();
  await page.locator('.shot textarea').nth(0).fill('first');
  await page.locator('.shot textarea').nth(1).fill('second');
  await page.locator('.grip').nth(0).dragTo(page.locator('.shot').nth(1), { targetPosition: { x: 30, y: 200 } });
  assert.deepEqual(await page.locator('.shot textarea').evaluateAll((all) => all.map((each) => each.value)), ['second', 'first']);
});

await that('a stripped copy is recognised with its seconds and what it was made of', async () => {
  const bytes = await (await page.request.get(`${origin}api/v1/assets/${longer}/files/clip.mp4`)).body();
  bytes.write('free', bytes.subarray(0, 4096).indexOf('uuid'), 'latin1');
  const stripped = join(folder, 'stripped.mp4');
  await writeFile(stripped, bytes);
  await go('verify');
  await page.locator('input[type=file]').setInputFiles(stripped);
  await page.locator('.report').waitFor({ timeout: 120_000 });
  const report = page.locator('.report');
  assert.equal(await report.locator('.verdict').innerText(), 'recovered');
  assert.match(await report.innerText(), /made here/);
  assert.match(await report.locator('.sentence').innerText(), /both lead to a clip .* show asset /);
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await page.getByRole('heading', { name: 'Prüfen' }).waitFor();
  await page.locator('input[type=file]').setInputFiles(stripped);
  await report.locator('.sentence[lang=de]').waitFor({ timeout: 120_000 });
  assert.match(await report.locator('.sentence').innerText(), /führen beide zu einem Clip.* zeigen Asset /);
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
  await page.getByRole('heading', { name: 'Verify' }).waitFor();
  await page.locator('input[type=file]').setInputFiles(stripped);
  await report.locator('.sentence[lang=en]').waitFor({ timeout: 120_000 });
  assert.ok(await report.locator('.timeline span').count() > 0);
  await report.locator(`.tree a[href="#/clip/${ball}"]`).waitFor();
  await picture('verify');
});

await that('what the signer of another file says it was made of is a tree', async () => {
  await go('verify');
  await page.locator('input[type=file]').setInputFiles(join(folder, 'foreign.mp4'));
  const tree = page.locator('.report .tree.said');
  await tree.waitFor({ timeout: 120_000 });
  assert.equal(await tree.locator('> li > ul > li').count(), 1);
  assert.match(await tree.innerText(), /above\.mp4\s+given to the model · .+below\.mp4\s+given to the model/s);
});

await that('the detector answers on a page of its own in English and German', async () => {
  const stranger = await browser.newPage();
  try {
    await stranger.goto(`${origin}detector/`);
    await stranger.locator('input[type=file]').setInputFiles(join(folder, 'stripped.mp4'));
    await stranger.locator('.verdict.ours').waitFor({ timeout: 120_000 });
    assert.match(await stranger.locator('.sentence[lang=en]').innerText(), /^The file .* both lead to a clip .* show asset .*\.$/);
    await stranger.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await stranger.getByRole('heading', { name: 'Ist das von hier?' }).waitFor();
    await stranger.locator('input[type=file]').setInputFiles(join(folder, 'stripped.mp4'));
    const german = stranger.locator('.sentence[lang=de]');
    await german.waitFor({ timeout: 120_000 });
    assert.match(await german.innerText(), /^Die Datei .* führen beide zu einem Clip, .* bis \d+,\d zeigen Asset .*\.$/);
    assert.match(await stranger.locator('#announcements').innerText(), /^hier entstanden\. Die Datei /);
    assert.deepEqual(await serious(stranger), []);
    await stranger.evaluate(() => localStorage.removeItem('patchreel.language'));
  } finally {
    await stranger.close();
  }
});

await that('two clips are compared at the same time code', async () => {
  await go('gallery');
  await page.locator(`.asset:has(a[href="#/clip/${ball}"]) input`).check();
  await page.locator(`.asset:has(a[href="#/clip/${longer}"]) input`).check();
  await page.getByRole('link', { name: 'Compare two' }).click();
  await until(() => [...document.querySelectorAll('.pair video')].filter((video) => video.readyState >= 2).length === 2);
  await page.getByRole('button', { name: 'Play' }).click();
  await until(() => document.querySelector('.pair video').currentTime > 0.5);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await until(() => [...document.querySelectorAll('.pair video')].every((video) => !video.seeking));
  const [one, other] = await page.locator('.pair video').evaluateAll((all) => all.map((video) => video.currentTime));
  assert.ok(one > 0.5 && Math.abs(one - other) < 0.1, `${one} ${other}`);
  await picture('compare');
});

await that('the gallery is searched and plays what is looked at', async () => {
  await go('gallery');
  await page.locator(`.asset a[href="#/clip/${ball}"]`).focus();
  await until(() => document.querySelector('.poster video')?.currentTime > 0.2);
  await picture('gallery');
  await page.getByLabel('Words of the prompt').fill('giraffe');
  await page.getByText('There is nothing that fits.').waitFor();
  await page.getByLabel('Words of the prompt').fill('red ball');
  await page.locator('.asset').first().waitFor();
});

await that('what it will take is estimated, and words that the model does not know are named', async () => {
  await go('create');
  await page.getByRole('tab', { name: 'Text' }).click();
  await page.getByLabel('Prompt').fill('a red giraffe rolls');
  await page.getByText(/will make .* s\. It takes about/).waitFor();
  await page.getByText('The model does not know: giraffe.').waitFor();
});

await that('a clip is exported and deleted after a question', async () => {
  await go(`clip/${first}`);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  const zip = await readFile(await (await download).path());
  assert.equal(zip.toString('latin1', 0, 2), 'PK');
  assert.ok(zip.includes('timeline.otio'));
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Gallery' }).waitFor();
  assert.equal((await page.request.get(`${origin}api/v1/assets/${first}`)).status(), 404);
});

await that('an operator pauses the queue', async () => {
  await go('queue');
  await page.getByRole('button', { name: 'Pause the queue' }).click();
  await page.getByRole('button', { name: 'Resume the queue' }).click();
  await page.getByRole('button', { name: 'Pause the queue' }).waitFor();
});

await that('models, checks and usage are shown', async () => {
  await go('operation');
  await page.getByRole('row', { name: /starter/ }).waitFor();
  await page.getByRole('row', { name: /operator/ }).waitFor();
  await picture('operation');
});

await that('a clip is made again with other values', async () => {
  await go(`clip/${ball}`);
  await page.getByRole('button', { name: 'Make it again with changes' }).click();
  await page.getByRole('heading', { name: 'Create' }).waitFor();
  assert.equal(await page.getByLabel('Seed').inputValue(), '7');
  assert.equal(await page.getByLabel('Prompt').inputValue(), PROMPT);
});

for (const scheme of ['light', 'dark']) {
  await that(`nothing serious is wrong with the accessibility in ${scheme} colours`, async () => {
    await page.emulateMedia({ colorScheme: scheme });
    const found = [];
    for (const view of [...VIEWS, `clip/${ball}`, `compare/${ball}+${longer}`]) {
      await go(view);
      if (view === 'create') {
        for (const tab of await page.getByRole('tab').all()) {
          await tab.click();
          found.push(...(await serious()).map((each) => `${view} ${each}`));
        }
      }
      await page.waitForTimeout(300);
      found.push(...(await serious()).map((each) => `${view} ${each}`));
      if (scheme === 'dark' && (view === 'gallery' || view === 'queue')) await picture(`${view}-dark`);
    }
    assert.deepEqual(found, []);
  });
}

await that('each view fits into 360 pixels', async () => {
  await page.setViewportSize({ width: 360, height: 760 });
  await page.emulateMedia({ colorScheme: 'light' });
  const wide = [];
  for (const view of [...VIEWS, `clip/${ball}`, `compare/${ball}+${longer}`]) {
    await go(view);
    await page.waitForTimeout(200);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 360) wide.push(`${view}: ${width}`);
    const hidden = await page.evaluate(() => [...document.querySelectorAll('#nav a')].filter((link) => {
      const { left, right } = link.getBoundingClientRect();
      return left < 0 || right > 360;
    }).length);
    if (hidden) wide.push(`${view}: ${hidden} links of the navigation`);
    if (['create', 'gallery'].includes(view)) await picture(`${view}-360`);
  }
  assert.deepEqual(wide, []);
  await page.setViewportSize({ width: 1180, height: 860 });
});

await that('the page is read in German and what was typed stays', async () => {
  await go('create');
  await page.getByRole('tab', { name: 'Image' }).click();
  await page.getByLabel('Prompt').fill('a green cone');
  await page.locator('input[type=file]').first().setInputFiles(join(folder, 'first.jpg'));
  await page.locator('.drop .name', { hasText: 'first.jpg' }).waitFor();
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await page.getByRole('tab', { name: 'Bild', selected: true }).waitFor();
  assert.equal(await page.locator('textarea').inputValue(), 'a green cone');
  assert.match(await page.locator('.drop').first().innerText(), /first\.jpg/);
  await page.getByRole('link', { name: 'Warteschlange' }).click();
  await page.getByRole('heading', { name: 'Warteschlange' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'de');
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
});

await that('signing out ends the session and a token begins another', async () => {
  const before = (await browser.cookies()).find((each) => each.name === 'patchreel-session');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Token').fill('x'.repeat(40));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  const old = await page.request.get(`${origin}api/v1/caller`, { headers: { Cookie: `patchreel-session=${before.value}` } });
  assert.equal(old.status(), 401);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
});

await browser.close();
