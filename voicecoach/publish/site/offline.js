// Have this page kept for offline use, where the browser can (https or localhost; see sw.js), and tell what became of it:
// <html data-offline="kept"> the page and its sound are here; "page": without the sound. Links to pages that are kept
// get data-kept. Without service workers, or where storage is shut, nothing happens.
(() => {
  'use strict';
  const root = new URL('..', document.currentScript.src);
  const workers = navigator.serviceWorker;
  for (const again of document.querySelectorAll('[data-again]')) {
    again.addEventListener('click', () => location.reload());
    addEventListener('online', () => location.reload());
  }
  if (!workers || !window.isSecureContext || !/^https?:$/.test(location.protocol)) return;

  const here = location.origin + location.pathname;
  const worker = new URL('sw.js', root).href;
  const quietly = () => {};

  function told(state) {
    document.documentElement.dataset.offline = state;
    markLinks().catch(quietly);
    if (state === 'kept' && (!audio || (audio.paused && !audio.currentTime))) takeWorker();
  }

  // A page that was opened without a worker has its sound from the network. Half from there and half from the worker it is
  // not played (sw.js): the worker comes before the sound is heard, or when the network fails it; then it is loaded anew,
  // as another address: players remember what they know of one.
  const audio = document.querySelector('audio');
  const PATIENCE_MS = 3000;

  function takeWorker() {
    if (workers.controller && workers.controller.scriptURL === worker) return; // else that of a site around this one
    workers.addEventListener('controllerchange', () => {
      if (!audio) return;
      const { currentTime, paused } = audio;
      audio.src = `${audio.src.split('#')[0]}#kept`;
      audio.currentTime = currentTime;
      if (!paused) audio.play().catch(quietly);
    }, { once: true });
    workers.ready.then(({ active }) => active.postMessage({ claim: true })).catch(quietly);
  }

  function stuck() {
    const lacks = audio.error || audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
    if (lacks && document.documentElement.dataset.offline === 'kept') takeWorker();
  }
  if (audio) {
    audio.addEventListener('error', stuck);
    audio.addEventListener('waiting', () => setTimeout(stuck, PATIENCE_MS));
  }

  async function markLinks() {
    const cache = await caches.open(`voicecoach ${root.href} 1`);
    const state = await cache.match(new URL('site/kept.json', root).href);
    const { pages } = state ? await state.json() : { pages: {} };
    for (const link of document.links) {
      const one = pages[link.origin + link.pathname];
      const all = one && (await Promise.all(one.sounds.map((url) => cache.match(url)))).every(Boolean);
      link.toggleAttribute('data-kept', Boolean(all));
    }
  }

  async function keep() {
    await workers.register(worker, { updateViaCache: 'none' });
    const { active } = await workers.ready;
    const saving = navigator.connection && navigator.connection.saveData;
    if (!document.querySelector('[data-again]')) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => told(data);
      active.postMessage({ keep: here, sound: !saving }, [port2]);
    }
    await markLinks();
  }

  const begin = () => keep().catch(quietly);
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin);
})();
