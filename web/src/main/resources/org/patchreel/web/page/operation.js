// How the installation is: models, checks, usage.

import { get, health } from './api.js';
import { el, field, problem, select } from './dom.js';
import { duration, number, t } from './texts.js';

function table(caption, head, rows) {
  return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption }, el('table', {}, el('caption', { class: 'hidden' }, caption),
    el('thead', {}, el('tr', {}, head.map((text) => el('th', { scope: 'col' }, text)))),
    el('tbody', {}, rows.map(([first, ...others]) => el('tr', {}, el('th', { scope: 'row' }, first), others.map((each) => el('td', {}, each ?? '–')))))));
}

function checks(answer, isOperator) {
  const problems = answer.problems ?? [];
  return el('section', { class: 'panel' },
    el('h2', {}, t('operation.health'), ' ', el('span', { class: `state ${answer.status}` }, t(`health.${answer.status}`))),
    problems.length
      ? el('ul', { class: 'checks' }, problems.map((each) => el('li', {}, el('strong', {}, each.subject), ` ${each.description}`,
        el('p', { class: 'remedy' }, `${t('operation.remedy')} ${each.remedy}`))))
      : el('p', {}, answer.status === 'ok' ? t('operation.fine') : isOperator ? t('operation.noModel') : t('operation.askOperator')));
}

function modelTable(models) {
  return el('section', { class: 'panel' }, el('h2', {}, t('operation.models')),
    models.length ? table(t('operation.models'),
      ['name', 'status', 'workers', 'device', 'family', 'size', 'frames', 'licence'].map((each) => t(`operation.${each}`)),
      models.map((model) => [
        model.default ? `${model.name} (${t('operation.default')})` : model.name,
        el('span', { class: `state ${model.status}` }, t(`model.${model.status}`), model.lastError ? `: ${model.lastError}` : ''),
        model.workers === undefined ? t('operation.here') : number(model.workers, 0),
        `${model.device}, ${model.precision}`, model.family, model.defaultSize, model.maxFrames && number(model.maxFrames, 0), licence(model),
      ])) : el('p', {}, t('operation.noModel')));
}

function licence(model) {
  const excluded = model.licenseExcludes ? t('operation.excluded', { territories: model.licenseExcludes.join(', ') }) : null;
  return [model.license, excluded].filter(Boolean).join(', ');
}

function usageOf(caller) {
  const kinds = caller.role === 'operator' ? ['user', 'group', 'project', 'model'] : ['user'];
  const by = select(kinds.map((kind) => [kind, t(`operation.${kind}`)]), 'user', { onchange: read });
  const since = el('input', { type: 'date', onchange: read });
  since.value = new Date(Date.now() - 30 * 86400000).toISOString().slice(0, 10);
  const result = el('div', { 'aria-live': 'polite' });

  async function read() {
    try {
      const answer = await get(`usage?${new URLSearchParams({ by: by.value, since: since.value })}`);
      const busiest = Math.max(1e-9, ...answer.usage.map((each) => each.deviceSeconds));
      result.replaceChildren(answer.usage.length ? table(t('operation.usage'),
        [t(`operation.${by.value}`), t('operation.clips'), t('operation.deviceTime'), t('operation.today'), t('operation.cost')],
        answer.usage.map((each) => [each[by.value], number(each.clips, 0),
          el('span', { class: 'meter' }, el('meter', { value: each.deviceSeconds / busiest, 'aria-label': t('operation.deviceTime') }), duration(each.deviceSeconds)),
          duration(each.deviceSecondsToday) + (each.budgetToday === undefined ? '' : ` / ${duration(each.budgetToday)}`),
          each.cost === undefined ? '–' : `${number(each.cost, 4)} ${each.currency}`])) : el('p', {}, t('operation.noUsage')));
    } catch (error) {
      result.replaceChildren(problem(error));
    }
  }

  return { read, element: el('section', { class: 'panel' }, el('h2', {}, t('operation.usage')),
    el('div', { class: 'settings' }, field(t('operation.by'), by), field(t('gallery.since'), since)), result) };
}

export async function show(place, { caller }) {
  const [answer, { models }] = await Promise.all([health(), get('models')]);
  const usage = usageOf(caller);
  place.append(el('h1', {}, t('view.operation')), checks(answer, caller.role === 'operator'), modelTable(models), usage.element);
  await usage.read();
}
