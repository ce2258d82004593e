// Several shots that become one clip: cards in their order.

import { announce, el, field, select } from './dom.js';
import { dropZone } from './media.js';
import { t } from './texts.js';

const MAX_SHOTS = 100;

/**
 * An editor.
 * @param {object[]} given the shots with which it begins, as values() of an earlier one; at least one
 * @param {function()} changed is called when a shot has changed
 * @returns its element, text(), all prompts, values(), what was typed, and shots(), which answers the shots of a request or null while
 *   a prompt is missing
 */
export function storyboard(given, changed) {
  const list = el('ol', { class: 'shots', 'aria-label': t('board.shots') });
  let cards = [];
  let dragged = null;

  function make(values) {
    const card = {
      prompt: el('textarea', { rows: 2, maxlength: 10000, oninput: changed }),
      seconds: el('input', { inputmode: 'decimal', oninput: changed, placeholder: t('create.modelDefault') }),
      camera: el('input', { oninput: changed, placeholder: t('board.cameraExample') }),
      transition: select(['cut', 'dissolve', 'continue'].map((each) => [each, t(`board.${each}`)]), 'cut', { onchange: changed }),
      image: dropZone(t('create.zone.image.first'), 'image', values.image, changed),
    };
    card.prompt.value = values.prompt ?? '';
    card.seconds.value = values.seconds ?? '';
    card.camera.value = values.camera ?? '';
    card.transition.value = values.transition ?? 'cut';
    const label = el('strong', {});
    const grip = el('span', { class: 'grip', 'aria-hidden': 'true', draggable: 'true', ondragstart: (event) => {
      dragged = card;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setDragImage(card.element, 10, 10);
    }, ondragend: () => { dragged = null; } }, '⠿');
    const button = (sign, key, act) => el('button', { type: 'button', onclick: () => act() }, sign, el('span', { class: 'hidden' }, t(key)));
    card.buttons = [button('↑', 'board.earlier', () => move(card, -1)), button('↓', 'board.later', () => move(card, 1)),
      button('×', 'board.remove', () => remove(card))];
    card.element = el('li', {
      class: 'shot',
      ondragover: (event) => {
        if (!dragged || dragged === card) return;
        event.preventDefault();
        const half = card.element.getBoundingClientRect();
        place(dragged, cards.indexOf(card) + (event.clientY > half.top + half.height / 2 ? 1 : 0));
      },
      onkeydown: (event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!event.altKey || !by) return;
        event.preventDefault();
        move(card, by);
      },
    },
    el('div', { class: 'shothead' }, grip, label, el('span', { class: 'actions' }, card.buttons)),
    field(t('create.prompt'), card.prompt),
    el('div', { class: 'settings' }, field(t('create.seconds'), card.seconds), field(t('board.camera'), card.camera),
      field(t('board.next'), card.transition)),
    el('details', {}, el('summary', {}, t('board.picture')), card.image.element));
    card.number = (n, of) => {
      label.textContent = t('board.shot', { n });
      card.element.setAttribute('aria-label', t('board.shotOf', { n, of }));
      card.buttons[0].disabled = n === 1;
      card.buttons[1].disabled = n === of;
      card.buttons[2].disabled = of === 1;
    };
    return card;
  }

  function arrange() {
    cards.forEach((card, i) => card.number(i + 1, cards.length));
    more.disabled = cards.length >= MAX_SHOTS;
    changed();
  }

  function place(card, at) {
    const from = cards.indexOf(card);
    const to = at > from ? at - 1 : at;
    if (to === from || to < 0 || to >= cards.length) return false;
    cards.splice(from, 1);
    cards.splice(to, 0, card);
    list.insertBefore(card.element, cards[to + 1]?.element ?? null);
    arrange();
    return true;
  }

  function move(card, by) {
    const focused = document.activeElement;
    const at = cards.indexOf(card);
    if (!place(card, by > 0 ? at + 2 : at - 1)) return;
    (focused.disabled ? card.prompt : focused).focus();
    announce(t('board.moved', { n: cards.indexOf(card) + 1, of: cards.length }));
  }

  function remove(card) {
    const at = cards.indexOf(card);
    cards = cards.filter((each) => each !== card);
    card.element.remove();
    arrange();
    cards[Math.min(at, cards.length - 1)].prompt.focus();
  }

  function add(values) {
    const card = make(values);
    cards.push(card);
    list.append(card.element);
    arrange();
    return card;
  }

  const more = el('button', { type: 'button', onclick: () => add({}).prompt.focus() }, t('board.add'));
  given.forEach(add);
  return {
    element: el('div', {}, el('p', { class: 'hint' }, t('board.hint')), list, more),
    text: () => cards.map((card) => card.prompt.value).join(' '),
    values: () => cards.map((card) => ({
      prompt: card.prompt.value, seconds: card.seconds.value, camera: card.camera.value, transition: card.transition.value,
      image: card.image.media && { media: card.image.media, name: card.image.name },
    })),
    shots() {
      if (cards.some((card) => !card.prompt.value.trim())) return null;
      return cards.map((card) => ({
        prompt: card.prompt.value.trim(),
        ...(card.seconds.value.trim() && { seconds: Number(card.seconds.value.replace(',', '.')) }),
        ...(card.camera.value.trim() && { camera: card.camera.value.trim() }),
        ...(card.image.media && { sources: [{ use: 'keyframe', media: card.image.media, at: 'first' }] }),
        transition: card.transition.value,
      }));
    },
  };
}
