/* The list of sessions: how far one is in each, as the players keep it; and the feed's address, to be copied. */
(() => {
  'use strict';
  const kept = (guid) => { try { return JSON.parse(localStorage.getItem(`voicecoach ${guid}`)) || {}; } catch { return {}; } };
  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`;

  function show() {
    let next = null;
    for (const card of document.querySelectorAll('.sessions li')) {
      const { dataset } = card, list = card.parentNode.dataset, state = card.querySelector('.state');
      const { at = 0, version, done } = kept(dataset.guid);
      const begun = at > 1 && version === dataset.version;
      const length = Number(dataset.length);
      state.hidden = !begun && !done;
      state.firstChild.hidden = !begun;
      if (begun) {
        state.querySelector('b').style.transform = `scaleX(${at / length})`;
        state.lastChild.textContent = list.toGo.replace('{time}', clock(length - at));
      } else if (done) state.lastChild.textContent = `✓ ${list.done}`;
      card.classList.toggle('done', Boolean(done) && !begun);
      if (!next && !done && list.next) {
        next = card;
        if (!begun) { state.hidden = false; state.lastChild.textContent = list.next; }
      }
    }
  }
  show();
  addEventListener('pageshow', show);

  const field = document.getElementById('feed'), copy = document.getElementById('copy');
  if (!field) return;
  // Not known when the pages were made: it lies beside the page that is shown now.
  if (!('known' in field.dataset)) field.value = new URL(field.dataset.file, location.href).href;
  field.addEventListener('focus', () => field.select());
  copy.hidden = false;
  const words = copy.textContent;
  copy.addEventListener('click', async () => {
    let told = copy.dataset.copied;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch { // not over plain http
      field.focus();
      field.select();
      if (!document.execCommand('copy')) told = copy.dataset.select;
      else copy.focus();
    }
    copy.textContent = told;
    document.getElementById('copied').textContent = told;
    setTimeout(() => { copy.textContent = words; }, 4000);
  });
  // AntennaPod takes what stands behind its own scheme for an http address; one of https it could not read.
  const open = document.getElementById('antennapod');
  if (/Android/.test(navigator.userAgent) && field.value.startsWith('http://')) {
    open.href = `antennapod-subscribe://${field.value.slice('http://'.length)}`;
    open.hidden = false;
  }
})();
