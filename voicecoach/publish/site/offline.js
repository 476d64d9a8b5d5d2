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
  const quietly = () => {};

  workers.addEventListener('message', ({ data }) => {
    if (data && data.page === here) {
      document.documentElement.dataset.offline = data.state;
      markLinks().catch(quietly);
    }
  });

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
    await workers.register(new URL('sw.js', root).href, { updateViaCache: 'none' });
    const { active } = await workers.ready;
    const saving = navigator.connection && navigator.connection.saveData;
    if (!document.querySelector('[data-again]')) active.postMessage({ keep: here, sound: !saving });
    await markLinks();
  }

  const begin = () => keep().catch(quietly);
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin);
})();
